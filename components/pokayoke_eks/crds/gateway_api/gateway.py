"""Gateway, gateway.networking.k8s.io/v1. Source: Gateway API v1.6.1, standard channel."""

from typing import Annotated, Any, Literal

from pydantic import Field

from ..constraints import AddressByType, MapOfItems, Pattern
from ..label_selector import LabelSelector
from ..part import Part
from ..resource import Resource
from .gateway_rules import GATEWAY_RULES
from .initial_status import waiting_for_controller
from .listener_tls import GatewayTLSConfig, ListenerTLSConfig
from .names import SUBDOMAIN, Group, Hostname, KindName, ObjectName, PortNumber, SectionName


class GatewaySpecAddress(Part):
    """An address that the Gateway asks for: `type` is `IPAddress`, `Hostname` or a name of the implementation's."""

    type: Annotated[
        str,
        Field(min_length=1, max_length=253),
        Pattern(rf"^Hostname|IPAddress|NamedAddress|{SUBDOMAIN}\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$"),
    ] = "IPAddress"
    value: Annotated[str, Field(max_length=253)] | None = None


GatewayAddress = Annotated[GatewaySpecAddress, AddressByType()]


class RouteGroupKind(Part):
    """A kind of routes."""

    group: Group = "gateway.networking.k8s.io"
    kind: KindName


class RouteNamespaces(Part):
    """The namespaces whose routes may attach."""

    from_: Annotated[Literal["All", "Selector", "Same"], Field(alias="from")] = "Same"
    selector: LabelSelector | None = None


class AllowedRoutes(Part):
    """Which routes may attach to a listener: by default those of the Gateway's own namespace."""

    namespaces: RouteNamespaces = RouteNamespaces(from_="Same")
    kinds: Annotated[tuple[RouteGroupKind, ...], Field(max_length=8)] | None = None


class Listener(Part):
    """One port to listen on. Behind a balancer that ends TLS the protocol is `HTTP`, on port 443 too."""

    name: SectionName
    hostname: Hostname | None = None
    port: PortNumber
    protocol: Annotated[
        str,
        Field(min_length=1, max_length=255),
        Pattern(rf"^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|{SUBDOMAIN}\/[A-Za-z0-9]+$"),
    ]
    tls: ListenerTLSConfig | None = None
    allowed_routes: AllowedRoutes = AllowedRoutes(namespaces=RouteNamespaces(from_="Same"))


class ListenerNamespaces(Part):
    """The namespaces whose ListenerSets may attach."""

    from_: Annotated[Literal["All", "Selector", "Same", "None"], Field(alias="from")] = "None"
    selector: LabelSelector | None = None


class AllowedListeners(Part):
    """Which ListenerSets may attach: none by default."""

    namespaces: ListenerNamespaces = ListenerNamespaces(from_="None")


class LocalParametersReference(Part):
    """An object in the Gateway's namespace that says more of it: a LoadBalancerConfiguration, or a ConfigMap."""

    group: Group
    kind: KindName
    name: ObjectName


AnnotationValue = Annotated[str, Field(min_length=0, max_length=4096)]
LabelValue = Annotated[
    str, Field(min_length=0, max_length=63), Pattern(r"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$")
]


class GatewayInfrastructure(Part):
    """What the controller puts on whatever it makes for the Gateway. Up to v1.5 eight annotations were the limit."""

    annotations: Annotated[dict[str, AnnotationValue], Field(max_length=16)] | None = None
    labels: Annotated[dict[str, LabelValue], Field(max_length=8)] | None = None
    parameters_ref: LocalParametersReference | None = None


class GatewaySpec(Part):
    """A way in, of a class, with its listeners."""

    gateway_class_name: ObjectName
    listeners: Annotated[tuple[Listener, ...], Field(min_length=1, max_length=64), MapOfItems("name")]
    addresses: Annotated[tuple[GatewayAddress, ...], Field(max_length=16)] | None = None
    infrastructure: GatewayInfrastructure | None = None
    allowed_listeners: AllowedListeners | None = None
    tls: GatewayTLSConfig | None = None


class Gateway(Resource):
    """A way into the cluster: listeners to which routes attach, served by the controller of its class."""

    plural = "gateways"
    namespaced = True
    rules = GATEWAY_RULES

    api_version: Literal["gateway.networking.k8s.io/v1"] = "gateway.networking.k8s.io/v1"
    kind: Literal["Gateway"] = "Gateway"
    spec: GatewaySpec
    status: dict[str, Any] | None = waiting_for_controller("Accepted", "Programmed")
