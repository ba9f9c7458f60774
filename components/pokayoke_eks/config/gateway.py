"""What a user decides of gateways: their kinds, who serves them, and the gateways and routes themselves."""

from pydantic import Field

from ..rules import combinations, tls_policies
from .checks import cluster, gateway, platform
from .examined import Config
from .fields import KubernetesVersion, Port, RegionName, Switch, Version
from .gateway_fields import Host, Manifest, ObjectName, Path, Scheme, TlsPolicy, Variant
from .shared import KUBERNETES, REGION, Living, Protected

_TESTED = combinations.COMBINATIONS[0]
_NAMED = (platform.names_fit, platform.tags_are_legal)


class GatewayApiConfig(Living):
    """The kinds of gateways and routes in one cluster: the release of Gateway API, and how it gets there."""

    checks = (
        *_NAMED,
        gateway.known_to_work(gateway_api="version", load_balancer_controller="controller_version"),
        gateway.kinds_have_one_source,
    )

    region: RegionName = REGION
    kubernetes: KubernetesVersion = KUBERNETES
    version: Version = Field(
        default=_TESTED.gateway_api, description="The release of Gateway API.", examples=["v1.6.1"]
    )
    controller_version: Version = Field(
        default=_TESTED.load_balancer_controller,
        description="The version of the AWS Load Balancer Controller whose own gateway kinds these are.",
        examples=["3.5.0"],
    )
    manifest: Manifest | None = Field(
        default=None,
        description="A file with Gateway API's release in place of upstream's address, for networks without a way out.",
        examples=["manifests/standard-install.yaml"],
    )
    controller_manifest: Manifest | None = Field(
        default=None,
        description="A file with the controller's gateway kinds in place of upstream's address.",
        examples=["manifests/gateway-crds.yaml"],
    )
    installed: Switch = Field(
        default=False,
        description="The cluster has all these kinds already: they are looked at, and left alone.",
        examples=[True],
    )


class LoadBalancerControllerConfig(Living):
    """The AWS Load Balancer Controller in one cluster."""

    checks = (
        *_NAMED,
        gateway.known_to_work(load_balancer_controller="version"),
        gateway.tags_fit_on_a_command_line,
    )

    region: RegionName = REGION
    kubernetes: KubernetesVersion = KUBERNETES
    version: Version = Field(
        default=_TESTED.load_balancer_controller,
        description="The version of the controller's chart.",
        examples=["3.5.0"],
    )
    manifest: Manifest | None = Field(
        default=None,
        description="A file with the chart's own kinds in place of upstream's address, for networks without a way out.",
        examples=["manifests/crds.yaml"],
    )


class IstioConfig(Living):
    """Istio's ambient mesh in one cluster."""

    checks = (*_NAMED, gateway.known_to_work(istio="version"))

    region: RegionName = REGION
    kubernetes: KubernetesVersion = KUBERNETES
    version: Version = Field(
        default=_TESTED.istio, description="The version of Istio's four charts.", examples=["1.31.1"]
    )


class GatewayConfig(Protected):
    """One way into a cluster from outside."""

    checks = (
        *_NAMED,
        cluster.protection_means_something,
        gateway.hosts_fit_a_gateway,
    )

    region: RegionName = REGION
    gateway: ObjectName = Field(
        default="edge", description="The gateway's name, and its namespace's.", examples=["edge", "internal"]
    )
    variant: Variant = Field(
        default="istio-ambient",
        description="istio-ambient: Istio behind an NLB. nlb: one Service behind an NLB. alb: an ALB.",
        examples=["istio-ambient", "nlb", "alb"],
    )
    hosts: tuple[Host, ...] = Field(
        description="The hosts that it answers to; a leading `*.` stands for any one label.",
        examples=[["shop.dev.example.com"], ["*.dev.example.com"]],
        json_schema_extra={"minItems": 1},
    )
    scheme: Scheme = Field(
        default="internet-facing",
        description="internet-facing, or internal: reached from the VPC alone.",
        examples=["internet-facing", "internal"],
    )
    tls_policy: TlsPolicy = Field(
        default=tls_policies.DEFAULT,
        description="The security policy of Elastic Load Balancing for TLS.",
        examples=[tls_policies.DEFAULT],
    )


class RouteConfig(Config):
    """What of a gateway's traffic goes to which Service."""

    namespace: ObjectName = Field(description="The Service's namespace, and the route's.", examples=["shop"])
    service: ObjectName = Field(description="The Service.", examples=["orders"])
    port: Port = Field(description="The Service's port; plain HTTP is spoken there.", examples=[80])
    hosts: tuple[Host, ...] = Field(
        default=(), description="For which of the gateway's hosts; all unless stated.", examples=[["shop.example.com"]]
    )
    path: Path = Field(
        default="/", description="The path that requests begin with. Not with nlb.", examples=["/", "/orders"]
    )
    health: Path = Field(
        default="/",
        description="The path by which nlb and alb check the pods; istio-ambient goes by the pods' readiness.",
        examples=["/healthz"],
    )
