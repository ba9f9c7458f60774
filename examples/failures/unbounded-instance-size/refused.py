"""A pool of a family, whose sizes it leaves open."""

from pokayoke_eks import NodePoolsConfig

NodePoolsConfig.model_validate(
    {
        "name": "demo",
        "region": "ap-northeast-2",
        "kubernetes": "1.36",
        "bottlerocket": "1.65.0-0be31b34",
        "pools": [{"name": "general", "families": ["t4g"], "limits": {"cpu": 32, "memory": "64Gi"}}],
    }
)
