"""Routes: which Service gets what. Pure."""

from collections.abc import Mapping, Sequence

from ..config.gateway import GatewayConfig, RouteConfig
from ..crds import HTTPRoute, TLSRoute
from ..crds.gateway_api import (
    BackendReference,
    HTTPBackendReference,
    HTTPHeader,
    HTTPHeaderFilter,
    HTTPPathMatch,
    HTTPRequestRedirectFilter,
    HTTPRouteFilter,
    HTTPRouteMatch,
    HTTPRouteRule,
    HTTPRouteSpec,
    ParentReference,
    TLSRouteRule,
    TLSRouteSpec,
)
from ..crds.metadata import ObjectMeta
from ..rules.load_balancers import ISTIO, NLB

_HTTPS_BEFORE = HTTPRouteFilter(
    type="RequestHeaderModifier",
    request_header_modifier=HTTPHeaderFilter(set=(HTTPHeader(name="X-Forwarded-Proto", value="https"),)),
)
"""An NLB adds no header: Envoy would tell the application that nobody used TLS."""


def redirect(config: GatewayConfig, annotations: Mapping[str, str]) -> HTTPRoute:
    """To HTTPS, for all hosts: bound to the listener on port 80 and to no other, or it would go round in circles."""
    return HTTPRoute(
        metadata=ObjectMeta(name="redirect", namespace=config.gateway, annotations=dict(annotations) or None),
        spec=HTTPRouteSpec(
            parent_refs=(_listener(config, "http"),),
            hostnames=tuple(config.hosts),
            rules=(
                HTTPRouteRule(
                    filters=(
                        HTTPRouteFilter(
                            type="RequestRedirect",
                            request_redirect=HTTPRequestRedirectFilter(scheme="https", status_code=301),
                        ),
                    )
                ),
            ),
        ),
    )


def to_service(
    name: str, config: GatewayConfig, route: RouteConfig, annotations: Mapping[str, str]
) -> HTTPRoute | TLSRoute:
    """What of the gateway's traffic goes to a Service."""
    metadata = ObjectMeta(name=name, namespace=route.namespace, annotations=dict(annotations) or None)
    hosts = tuple(hosts_of(config, route))
    if config.variant == NLB:
        return TLSRoute(
            metadata=metadata,
            spec=TLSRouteSpec(
                parent_refs=(_listener(config, "tls"),),
                hostnames=hosts,
                rules=(TLSRouteRule(backend_refs=(BackendReference(name=route.service, port=route.port),)),),
            ),
        )
    rule = HTTPRouteRule(
        matches=(HTTPRouteMatch(path=HTTPPathMatch(type="PathPrefix", value=route.path)),),
        backend_refs=(HTTPBackendReference(name=route.service, port=route.port),),
    )
    if config.variant == ISTIO:
        rule = HTTPRouteRule(matches=rule.matches, filters=(_HTTPS_BEFORE,), backend_refs=rule.backend_refs)
    return HTTPRoute(
        metadata=metadata,
        spec=HTTPRouteSpec(parent_refs=(_listener(config, "https"),), hostnames=hosts, rules=(rule,)),
    )


def hosts_of(config: GatewayConfig, route: RouteConfig) -> Sequence[str]:
    """The route's hosts: all of the gateway unless it states some."""
    return route.hosts or config.hosts


def _listener(config: GatewayConfig, name: str) -> ParentReference:
    return ParentReference(name=config.variant, namespace=config.gateway, section_name=name)
