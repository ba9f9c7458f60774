"""An environment: per region a network, a cluster on it, nodes that come as pods need them, and a way in from outside;
and what all regions share. What each of these creates, its own docstring lists."""

from datetime import UTC, datetime

import pulumi
import pulumi_aws as aws

from edge import gateway
from pokayoke_eks import (
    Cluster,
    Dns,
    Guardrails,
    Karpenter,
    MultiRegionDsql,
    Network,
    NodePools,
    PlatformConfig,
    Registry,
)
from pokayoke_eks.config import load
from pokayoke_eks.config.registry import Images


def main() -> None:
    platform = _platform()
    providers = {region: _provider(platform, region) for region in platform.regions}
    shared = pulumi.ResourceOptions(provider=next(iter(providers.values())))
    dns = Dns(platform.name, platform.dns(platform.edge), opts=shared) if platform.edge else None
    # No region depends on another, so they are made, changed and removed side by side.
    networks = [_region(platform, region, provider, dns) for region, provider in providers.items()]
    if platform.dsql:
        databases = MultiRegionDsql(
            platform.name, platform.databases(platform.dsql), providers=providers, networks=networks
        )
        pulumi.export("dsql", databases.endpoints)
    if platform.registry:
        _images(platform, platform.registry, providers)


def _region(platform: PlatformConfig, region: str, provider: aws.Provider, dns: Dns | None) -> Network:
    name = f"{platform.name}-{region}"
    here = pulumi.ResourceOptions(provider=provider)
    network = Network(name, platform.network(region), here)
    cluster = Cluster(name, platform.cluster(region), network=network, opts=here)
    if platform.guardrails:
        Guardrails(name, platform.guarded(region, platform.guardrails), cluster=cluster, opts=here)
    told = {"cluster": cluster.name, "endpoint": cluster.endpoint, "vpc": network.vpc.id}
    if platform.pools:
        karpenter = Karpenter(name, platform.karpenter(region), cluster=cluster, opts=here)
        pools = NodePools(name, platform.node_pools(region), karpenter=karpenter, opts=here)
        if platform.edge and dns:
            edge = gateway(name, platform, platform.edge, cluster=cluster, pools=pools, dns=dns, provider=provider)
            told |= {"gateway": edge.address}
    pulumi.export(region, told)
    return network


def _images(platform: PlatformConfig, images: Images, providers: dict[str, aws.Provider]) -> None:
    made = [
        Registry(
            f"{platform.name}-{region}", platform.images(region, images), opts=pulumi.ResourceOptions(provider=provider)
        )
        for region, provider in providers.items()
    ]
    if images.replication:
        made[0].replicate(platform.name, to=made[1:])
    pulumi.export("registry", {one.config.region: one.urls for one in made})


def _provider(platform: PlatformConfig, region: str) -> aws.Provider:
    return aws.Provider(
        f"{platform.name}-{region}",
        region=region,
        # With another account's credentials the provider refuses to do anything.
        allowed_account_ids=[platform.account] if platform.account else None,
        opts=pulumi.ResourceOptions(protect=platform.protected),
    )


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
