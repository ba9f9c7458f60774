"""TargetGroupConfiguration, gateway.k8s.aws/v1. Source: AWS Load Balancer Controller v3.5.0, `config/crd/gateway`."""

from typing import Literal

from ..constraints import Bool, Int32
from ..label_selector import LabelSelector
from ..part import Part
from ..resource import Resource
from .shared import Attribute, TargetType


class HealthCheckMatcher(Part):
    """Which answers are healthy: `200-299`, ..."""

    grpc_code: str | None = None
    http_code: str | None = None


class HealthCheckConfig(Part):
    """How targets are checked. Interval and timeout in seconds."""

    health_check_protocol: Literal["HTTP", "HTTPS", "TCP"] | None = None
    health_check_port: str | None = None
    health_check_path: str | None = None
    health_check_interval: Int32 | None = None
    health_check_timeout: Int32 | None = None
    healthy_threshold_count: Int32 | None = None
    unhealthy_threshold_count: Int32 | None = None
    matcher: HealthCheckMatcher | None = None


class TargetGroupProps(Part):
    """A target group. Targets are instances unless `target_type` says `ip`."""

    target_group_name: str | None = None
    target_type: TargetType | None = None
    protocol: Literal["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"] | None = None
    protocol_version: Literal["HTTP1", "HTTP2", "GRPC"] | None = None
    ip_address_type: Literal["ipv4", "ipv6"] | None = None
    health_check_config: HealthCheckConfig | None = None
    node_selector: LabelSelector | None = None
    target_group_attributes: tuple[Attribute, ...] | None = None
    enable_multi_cluster: Bool | None = None
    target_control_port: Int32 | None = None
    tags: dict[str, str] | None = None


class RouteIdentifier(Part):
    """Which routes are meant: all of a kind, or one."""

    kind: str | None = None
    namespace: str | None = None
    name: str | None = None


class RouteConfiguration(Part):
    """What differs for the target groups of some routes."""

    route_identifier: RouteIdentifier
    target_group_props: TargetGroupProps


class TargetReference(Part):
    """The Service whose target groups are meant, in the same namespace."""

    group: str = ""
    kind: str = "Service"
    name: str


class TargetGroupConfigurationSpec(Part):
    """How the target groups of a Service are made."""

    target_reference: TargetReference | None = None
    default_configuration: TargetGroupProps | None = None
    route_configurations: tuple[RouteConfiguration, ...] | None = None


class TargetGroupConfiguration(Resource):
    """What Gateway API cannot say of a target group: target type, protocol, health checks, attributes."""

    plural = "targetgroupconfigurations"
    namespaced = True

    api_version: Literal["gateway.k8s.aws/v1"] = "gateway.k8s.aws/v1"
    kind: Literal["TargetGroupConfiguration"] = "TargetGroupConfiguration"
    spec: TargetGroupConfigurationSpec | None = None
