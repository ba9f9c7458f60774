"""A pool whose nodes carry a label that some script was to fill in."""

from pokayoke_eks import NodePoolsConfig

NodePoolsConfig.model_validate(
    {
        "name": "demo",
        "region": "ap-northeast-2",
        "kubernetes": "1.36",
        "bottlerocket": "1.65.0-0be31b34",
        "pools": [
            {
                "name": "general",
                "instances": ["t4g.medium", "t4g.large"],
                "limits": {"cpu": 16, "memory": "64Gi"},
                "labels": {"example.com/cluster": "${cluster_name}"},
            }
        ],
    }
)
