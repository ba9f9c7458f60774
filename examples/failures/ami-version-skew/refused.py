"""A release of Bottlerocket from before the cluster's version of Kubernetes."""

from pokayoke_eks import NodePoolsConfig

ledger = {"name": "ledger", "instances": ["t4g.large", "m7g.large"], "limits": {"cpu": 32, "memory": "64Gi"}}
NodePoolsConfig.model_validate(
    {
        "name": "demo",
        "region": "ap-northeast-2",
        "kubernetes": "1.36",
        "bottlerocket": "1.56.0-36151b8b",
        "pools": [ledger],
    }
)
