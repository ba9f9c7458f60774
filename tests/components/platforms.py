"""A whole platform as a user writes it: network, cluster, Karpenter, pools."""

from typing import Any

from configs import CLUSTER, NAMED, NETWORK, here
from registrations import Registered, record

from pokayoke_eks import (
    Cluster,
    ClusterConfig,
    Karpenter,
    KarpenterConfig,
    Network,
    NetworkConfig,
    NodePools,
    NodePoolsConfig,
)

GENERAL: dict[str, Any] = {
    "name": "general",
    "instances": ["t4g.large", "m7g.large", "m7g.xlarge"],
    "capacity": ["spot", "on-demand"],
    "limits": {"cpu": 32, "memory": "64Gi"},
}


def platform(
    lifecycle: str = "disposable", *, pools: tuple[dict[str, Any], ...] = (GENERAL,), **said: Any
) -> Registered:
    """What it registers, with these fields in the configs of cluster, Karpenter and pools alike."""
    shared: dict[str, Any] = {**NAMED, "lifecycle": lifecycle, **said}
    versions = {key: CLUSTER[key] for key in ("kubernetes", "bottlerocket")}

    def program() -> None:
        network = Network("demo", NetworkConfig.model_validate({**shared, **NETWORK}), here())
        config = ClusterConfig.model_validate({**shared, **CLUSTER})
        cluster = Cluster("demo", config, network=network, opts=here())
        controller = {**shared, "kubernetes": versions["kubernetes"], "version": "1.14.1"}
        karpenter = Karpenter("demo", KarpenterConfig.model_validate(controller), cluster=cluster, opts=here())
        config_of_pools = {key: value for key, value in shared.items() if key != "lifecycle"}
        NodePools(
            "demo",
            NodePoolsConfig.model_validate({**config_of_pools, **versions, "pools": list(pools)}),
            karpenter=karpenter,
            opts=here(),
        )

    return record(program)
