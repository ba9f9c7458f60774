"""The kinds of Gateway API that the platform writes, gateway.networking.k8s.io/v1."""

from .gateway import (
    AllowedListeners,
    AllowedRoutes,
    Gateway,
    GatewayInfrastructure,
    GatewaySpec,
    GatewaySpecAddress,
    Listener,
    ListenerNamespaces,
    LocalParametersReference,
    RouteGroupKind,
    RouteNamespaces,
)
from .gateway_class import GatewayClass, GatewayClassSpec, ParametersReference
from .http_filters import (
    Fraction,
    HTTPCORSFilter,
    HTTPHeader,
    HTTPHeaderFilter,
    HTTPPathModifier,
    HTTPRequestMirrorFilter,
    HTTPRequestRedirectFilter,
    HTTPRouteFilter,
    HTTPURLRewriteFilter,
    LocalObjectReference,
)
from .http_matches import HTTPHeaderMatch, HTTPPathMatch, HTTPQueryParamMatch, HTTPRouteMatch
from .http_route import HTTPBackendReference, HTTPRoute, HTTPRouteRule, HTTPRouteSpec, HTTPRouteTimeouts
from .listener_tls import (
    FrontendTLSConfig,
    FrontendTLSValidation,
    GatewayBackendTLS,
    GatewayTLSConfig,
    ListenerTLSConfig,
    ObjectReference,
    SecretObjectReference,
    TLSConfig,
    TLSPortConfig,
)
from .reference_grant import ReferenceGrant, ReferenceGrantFrom, ReferenceGrantSpec, ReferenceGrantTo
from .references import BackendObjectReference, BackendReference, ParentReference
from .tls_route import TLSRoute, TLSRouteRule, TLSRouteSpec

GATEWAY_API_VERSION = "1.6.1"
"""The version whose CRDs (standard channel) these kinds follow."""

__all__ = [
    "GATEWAY_API_VERSION",
    "AllowedListeners",
    "AllowedRoutes",
    "BackendObjectReference",
    "BackendReference",
    "Fraction",
    "FrontendTLSConfig",
    "FrontendTLSValidation",
    "Gateway",
    "GatewayBackendTLS",
    "GatewayClass",
    "GatewayClassSpec",
    "GatewayInfrastructure",
    "GatewaySpec",
    "GatewaySpecAddress",
    "GatewayTLSConfig",
    "HTTPBackendReference",
    "HTTPCORSFilter",
    "HTTPHeader",
    "HTTPHeaderFilter",
    "HTTPHeaderMatch",
    "HTTPPathMatch",
    "HTTPPathModifier",
    "HTTPQueryParamMatch",
    "HTTPRequestMirrorFilter",
    "HTTPRequestRedirectFilter",
    "HTTPRoute",
    "HTTPRouteFilter",
    "HTTPRouteMatch",
    "HTTPRouteRule",
    "HTTPRouteSpec",
    "HTTPRouteTimeouts",
    "HTTPURLRewriteFilter",
    "Listener",
    "ListenerNamespaces",
    "ListenerTLSConfig",
    "LocalObjectReference",
    "LocalParametersReference",
    "ObjectReference",
    "ParametersReference",
    "ParentReference",
    "ReferenceGrant",
    "ReferenceGrantFrom",
    "ReferenceGrantSpec",
    "ReferenceGrantTo",
    "RouteGroupKind",
    "RouteNamespaces",
    "SecretObjectReference",
    "TLSConfig",
    "TLSPortConfig",
    "TLSRoute",
    "TLSRouteRule",
    "TLSRouteSpec",
]
