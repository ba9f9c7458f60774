"""Valid objects of Gateway API's kinds; between them they set every field."""

from typing import Any

from crd_bases_shared import SELECTOR, made

_API = "gateway.networking.k8s.io/v1"
_AUTHORITY = {"group": "", "kind": "ConfigMap", "name": "ca", "namespace": "certs"}
_HEADERS = {"set": [{"name": "a", "value": "1"}], "add": [{"name": "b", "value": "2"}], "remove": ["c"]}


_GATEWAY = made(
    _API,
    "Gateway",
    {
        "gatewayClassName": "istio",
        "addresses": [{"type": "IPAddress", "value": "203.0.113.1"}, {"type": "Hostname", "value": "a.example.com"}],
        "allowedListeners": {"namespaces": {"from": "Selector", "selector": SELECTOR}},
        "infrastructure": {
            "annotations": {"example.com/note": "anything"},
            "labels": {"team": "a"},
            "parametersRef": {"group": "", "kind": "ConfigMap", "name": "parameters"},
        },
        "listeners": [
            {
                "name": "http",
                "port": 443,
                "protocol": "HTTP",
                "hostname": "*.example.com",
                "allowedRoutes": {
                    "kinds": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute"}],
                    "namespaces": {"from": "Selector", "selector": SELECTOR},
                },
            },
            {
                "name": "tls",
                "port": 8443,
                "protocol": "TLS",
                "tls": {
                    "mode": "Terminate",
                    "certificateRefs": [{"group": "", "kind": "Secret", "name": "c", "namespace": "certs"}],
                    "options": {"example.com/policy": "new"},
                },
            },
            {"name": "https", "port": 9443, "protocol": "HTTPS", "tls": {"certificateRefs": [{"name": "c"}]}},
            {"name": "tcp", "port": 5432, "protocol": "TCP"},
            {"name": "plain", "port": 80, "protocol": "HTTP", "hostname": "*.example.com"},
        ],
        "tls": {
            "backend": {"clientCertificateRef": {"group": "", "kind": "Secret", "name": "c", "namespace": "certs"}},
            "frontend": {
                "default": {"validation": {"caCertificateRefs": [_AUTHORITY], "mode": "AllowValidOnly"}},
                "perPort": [
                    {
                        "port": 8443,
                        "tls": {"validation": {"caCertificateRefs": [_AUTHORITY], "mode": "AllowValidOnly"}},
                    },
                    {"port": 9443, "tls": {}},
                ],
            },
        },
    },
)
_FILTERS = [
    {"type": "RequestHeaderModifier", "requestHeaderModifier": _HEADERS},
    {"type": "ResponseHeaderModifier", "responseHeaderModifier": _HEADERS},
    {
        "type": "RequestMirror",
        "requestMirror": {
            "backendRef": {"group": "", "kind": "Service", "name": "a", "namespace": "b", "port": 80},
            "fraction": {"numerator": 5, "denominator": 100},
        },
    },
    {"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "a", "port": 80}, "percent": 5}},
    {
        "type": "CORS",
        "cors": {
            "allowCredentials": True,
            "allowHeaders": ["X-A"],
            "allowMethods": ["GET"],
            "allowOrigins": ["https://*.example.com"],
            "exposeHeaders": ["X-B"],
            "maxAge": 5,
        },
    },
    {
        "type": "ExtensionRef",
        "extensionRef": {"group": "gateway.k8s.aws", "kind": "ListenerRuleConfiguration", "name": "a"},
    },
]
_REWRITE = {
    "type": "URLRewrite",
    "urlRewrite": {"hostname": "b.example.com", "path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/b"}},
}
_REDIRECT = {
    "type": "RequestRedirect",
    "requestRedirect": {
        "scheme": "https",
        "hostname": "b.example.com",
        "path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/b"},
        "port": 443,
        "statusCode": 301,
    },
}
_WHOLE_PATH = {"path": {"type": "ReplaceFullPath", "replaceFullPath": "/"}}
_WHOLE_REWRITE = {"type": "URLRewrite", "urlRewrite": _WHOLE_PATH}
_WHOLE_REDIRECT = {"type": "RequestRedirect", "requestRedirect": _WHOLE_PATH}
_PARENTS = [
    {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "a", "namespace": "b", "sectionName": "a"},
    {"name": "a", "namespace": "b", "sectionName": "b", "port": 443},
]
_ROUTE = made(
    _API,
    "HTTPRoute",
    {
        "parentRefs": _PARENTS,
        "hostnames": ["a.example.com"],
        "rules": [
            {
                "name": "orders",
                "matches": [{"path": {"type": "PathPrefix", "value": "/a"}}],
                "filters": [*_FILTERS, _REWRITE],
                "backendRefs": [
                    {"group": "", "kind": "Service", "name": "a", "namespace": "b", "port": 80, "weight": 1}
                ],
                "timeouts": {"request": "10s", "backendRequest": "5s"},
            },
            {
                "matches": [
                    {
                        "path": {"type": "Exact", "value": "/b"},
                        "headers": [{"name": "a", "type": "Exact", "value": "b"}],
                        "queryParams": [{"name": "a", "type": "RegularExpression", "value": ".*"}],
                        "method": "GET",
                    }
                ],
                "filters": [_WHOLE_REWRITE],
            },
            {"filters": [_WHOLE_REDIRECT]},
            {"matches": [{"path": {"type": "PathPrefix", "value": "/c"}}], "filters": [_REDIRECT]},
        ],
    },
)
_ROUTE_BACKENDS = made(
    _API,
    "HTTPRoute",
    {
        "rules": [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": "/a"}}],
                "backendRefs": [
                    {"name": "a", "port": 80, "filters": [*_FILTERS, _REWRITE]},
                    {"name": "b", "port": 80, "filters": [_REDIRECT]},
                    {"name": "c", "port": 80, "filters": [_WHOLE_REWRITE]},
                    {"name": "d", "port": 80, "filters": [_WHOLE_REDIRECT]},
                ],
            }
        ]
    },
)
_TLS_ROUTE = made(
    _API,
    "TLSRoute",
    {
        "parentRefs": _PARENTS,
        "hostnames": ["a.example.com", "*.example.com"],
        "rules": [
            {
                "name": "all",
                "backendRefs": [
                    {"group": "", "kind": "Service", "name": "a", "namespace": "b", "port": 80, "weight": 1}
                ],
            }
        ],
    },
)
BASES: dict[str, tuple[dict[str, Any], ...]] = {
    "GatewayClass": (
        made(
            _API,
            "GatewayClass",
            {
                "controllerName": "gateway.k8s.aws/nlb",
                "description": "Network balancers.",
                "parametersRef": {
                    "group": "gateway.k8s.aws",
                    "kind": "LoadBalancerConfiguration",
                    "name": "all",
                    "namespace": "edge",
                },
            },
            namespaced=False,
        ),
    ),
    "Gateway": (_GATEWAY,),
    "HTTPRoute": (_ROUTE, _ROUTE_BACKENDS),
    "TLSRoute": (_TLS_ROUTE,),
    "ReferenceGrant": (
        made(
            _API,
            "ReferenceGrant",
            {
                "from": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": "a"}],
                "to": [{"group": "", "kind": "Service", "name": "b"}],
            },
        ),
    ),
}
