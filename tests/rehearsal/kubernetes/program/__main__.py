"""A program with every way to an object: typed, custom, grouped, patched and released."""

import pulumi
import pulumi_kubernetes as k8s

config = pulumi.Config()
provider = k8s.Provider("cluster", kubeconfig=config.require("kubeconfig"), cluster_identifier="demo")
mine = pulumi.ResourceOptions(provider=provider)

team = k8s.core.v1.Namespace("team", metadata={"name": "team"}, opts=mine)
in_team = pulumi.ResourceOptions(provider=provider, depends_on=[team])

settings = k8s.core.v1.ConfigMap("settings", metadata={"namespace": "team"}, data={"step": "1"}, opts=in_team)
secret = k8s.core.v1.Secret("key", metadata={"namespace": "team"}, string_data={"key": "s3cret"}, opts=in_team)

labels = {"app": "web"}
web = k8s.apps.v1.Deployment(
    "web",
    metadata={"namespace": "team"},
    spec={
        "replicas": config.require_int("step"),
        "selector": {"match_labels": labels},
        "template": {
            "metadata": {"labels": labels},
            "spec": {
                "containers": [
                    {
                        "name": "web",
                        "image": "registry.example.com/web:1.0.0",
                        "env_from": [{"config_map_ref": {"name": settings.metadata["name"]}}],
                    }
                ]
            },
        },
    },
    opts=in_team,
)

widgets = k8s.yaml.v2.ConfigGroup(
    "widgets",
    yaml="""
apiVersion: example.com/v1
kind: Widget
metadata: {name: first}
spec: {size: 3}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Cluster
  names: {kind: Widget, plural: widgets}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, properties: {size: {type: integer}}}
""",
    opts=mine,
)

known = k8s.yaml.v2.ConfigFile("known", file="https://example.com/known.yaml", opts=mine)

second = k8s.apiextensions.CustomResource(
    "second",
    api_version="example.com/v1",
    kind="Widget",
    metadata={"name": "second"},
    spec={"size": 4},
    opts=pulumi.ResourceOptions(provider=provider, depends_on=[widgets]),
)

released = k8s.helm.v3.Release(
    "released",
    chart="raw",
    version="2.0.0",
    repository_opts={"repo": "https://bedag.github.io/helm-charts"},
    namespace=team.metadata["name"],
    values={
        "resources": [
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "released"},
                "data": {"web": web.metadata["name"]},
            }
        ]
    },
    opts=mine,
)

pulumi.export("settings", settings.metadata["name"])
pulumi.export("status", released.status["status"])
pulumi.export("ready", web.status["ready_replicas"])
