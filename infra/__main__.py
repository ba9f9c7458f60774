"""An environment: per region a network, a cluster on it, and nodes that come as pods need them. What each of these
creates, its own docstring lists."""

from datetime import UTC, datetime

import pulumi
import pulumi_aws as aws

from pokayoke_eks import Cluster, Karpenter, Network, NodePools, PlatformConfig
from pokayoke_eks.config import load


def main() -> None:
    platform = _platform()
    # No region depends on another, so they are made, changed and removed side by side.
    for region in platform.regions:
        _region(platform, region)


def _region(platform: PlatformConfig, region: str) -> None:
    name = f"{platform.name}-{region}"
    config = platform.cluster(region)
    account = aws.Provider(name, region=region, opts=pulumi.ResourceOptions(protect=config.protected))
    here = pulumi.ResourceOptions(provider=account, protect=config.protected)

    network = Network(name, platform.network(region), here)
    cluster = Cluster(name, config, network=network, opts=here)
    controller = platform.karpenter(region)
    if controller is not None:
        karpenter = Karpenter(name, controller, cluster=cluster, opts=here)
        NodePools(name, platform.node_pools(region), karpenter=karpenter, opts=here)

    pulumi.export(region, {"cluster": cluster.name, "endpoint": cluster.endpoint, "vpc": network.vpc.id})


def _platform() -> PlatformConfig:
    loaded = load(_written(), today=datetime.now(UTC).date())
    for warning in loaded.warnings:
        pulumi.log.warn(warning)
    if loaded.config is None:
        raise pulumi.RunError("\n".join(str(error) for error in loaded.errors))
    return loaded.config


def _written() -> object:
    config = pulumi.Config("pokayoke-eks")
    try:
        return config.get_object("platform")
    except pulumi.ConfigTypeError:
        return config.get("platform")


main()
