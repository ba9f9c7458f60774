"""A pool for the renderer, of machines that its families do not have."""

from pokayoke_eks import NodePoolsConfig

render = {"name": "render", "families": ["t4g"], "cpu": [16], "limits": {"cpu": 32, "memory": "64Gi"}}
NodePoolsConfig.model_validate(
    {
        "name": "demo",
        "region": "ap-northeast-2",
        "kubernetes": "1.36",
        "bottlerocket": "1.65.0-0be31b34",
        "pools": [render],
    }
)
