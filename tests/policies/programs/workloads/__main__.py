"""What goes wrong with applications, out of raw resources: one mistake a block."""

import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource

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
