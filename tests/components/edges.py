"""A platform with a gateway, as a user writes it: a cluster with pools, the edge, and something behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pulumi_aws as aws
from configs import CLUSTER, NAMED, NETWORK, here
from platforms import GENERAL
from registrations import Registered, record
from zones import COMPUTED, LOOKUPS

from pokayoke_eks import (
    Cluster,
    ClusterConfig,
    DemoBackend,
    Dns,
    DnsConfig,
    ExternalDns,
    ExternalDnsConfig,
    GatewayApi,
    GatewayApiConfig,
    GatewayConfig,
    IstioAmbient,
    IstioConfig,
    Karpenter,
    KarpenterConfig,
    LoadBalancerController,
    LoadBalancerControllerConfig,
    Network,
    NetworkConfig,
    NodePools,
    NodePoolsConfig,
    PublicGateway,
    RouteConfig,
)
from pokayoke_eks.rules.external_dns import SOURCES_OF_VARIANT

GATEWAY = "kubernetes:gateway.networking.k8s.io/v1:Gateway"
LIFECYCLES = ("disposable", "retained")
VARIANTS = ("istio-ambient", "nlb", "alb")
HOSTS = ["shop.dev.example.com", "*.dev.example.com"]
ROOMY = {"system_instance": "t4g.large"}
"""Two system nodes that hold the mesh, too."""

STATED = [
    RouteConfig.model_validate({"namespace": "shop", "service": "front", "port": 80, "health": "/healthz"}),
    RouteConfig.model_validate(
        {"namespace": "shop", "service": "orders", "port": 8080, "hosts": HOSTS[:1], "path": "/orders"}
    ),
]
Edges = dict[tuple[str, str], Registered]
"""By variant and lifecycle."""
More = Callable[[PublicGateway], object]


def edge(
    variant: str = "istio-ambient",
    lifecycle: str = "disposable",
    *,
    more: More | None = None,
    latency: bool = False,
    **said: Any,
) -> Registered:
    """What a platform with this gateway registers, with these fields in its config; `more` is done with the gateway."""
    return record(
        lambda: build(variant, lifecycle, more, latency, said),
        lookups=LOOKUPS,
        computed={**COMPUTED, GATEWAY: lambda _: {"status": {"addresses": [{"value": "edge.elb.amazonaws.com"}]}}},
    )


@dataclass
class Stated:
    """What comes of a gateway about which everything is said."""

    made: Registered
    addresses: list[str]


def stated(variant: str) -> Stated:
    """A gateway with another scheme and policy, shared hosts, and its own routes."""
    addresses: list[str] = []

    def more(gateway: PublicGateway) -> None:
        gateway.address.apply(addresses.append)
        gateway.routes("shop", STATED[:1] if variant == "nlb" else STATED)

    policy = "ELBSecurityPolicy-TLS13-1-3-2021-06"
    return Stated(edge(variant, more=more, latency=True, scheme="internal", tls_policy=policy), addresses)


def build(variant: str, lifecycle: str, more: More | None, latency: bool, said: dict[str, Any]) -> PublicGateway:
    shared: dict[str, Any] = {**NAMED, "lifecycle": lifecycle}
    versioned = {**shared, "kubernetes": "1.36"}
    region = here()
    network = Network("demo", NetworkConfig.model_validate({**shared, **NETWORK}), region)
    config = ClusterConfig.model_validate({**shared, **CLUSTER, **ROOMY})
    cluster = Cluster("demo", config, network=network, opts=region)
    karpenter = Karpenter("demo", KarpenterConfig.model_validate(versioned), cluster=cluster)
    pools = {**NAMED, "pools": [GENERAL], **{key: CLUSTER[key] for key in ("kubernetes", "bottlerocket")}}
    nodes = NodePools("demo", NodePoolsConfig.model_validate(pools), karpenter=karpenter)
    api = GatewayApi("demo", GatewayApiConfig.model_validate(versioned), cluster=cluster)
    controller = LoadBalancerController(
        "demo", LoadBalancerControllerConfig.model_validate(versioned), cluster=cluster, gateway_api=api
    )
    mesh = None
    if variant == "istio-ambient":
        mesh = IstioAmbient("demo", IstioConfig.model_validate(versioned), cluster=cluster, gateway_api=api)
    zone = {"name": "demo", "lifecycle": lifecycle, "domain": "dev.example.com", "parent_zone": "example.com"}
    dns = Dns("demo", DnsConfig.model_validate(zone), opts=region)
    followed = {**shared, "sources": SOURCES_OF_VARIANT[variant], "latency_routing": latency}
    records = ExternalDns("demo", ExternalDnsConfig.model_validate(followed), cluster=cluster, dns=dns, gateway_api=api)
    certificate = dns.certificate("demo", HOSTS, provider=aws.Provider("certificates", region=NAMED["region"]))
    gateway = PublicGateway(
        "demo",
        GatewayConfig.model_validate({**shared, "variant": variant, "hosts": HOSTS, **said}),
        controller=controller,
        certificate=certificate,
        mesh=mesh,
        dns=records,
        pools=nodes,
    )
    if more is None:
        DemoBackend("demo", gateway=gateway)
    else:
        more(gateway)
    return gateway
