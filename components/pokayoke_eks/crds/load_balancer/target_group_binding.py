"""TargetGroupBinding, elbv2.k8s.aws/v1beta1. Source: AWS Load Balancer Controller v3.5.0, `config/crd/bases`."""

from typing import Annotated, Literal

from pydantic import Field

from ..constraints import Bool, Int
from ..label_selector import LabelSelector
from ..part import Part
from ..resource import Resource
from .shared import TargetType


class ServiceReference(Part):
    """The Service whose pods or nodes are the targets, with its port."""

    name: str
    port: Int | str


class IpBlock(Part):
    """Addresses."""

    cidr: str


class SecurityGroupReference(Part):
    """A security group."""

    group_id: str


class NetworkingPeer(Part):
    """Who may reach the targets: addresses or a security group."""

    ip_block: IpBlock | None = None
    security_group: SecurityGroupReference | None = None


class NetworkingPort(Part):
    """A port of the targets; without one, all of the protocol's."""

    protocol: Literal["TCP", "UDP"] | None = None
    port: Int | str | None = None


class NetworkingIngressRule(Part):
    """Who may reach which ports."""

    from_: Annotated[tuple[NetworkingPeer, ...], Field(alias="from")]
    ports: tuple[NetworkingPort, ...]


class TargetGroupBindingNetworking(Part):
    """The rules that the controller keeps on the targets' security groups."""

    ingress: tuple[NetworkingIngressRule, ...] | None = None


class TargetGroupBindingSpec(Part):
    """A target group, by ARN or name, and the Service that fills it."""

    target_group_arn: Annotated[str | None, Field(alias="targetGroupARN")] = None
    target_group_name: str | None = None
    target_type: TargetType | None = None
    target_group_protocol: Literal["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"] | None = None
    service_ref: ServiceReference
    networking: TargetGroupBindingNetworking | None = None
    node_selector: LabelSelector | None = None
    ip_address_type: Literal["ipv4", "ipv6"] | None = None
    vpc_id: str | None = None
    multi_cluster_target_group: Bool | None = None
    iam_role_arn_to_assume: str | None = None
    assume_role_external_id: Annotated[str | None, Field(alias="assumeRoleExternalId")] = None


class TargetGroupBinding(Resource):
    """Keeps the targets of a target group that somebody else made the same as a Service's endpoints."""

    plural = "targetgroupbindings"
    namespaced = True

    api_version: Literal["elbv2.k8s.aws/v1beta1"] = "elbv2.k8s.aws/v1beta1"
    kind: Literal["TargetGroupBinding"] = "TargetGroupBinding"
    spec: TargetGroupBindingSpec | None = None
