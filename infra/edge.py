"""The way in from outside, in one region."""

import pulumi
import pulumi_aws as aws

from pokayoke_eks import (
    Cluster,
    DemoBackend,
    Dns,
    ExternalDns,
    GatewayApi,
    IstioAmbient,
    LoadBalancerController,
    NodePools,
    PlatformConfig,
    PublicGateway,
)
from pokayoke_eks.config import Edge
from pokayoke_eks.rules.load_balancers import ISTIO


def gateway(
    name: str,
    platform: PlatformConfig,
    edge: Edge,
    *,
    cluster: Cluster,
    pools: NodePools,
    dns: Dns,
    provider: aws.Provider,
) -> PublicGateway:
    """The gateway of one region, with all that serves it, and a page to see behind it until workloads exist."""
    region = cluster.config.region
    here = pulumi.ResourceOptions(provider=provider)
    kinds = GatewayApi(name, platform.gateway_api(region), cluster=cluster, opts=here)
    controller = LoadBalancerController(
        name, platform.load_balancer_controller(region), cluster=cluster, gateway_api=kinds, opts=here
    )
    mesh = None
    if edge.gateway == ISTIO:
        mesh = IstioAmbient(name, platform.istio(region), cluster=cluster, gateway_api=kinds, opts=here)
    records = ExternalDns(
        name, platform.external_dns(region, edge), cluster=cluster, dns=dns, gateway_api=kinds, opts=here
    )
    made = PublicGateway(
        name,
        platform.gateway(region, edge),
        controller=controller,
        certificate=dns.certificate(name, edge.hosts, provider=provider),
        mesh=mesh,
        dns=records,
        pools=pools,
        opts=here,
    )
    DemoBackend(name, gateway=made, opts=here)
    return made
