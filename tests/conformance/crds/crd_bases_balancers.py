"""Valid objects of the load balancer controller's kinds; between them they set every field."""

from typing import Any

from crd_bases_shared import SELECTOR, made

_OWN, _ELB = "gateway.k8s.aws/v1", "elbv2.k8s.aws/v1beta1"
_BALANCER = made(
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
    "nodeSelector": SELECTOR,
    "targetGroupAttributes": [{"key": "preserve_client_ip.enabled", "value": "true"}],
    "enableMultiCluster": False,
    "targetControlPort": 3000,
    "tags": {"team": "a"},
}
_GROUPS = made(
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
_BINDING = made(
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
        "nodeSelector": SELECTOR,
        "ipAddressType": "ipv4",
        "vpcID": "vpc-1",
        "multiClusterTargetGroup": False,
        "iamRoleArnToAssume": "arn",
        "assumeRoleExternalId": "id",
    },
)
_INGRESS_CLASS = made(
    _ELB,
    "IngressClassParams",
    {
        "namespaceSelector": SELECTOR,
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
    "LoadBalancerConfiguration": (_BALANCER,),
    "TargetGroupConfiguration": (_GROUPS,),
    "ListenerRuleConfiguration": tuple(
        made(
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
