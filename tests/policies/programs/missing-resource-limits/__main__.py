"""A container that does not say what it needs."""

import pulumi_kubernetes as kubernetes

LABELS = {"app": "shop"}
kubernetes.apps.v1.Deployment(
    "shop",
    metadata={"namespace": "default"},
    spec={
        "selector": {"matchLabels": LABELS},
        "template": {
            "metadata": {"labels": LABELS},
            "spec": {"containers": [{"name": "shop", "image": "public.ecr.aws/example/shop:1.0.0"}]},
        },
    },
)
