"""LoadBalancerConfiguration, gateway.k8s.aws/v1. Source: AWS Load Balancer Controller v3.5.0, `config/crd/gateway`."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from ..cel import Rule, has
from ..constraints import Bool, Pattern
from ..part import Part
from ..resource import Resource
from .shared import Attribute, IpAddressType, MinimumLoadBalancerCapacity, Scheme


class MutualAuthentication(Part):
    """What an HTTPS listener asks of clients' certificates; all but `mode` go with `verify` only."""

    mode: Literal["off", "passthrough", "verify"]
    trust_store: str | None = None
    ignore_client_certificate_expiry: Bool | None = None
    advertise_trust_store_ca_names: Literal["on", "off"] | None = None


class ListenerConfiguration(Part):
    """One listener of the balancer, found by `protocol_port`: `HTTPS:443`, `TLS:443`, `TCP:80`."""

    protocol_port: Annotated[
        str,
        Pattern(
            r"^(HTTP|HTTPS|TLS|TCP|UDP|TCP_UDP)?"
            r":(6553[0-5]|655[0-2]\d|65[0-4]\d{2}|6[0-4]\d{3}|[1-5]\d{4}|[1-9]\d{0,3})?$"
        ),
    ]
    default_certificate: str | None = None
    """ARN."""
    certificates: tuple[str, ...] | None = None
    """ARNs."""
    ssl_policy: str | None = None
    alpn_policy: Literal["HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"] = "None"
    mutual_authentication: MutualAuthentication | None = None
    listener_attributes: tuple[Attribute, ...] | None = None
    quic_enabled: Bool | None = None
    target_group_stickiness: Bool | None = None


class SubnetConfiguration(Part):
    """One subnet of the balancer (id or name), and its addresses there."""

    identifier: str | None = None
    eip_allocation: str | None = None
    private_ipv4_allocation: str | None = None
    ipv6_allocation: str | None = None
    source_nat_ipv6_prefix: str | None = None


class ShieldConfiguration(Part):
    """Shield Advanced."""

    enabled: Bool | None = None


class WAFv2Configuration(Part):
    """The web ACL (ARN) in front of an ALB."""

    web_acl: Annotated[str, Field(alias="webACL")]


class TargetGroupConfigurationReference(Part):
    """The TargetGroupConfiguration that applies where a Service has none of its own."""

    name: str


class LoadBalancerConfigurationSpec(Part):
    """What a Gateway, or a GatewayClass, says of its balancer beyond Gateway API. Internal unless `scheme` says so."""

    merging_mode: Literal["prefer-gateway", "prefer-gateway-class"] | None = None
    load_balancer_name: Annotated[str, Field(min_length=1, max_length=32)] | None = None
    scheme: Scheme | None = None
    ip_address_type: IpAddressType | None = None
    enforce_security_group_inbound_rules_on_private_link_traffic: str | None = None
    customer_owned_ipv4_pool: Annotated[str | None, Field(alias="customerOwnedIpv4Pool")] = None
    ipv4_ipam_pool_id: Annotated[str | None, Field(alias="ipv4IPAMPoolId")] = None
    load_balancer_subnets: tuple[SubnetConfiguration, ...] | None = None
    load_balancer_subnets_selector: dict[str, tuple[str, ...]] | None = None
    listener_configurations: tuple[ListenerConfiguration, ...] | None = None
    disable_security_group: Bool | None = None
    security_groups: tuple[str, ...] | None = None
    security_group_prefixes: tuple[str, ...] | None = None
    source_ranges: tuple[str, ...] | None = None
    enable_icmp: Bool | None = None
    manage_backend_security_group_rules: Bool | None = None
    load_balancer_attributes: tuple[Attribute, ...] | None = None
    tags: dict[str, str] | None = None
    minimum_load_balancer_capacity: MinimumLoadBalancerCapacity | None = None
    waf_v2: WAFv2Configuration | None = None
    shield_configuration: ShieldConfiguration | None = None
    default_target_group_configuration: TargetGroupConfigurationReference | None = None


def _verifies_or_has_no(field: str, authentication: Mapping[str, Any]) -> bool:
    return authentication["mode"] == "verify" or not has(authentication, field)


_AUTHENTICATION = "spec.listenerConfigurations[].mutualAuthentication"


class LoadBalancerConfiguration(Resource):
    """What Gateway API cannot say of a balancer: scheme, certificates, TLS policy, attributes, groups, tags."""

    plural = "loadbalancerconfigurations"
    namespaced = True
    rules = (
        Rule(
            _AUTHENTICATION,
            "trustStore is required when mutualAuthentication mode is 'verify'",
            lambda authentication: authentication["mode"] != "verify" or has(authentication, "trustStore"),
        ),
        *(
            Rule(
                _AUTHENTICATION,
                f"Mutual Authentication mode 'off' or 'passthrough' does not support '{field}'",
                lambda authentication, field=field: _verifies_or_has_no(field, authentication),
            )
            for field in ("trustStore", "ignoreClientCertificateExpiry", "advertiseTrustStoreCaNames")
        ),
    )

    api_version: Literal["gateway.k8s.aws/v1"] = "gateway.k8s.aws/v1"
    kind: Literal["LoadBalancerConfiguration"] = "LoadBalancerConfiguration"
    spec: LoadBalancerConfigurationSpec | None = None
