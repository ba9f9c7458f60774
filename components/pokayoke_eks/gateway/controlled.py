"""A Gateway of class `nlb` or `alb`: a balancer of the AWS Load Balancer Controller, and nothing between it and the
pods. Pure.

Source: AWS Load Balancer Controller v3.5.0, `docs/guide/gateway/{loadbalancerconfig,targetgroupconfig,l4gateway,
l7gateway}.md`; the protocol of a TLSRoute's targets is TLS unless it is said
(`pkg/gateway/model/model_build_target_group.go`).
"""

from collections.abc import Mapping

from ..config.gateway import GatewayConfig, RouteConfig
from ..crds import Gateway, LoadBalancerConfiguration, TargetGroupConfiguration
from ..crds.gateway_api import (
    GatewayInfrastructure,
    GatewaySpec,
    Listener,
    ListenerTLSConfig,
    LocalParametersReference,
)
from ..crds.load_balancer.load_balancer_configuration import (
    ListenerConfiguration,
    LoadBalancerConfigurationSpec,
    SubnetConfiguration,
    TargetGroupConfigurationReference,
)
from ..crds.load_balancer.shared import Attribute
from ..crds.load_balancer.target_group_configuration import (
    HealthCheckConfig,
    TargetGroupConfigurationSpec,
    TargetGroupProps,
    TargetReference,
)
from ..crds.metadata import ObjectMeta
from ..rules.load_balancers import ALB
from .balancer import PLAIN_PORT, PORT, TARGETS, Around, attributes
from .listeners import READY, attached

_ENDED_BY_BALANCER = ListenerTLSConfig(mode="Terminate", options={"gateway.k8s.aws/certificate": "acm"})
"""Gateway API wants to be told of a certificate, and the controller takes it from its own configuration."""


def gateway(config: GatewayConfig) -> Gateway:
    """An ALB listens on 443 and, for the redirect, on 80; an NLB on 443 alone: it could send nobody elsewhere."""
    routes = attached(config.gateway)
    listeners = (
        (
            Listener(name="https", port=PORT, protocol="HTTPS", tls=_ENDED_BY_BALANCER, allowed_routes=routes),
            Listener(name="http", port=PLAIN_PORT, protocol="HTTP", allowed_routes=routes),
        )
        if config.variant == ALB
        else (Listener(name="tls", port=PORT, protocol="TLS", tls=_ENDED_BY_BALANCER, allowed_routes=routes),)
    )
    return Gateway(
        metadata=ObjectMeta(name=config.variant, namespace=config.gateway, annotations=READY),
        spec=GatewaySpec(
            gateway_class_name=config.variant,
            listeners=listeners,
            infrastructure=GatewayInfrastructure(
                parameters_ref=LocalParametersReference(
                    group="gateway.k8s.aws", kind="LoadBalancerConfiguration", name=config.variant
                )
            ),
        ),
    )


def configuration(config: GatewayConfig, around: Around) -> LoadBalancerConfiguration:
    """The listener as one value: certificate, port, policy, scheme, subnets, and the targets' defaults beside it."""
    protocol = "HTTPS" if config.variant == ALB else "TLS"
    return LoadBalancerConfiguration(
        metadata=ObjectMeta(name=config.variant, namespace=config.gateway),
        spec=LoadBalancerConfigurationSpec(
            scheme="internal" if config.scheme == "internal" else "internet-facing",
            listener_configurations=(
                ListenerConfiguration(
                    protocol_port=f"{protocol}:{PORT}",
                    default_certificate=around.certificate,
                    ssl_policy=config.tls_policy,
                ),
            ),
            load_balancer_subnets=tuple(SubnetConfiguration(identifier=one) for one in around.subnets),
            load_balancer_attributes=_attributes(attributes(config, around.bucket)),
            default_target_group_configuration=TargetGroupConfigurationReference(name=config.variant),
        ),
    )


def targets(config: GatewayConfig) -> TargetGroupConfiguration:
    """What all target groups of the gateway are: pods by their IP, plain HTTP."""
    return TargetGroupConfiguration(
        metadata=ObjectMeta(name=config.variant, namespace=config.gateway),
        spec=TargetGroupConfigurationSpec(
            default_configuration=(
                TargetGroupProps(target_type="ip", protocol="HTTP")
                if config.variant == ALB
                else TargetGroupProps(target_type="ip", protocol="TCP", target_group_attributes=_attributes(TARGETS))
            )
        ),
    )


def health(route: RouteConfig) -> TargetGroupConfiguration:
    """How the pods of one Service are asked whether they are well."""
    return TargetGroupConfiguration(
        metadata=ObjectMeta(name=route.service, namespace=route.namespace),
        spec=TargetGroupConfigurationSpec(
            target_reference=TargetReference(name=route.service),
            default_configuration=TargetGroupProps(
                health_check_config=HealthCheckConfig(health_check_protocol="HTTP", health_check_path=route.health)
            ),
        ),
    )


def _attributes(pairs: Mapping[str, str]) -> tuple[Attribute, ...]:
    return tuple(Attribute(key=key, value=value) for key, value in pairs.items())
