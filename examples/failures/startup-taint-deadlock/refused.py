"""A pool whose nodes start with a taint, without a word on who takes it off."""

from pokayoke_eks import NodePoolsConfig

secured = {
    "name": "secured",
    "instances": ["t4g.large", "m7g.large"],
    "limits": {"cpu": 32, "memory": "64Gi"},
    "startup_taints": [{"key": "node.cilium.io/agent-not-ready", "value": "true", "effect": "NoExecute"}],
}
NodePoolsConfig.model_validate(
    {
        "name": "demo",
        "region": "ap-northeast-2",
        "kubernetes": "1.36",
        "bottlerocket": "1.65.0-0be31b34",
        "pools": [secured],
    }
)
