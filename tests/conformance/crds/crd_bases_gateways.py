"""Valid objects of Gateway API's kinds and of the load balancer controller's; between them they set every field."""

from typing import Any

_META = {"name": "case", "namespace": "edge"}
_STRICT: dict[str, Any] = {"mode": "AllowValidOnly"}
_API, _OWN, _ELB = "gateway.networking.k8s.io/v1", "gateway.k8s.aws/v1", "elbv2.k8s.aws/v1beta1"
_SELECTOR = {
    "matchLabels": {"team": "a"},
    "matchExpressions": [{"key": "tier", "operator": "In", "values": ["front"]}],
}
_AUTHORITY = {"group": "", "kind": "ConfigMap", "name": "ca", "namespace": "certs"}
_HEADERS = {"set": [{"name": "a", "value": "1"}], "add": [{"name": "b", "value": "2"}], "remove": ["c"]}


def _kind(api_version: str, kind: str, spec: dict[str, Any], *, namespaced: bool = True) -> dict[str, Any]:
    meta = _META if namespaced else {"name": "case"}
    return {"apiVersion": api_version, "kind": kind, "metadata": meta, "spec": spec}


_GATEWAY = _kind(
    _API,
    "Gateway",
    {
        "gatewayClassName": "istio",
        "addresses": [{"type": "IPAddress", "value": "203.0.113.1"}, {"type": "Hostname", "value": "a.example.com"}],
        "allowedListeners": {"namespaces": {"from": "Selector", "selector": _SELECTOR}},
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
                    "namespaces": {"from": "Selector", "selector": _SELECTOR},
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
_ROUTE = _kind(
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
_ROUTE_BACKENDS = _kind(
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
_TLS_ROUTE = _kind(
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
_BALANCER = _kind(
    _OWN,
    "LoadBalancerConfiguration",
    {
        "mergingMode": "prefer-gateway",
        "loadBalancerName": "edge",
        "scheme": "internet-facing",
        "ipAddressType": "ipv4",
        "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "on",
        "customerOwnedIpv4Pool": "ipv4pool-coip-1",
        "ipv4IPAMPoolId": "ipam-pool-1",
        "loadBalancerSubnets": [
            {
                "identifier": "subnet-1",
                "eipAllocation": "eipalloc-1",
                "privateIPv4Allocation": "10.0.0.1",
                "ipv6Allocation": "::1",
                "sourceNatIPv6Prefix": "auto_assigned",
            }
        ],
        "loadBalancerSubnetsSelector": {"team": ["a"]},
        "listenerConfigurations": [
            {
                "protocolPort": "HTTPS:443",
                "defaultCertificate": "arn:aws:acm:ap-northeast-2:123456789012:certificate/a",
                "certificates": ["arn:aws:acm:ap-northeast-2:123456789012:certificate/b"],
                "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
                "alpnPolicy": "None",
                "listenerAttributes": [{"key": "a", "value": "b"}],
                "quicEnabled": False,
                "targetGroupStickiness": False,
                "mutualAuthentication": {
                    "mode": "verify",
                    "trustStore": "ts",
                    "ignoreClientCertificateExpiry": False,
                    "advertiseTrustStoreCaNames": "on",
                },
            }
        ],
        "disableSecurityGroup": False,
        "securityGroups": ["sg-1"],
        "securityGroupPrefixes": ["pl-1"],
        "sourceRanges": ["203.0.113.0/24"],
        "enableICMP": True,
        "manageBackendSecurityGroupRules": True,
        "loadBalancerAttributes": [{"key": "deletion_protection.enabled", "value": "false"}],
        "tags": {"team": "a"},
        "minimumLoadBalancerCapacity": {"capacityUnits": 100},
        "wafV2": {"webACL": "arn"},
        "shieldConfiguration": {"enabled": False},
        "defaultTargetGroupConfiguration": {"name": "default"},
    },
)
_GROUP = {
    "targetGroupName": "orders",
    "targetType": "ip",
    "protocol": "HTTP",
    "protocolVersion": "HTTP1",
    "ipAddressType": "ipv4",
    "healthCheckConfig": {
        "healthCheckProtocol": "HTTP",
        "healthCheckPort": "traffic-port",
        "healthCheckPath": "/healthz",
        "healthCheckInterval": 15,
        "healthCheckTimeout": 5,
        "healthyThresholdCount": 3,
        "unhealthyThresholdCount": 3,
        "matcher": {"httpCode": "200", "grpcCode": "0"},
    },
    "nodeSelector": _SELECTOR,
    "targetGroupAttributes": [{"key": "preserve_client_ip.enabled", "value": "true"}],
    "enableMultiCluster": False,
    "targetControlPort": 3000,
    "tags": {"team": "a"},
}
_GROUPS = _kind(
    _OWN,
    "TargetGroupConfiguration",
    {
        "targetReference": {"group": "", "kind": "Service", "name": "orders"},
        "defaultConfiguration": _GROUP,
        "routeConfigurations": [
            {
                "routeIdentifier": {"kind": "HTTPRoute", "namespace": "a", "name": "b"},
                "targetGroupProps": _GROUP,
            }
        ],
    },
)
_USERS: dict[str, Any] = {
    "authenticationRequestExtraParams": {"display": "page"},
    "onUnauthenticatedRequest": "authenticate",
    "scope": "openid",
    "sessionCookieName": "cookie",
    "sessionTimeout": 3600,
}
_RULE_ACTIONS: tuple[list[dict[str, Any]], ...] = (
    [
        {
            "type": "authenticate-cognito",
            "authenticateCognitoConfig": {
                "userPoolArn": "arn",
                "userPoolClientId": "id",
                "userPoolDomain": "domain",
                **_USERS,
            },
        },
        {
            "type": "forward",
            "forwardConfig": {"targetGroupStickinessConfig": {"enabled": True, "durationSeconds": 60}},
        },
    ],
    [
        {
            "type": "authenticate-oidc",
            "authenticateOIDCConfig": {
                "issuer": "https://example.com",
                "authorizationEndpoint": "https://example.com/a",
                "tokenEndpoint": "https://example.com/t",
                "userInfoEndpoint": "https://example.com/u",
                "secret": {"name": "client"},
                "useExistingClientSecret": False,
                **_USERS,
            },
        },
        {
            "type": "fixed-response",
            "fixedResponseConfig": {"statusCode": 404, "contentType": "text/plain", "messageBody": "no"},
        },
    ],
    [
        {
            "type": "jwt-validation",
            "jwtValidationConfig": {
                "issuer": "https://example.com",
                "jwksEndpoint": "https://example.com/keys",
                "additionalClaims": [{"name": "aud", "format": "single-string", "values": ["a"]}],
            },
        },
        {"type": "redirect", "redirectConfig": {"query": "a=b"}},
    ],
)
_CONDITIONS = [{"field": "source-ip", "matchIndexes": [0], "sourceIPConfig": {"values": ["203.0.113.0/24"]}}]
_BINDING = _kind(
    _ELB,
    "TargetGroupBinding",
    {
        "targetGroupARN": "arn",
        "targetGroupName": "orders",
        "targetType": "ip",
        "targetGroupProtocol": "TCP",
        "serviceRef": {"name": "orders", "port": 80},
        "networking": {
            "ingress": [
                {
                    "from": [{"ipBlock": {"cidr": "203.0.113.0/24"}}, {"securityGroup": {"groupID": "sg-1"}}],
                    "ports": [{"protocol": "TCP", "port": "http"}],
                }
            ]
        },
        "nodeSelector": _SELECTOR,
        "ipAddressType": "ipv4",
        "vpcID": "vpc-1",
        "multiClusterTargetGroup": False,
        "iamRoleArnToAssume": "arn",
        "assumeRoleExternalId": "id",
    },
)
_INGRESS_CLASS = _kind(
    _ELB,
    "IngressClassParams",
    {
        "namespaceSelector": _SELECTOR,
        "group": {"name": "all"},
        "scheme": "internal",
        "ipAddressType": "dualstack",
        "targetType": "ip",
        "loadBalancerName": "edge",
        "subnets": {"ids": ["subnet-0a1b"], "tags": {"team": ["a"]}},
        "inboundCIDRs": ["203.0.113.0/24"],
        "certificateArn": ["arn"],
        "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "sslRedirectPort": "443",
        "loadBalancerAttributes": [{"key": "a", "value": "b"}],
        "listeners": [{"protocol": "HTTPS", "port": 443, "listenerAttributes": [{"key": "a", "value": "b"}]}],
        "minimumLoadBalancerCapacity": {"capacityUnits": 100},
        "ipamConfiguration": {"ipv4IPAMPoolId": "ipam-pool-1"},
        "prefixListsIDs": ["pl-1"],
        "wafv2AclArn": "arn",
        "wafv2AclName": "acl",
        "tags": [{"key": "team", "value": "a"}],
    },
    namespaced=False,
)

BASES: dict[str, tuple[dict[str, Any], ...]] = {
    "GatewayClass": (
        _kind(
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
        _kind(
            _API,
            "ReferenceGrant",
            {
                "from": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": "a"}],
                "to": [{"group": "", "kind": "Service", "name": "b"}],
            },
        ),
    ),
    "LoadBalancerConfiguration": (_BALANCER,),
    "TargetGroupConfiguration": (_GROUPS,),
    "ListenerRuleConfiguration": tuple(
        _kind(
            _OWN,
            "ListenerRuleConfiguration",
            {"actions": actions, "conditions": _CONDITIONS, "tags": {"team": "a"}},
        )
        for actions in _RULE_ACTIONS
    ),
    "TargetGroupBinding": (_BINDING,),
    "IngressClassParams": (
        _INGRESS_CLASS,
        {**_INGRESS_CLASS, "spec": {"PrefixListsIDs": ["pl-1"], "subnets": {"ids": ["subnet-0a1b"]}}},
    ),
}
