"""IngressClassParams, elbv2.k8s.aws/v1beta1. Source: AWS Load Balancer Controller v3.5.0, `config/crd/bases`."""

from typing import Annotated, Literal

from pydantic import Field

from ..cel import Rule, has
from ..constraints import Int32, Pattern
from ..label_selector import LabelSelector
from ..part import Part
from ..resource import Resource
from .shared import Attribute, IpAddressType, MinimumLoadBalancerCapacity, Scheme, TargetType


class IngressGroup(Part):
    """The group that every Ingress of the class belongs to: one balancer for all."""

    name: str


class SubnetSelector(Part):
    """The subnets: by id, or by tags of which each value counts."""

    ids: Annotated[tuple[Annotated[str, Pattern("subnet-[0-9a-f]+")], ...], Field(min_length=1)] | None = None
    tags: dict[str, tuple[str, ...]] | None = None


class Tag(Part):
    """A tag of whatever the controller makes."""

    key: str
    value: str


class IpamConfiguration(Part):
    """The pool that public addresses come from."""

    ipv4_ipam_pool_id: Annotated[str | None, Field(alias="ipv4IPAMPoolId")] = None


class IngressListener(Part):
    """Attributes of one listener."""

    protocol: str | None = None
    port: Int32 | None = None
    listener_attributes: tuple[Attribute, ...] | None = None


class IngressClassParamsSpec(Part):
    """What holds for all Ingresses of the class, over their annotations."""

    namespace_selector: LabelSelector | None = None
    group: IngressGroup | None = None
    scheme: Scheme | None = None
    ip_address_type: IpAddressType | None = None
    target_type: TargetType | None = None
    load_balancer_name: str | None = None
    subnets: SubnetSelector | None = None
    inbound_cidrs: Annotated[tuple[str, ...] | None, Field(alias="inboundCIDRs")] = None
    certificate_arn: tuple[str, ...] | None = None
    ssl_policy: str | None = None
    ssl_redirect_port: str | None = None
    load_balancer_attributes: tuple[Attribute, ...] | None = None
    listeners: tuple[IngressListener, ...] | None = None
    minimum_load_balancer_capacity: MinimumLoadBalancerCapacity | None = None
    ipam_configuration: IpamConfiguration | None = None
    prefix_lists_ids: Annotated[tuple[str, ...] | None, Field(alias="prefixListsIDs")] = None
    old_prefix_lists_ids: Annotated[tuple[str, ...] | None, Field(alias="PrefixListsIDs")] = None
    wafv2_acl_arn: str | None = None
    wafv2_acl_name: str | None = None
    tags: tuple[Tag, ...] | None = None


class IngressClassParams(Resource):
    """What an IngressClass of the controller says beyond Ingress. Cluster-scoped."""

    plural = "ingressclassparams"
    rules = (
        Rule(
            "spec",
            "cannot specify both 'prefixListsIDs' and 'PrefixListsIDs' fields",
            lambda spec: not (has(spec, "prefixListsIDs") and has(spec, "PrefixListsIDs")),
        ),
    )

    api_version: Literal["elbv2.k8s.aws/v1beta1"] = "elbv2.k8s.aws/v1beta1"
    kind: Literal["IngressClassParams"] = "IngressClassParams"
    spec: IngressClassParamsSpec | None = None
