"""What goes wrong with applications, out of raw resources: one mistake a block."""

import json

import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.helm.v3 import Release, RepositoryOptsArgs

AMOUNTS = {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}}


def pod(name, image, **said):
    container = {"name": name, "image": image, "resources": AMOUNTS, **said}
    return kubernetes.core.v1.Pod(name, metadata={"namespace": "default"}, spec={"containers": [container]})


# applicationset-kustomize-images: an object where a text belongs.
source = {
    "repoURL": "https://git.example.com/shop.git",
    "path": "shop",
    "targetRevision": "main",
    "kustomize": {"images": [{"name": "shop", "newTag": "1.0.0"}]},
}
CustomResource(
    "shops",
    api_version="argoproj.io/v1alpha1",
    kind="ApplicationSet",
    metadata={"name": "shops", "namespace": "argocd"},
    spec={
        "generators": [{"list": {"elements": [{"name": "shop"}]}}],
        "template": {
            "metadata": {"name": "shop"},
            "spec": {"project": "default", "source": source, "destination": {"name": "in-cluster"}},
        },
    },
)

# mutable-image-tag: whatever is pushed last. discontinued-image: what is no longer there.
pod("latest", "registry.example.com/shop:latest")
pod("broker", "docker.io/bitnami/rabbitmq:4.1.3-debian-12-r1")

# kafka-advertised-address: clients are sent to the name of the pod.
pod("kafka", "apache/kafka:4.1.0", env=[{"name": "KAFKA_NODE_ID", "value": "0"}])

# empty-secret: a key that nobody filled in, in a ConfigMap.
kubernetes.core.v1.ConfigMap("settings", data={"application.yaml": 'auth:\n  jwt_secret: ""\n'})

# gitops-two-owners: the program installs what Argo CD installs too.
DNS = "https://kubernetes-sigs.github.io/external-dns/"
Release(
    "external-dns",
    chart="external-dns",
    version="1.22.0",
    namespace="dns",
    repository_opts=RepositoryOptsArgs(repo=DNS),
    values={"resources": AMOUNTS},
)
CustomResource(
    "dns",
    api_version="argoproj.io/v1alpha1",
    kind="Application",
    metadata={"name": "dns", "namespace": "argocd"},
    spec={
        "project": "default",
        "source": {"repoURL": DNS, "chart": "external-dns", "targetRevision": "1.22.0"},
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "dns"},
        "syncPolicy": {"automated": {"selfHeal": True}},
    },
)

# registry-pull-secret-missing: the secret is in one namespace, the pod in another.
LOGIN = json.dumps({"auths": {"ghcr.io": {"auth": "ZXhhbXBsZTpleGFtcGxl"}}})
kubernetes.core.v1.Secret(
    "pull",
    metadata={"name": "pull", "namespace": "shop"},
    type="kubernetes.io/dockerconfigjson",
    string_data={".dockerconfigjson": LOGIN},
)
pod("private", "ghcr.io/example/orders:1.0.0")

# config-change-without-restart: a name that stays, read when the container starts.
kubernetes.core.v1.ConfigMap("reader", metadata={"name": "reader", "namespace": "default"}, data={"LOG_LEVEL": "info"})
kubernetes.apps.v1.Deployment(
    "reader",
    metadata={"namespace": "default"},
    spec={
        "selector": {"matchLabels": {"app": "reader"}},
        "template": {
            "metadata": {"labels": {"app": "reader"}},
            "spec": {
                "containers": [
                    {
                        "name": "reader",
                        "image": "registry.example.com/reader:1.0.0",
                        "resources": AMOUNTS,
                        "envFrom": [{"configMapRef": {"name": "reader"}}],
                    }
                ]
            },
        },
    },
)

# gitops-project-whitelist: the platform has routes, and the project lets none in.
CustomResource(
    "route",
    api_version="gateway.networking.k8s.io/v1",
    kind="HTTPRoute",
    metadata={"name": "web"},
    spec={"parentRefs": [{"name": "web"}]},
)
CustomResource(
    "shop",
    api_version="argoproj.io/v1alpha1",
    kind="AppProject",
    metadata={"name": "shop", "namespace": "argocd"},
    spec={"sourceRepos": ["*"], "namespaceResourceWhitelist": [{"group": "apps", "kind": "Deployment"}]},
)
