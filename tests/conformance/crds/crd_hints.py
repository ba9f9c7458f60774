"""Values and keys that cases try at fields of some names, so that rules are met which chance alone never meets."""

from dataclasses import dataclass, field
from typing import Any

KEYS = (
    "team",
    "example.com/team",
    "kubernetes.io/arch",
    "kubernetes.io/hostname",
    "karpenter.sh/nodepool",
    "karpenter.sh/capacity-type",
    "karpenter.sh/mine",
    "x.karpenter.sh/mine",
    "karpenter.k8s.aws/instance-cpu",
    "karpenter.k8s.aws/instance-pods",
    "notkarpenter.k8s.aws/mine",
    "a b",
    "/team",
    "team/",
    "Example.com/team",
    "",
)


@dataclass(frozen=True)
class Hints:
    """By the name of the field."""

    values: dict[str, tuple[Any, ...]]
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)


KARPENTER = Hints(
    {
        "alias": (
            "al2@latest",
            "al2023@v20240703",
            "bottlerocket@v1.65.0",
            "windows2019@latest",
            "windows2022@10.0",
            "windows2025@latest",
            "windows2019",
            "ubuntu@latest",
            "@latest",
            "al2023@",
            "bottlerocket@a@b",
            "bottlerocket@" + "9" * 18,
        ),
        "id": ("subnet-1", "sg-1", "ami-1", "cr-1", "pg-1", "xsubnet-1 ", "sg-", "AMI-1", "cr-1\n"),
        "consolidateAfter": ("0s", "1h5m", "Never", "5 minutes", "", "5d"),
        "expireAfter": ("720h", "Never", "never", "1.5h"),
        "terminationGracePeriod": ("1h", "Never", "1h30m10s", "h"),
        "nodes": ("0", "100%", "101%", "10 %", "-1", "5"),
        "schedule": ("@daily", "@reboot", "0 9 * * mon-fri", "* * *", "0 0 1 1 1 extra"),
        "duration": ("8h", "30m", "1h30m0s", "8h30", "90s", "1d"),
        "volumeSize": ("20Gi", "59001Gi", "64000G", "16Ti", "Ti", "65T", "20Mi", "0Gi", "20"),
        "timeAdded": ("2026-01-02T03:04:05Z", "2026-02-30T03:04:05Z", "2026-01-02", "2026-01-02T25:00:00Z"),
        "ownerID": ("123456789012", "12345", "12345678901x"),
        "operator": ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gte", "Lte", "in"),
        "values": ([], ["a"], ["5"], ["-5"], ["5", "6"], ["x"], ["9" * 20], ["5.5"]),
        "effect": ("NoSchedule", "PreferNoSchedule", "NoExecute", "Never"),
        "role": ("", "demo"),
        "instanceProfile": ("", "demo"),
        "snapshotID": ("", "snap-1"),
    },
    {
        "labels": KEYS,
        "limits": ("nodes", "cpu", "memory", "nvidia.com/gpu"),
        "kubeReserved": ("cpu", "memory", "gpu", "pid"),
        "systemReserved": ("cpu", "ephemeral-storage", "disk"),
        "evictionHard": ("memory.available", "pid.available", "memory"),
        "evictionSoft": ("memory.available", "nodefs.inodesFree", "disk"),
        "evictionSoftGracePeriod": ("memory.available", "imagefs.available", "disk"),
        "tags": (
            "team",
            "",
            "eks:eks-cluster-name",
            "kubernetes.io/cluster/demo",
            "karpenter.sh/nodepool",
            "karpenter.sh/nodeclaim",
            "karpenter.k8s.aws/ec2nodeclass",
        ),
    },
)

_HOSTS = ("a.example.com", "*.example.com", "b.example.com", "*", "a.*.com", "10.0.0.1", "::1", "A.example.com", "a..b")
_PATHS = ("/", "/a", "a", "/a//b", "/a/./b", "/a/../b", "/%2f", "/%2F", "/#a", "/a/..", "/a/.", "/a b", "/é", "")
_KEYS = ("team", "example.com/team", "a b", "/team", "x" * 254 + "/team", "example.com/" + "x" * 64)
_FILTERS = (
    {"type": "RequestRedirect", "requestRedirect": {"scheme": "https"}},
    {
        "type": "RequestRedirect",
        "requestRedirect": {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/b"}},
    },
    {"type": "URLRewrite", "urlRewrite": {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/b"}}},
    {"type": "CORS", "cors": {}},
    {"type": "RequestHeaderModifier", "requestHeaderModifier": {}},
    {"type": "ResponseHeaderModifier", "responseHeaderModifier": {}},
)

GATEWAYS = Hints(
    {
        "protocol": ("HTTP", "HTTPS", "TLS", "TCP", "UDP", "example.com/own", "a b"),
        "tls": ({"mode": "Passthrough"}, {"options": {"a": "b"}}, {"certificateRefs": []}, {"options": {}}, {}),
        "hostname": (*_HOSTS, ""),
        "hostnames": (["a.example.com"], *([host] for host in _HOSTS), []),
        "addresses": (
            [{"type": "Hostname", "value": "a.example.com"}] * 2,
            [{"value": "203.0.113.1"}] * 2,
            [{"value": "01.2.3.4"}, {"value": "::ffff:203.0.113.1"}],
            [{"value": "a"}],
        ),
        "value": (*_PATHS, "203.0.113.1", "a b", "*.example.com"),
        "port": (80, 443, 8080, 0, 65536),
        "sectionName": ("a", "b", ""),
        "namespace": ("a", "b", "A b"),
        "group": ("", "gateway.networking.k8s.io", "a/b"),
        "kind": ("Service", "Gateway", "ConfigMap", "5x"),
        "controllerName": ("example.com/a", "gateway.k8s.aws/nlb", "nlb"),
        "request": ("10s", "0s", "1h1m", "5", "1m30s500ms"),
        "backendRequest": ("5s", "20s", "0s", "1h", "x"),
        "numerator": (1, 5, 200, -1),
        "denominator": (1, 100, 0),
        "allowHeaders": (["*"], ["*", "a"], ["a"]),
        "allowMethods": (["*"], ["*", "GET"], ["GET"]),
        "allowOrigins": (["*"], ["*", "https://example.com"], ["https://example.com"], ["example.com"]),
        "filters": tuple([*pair] for pair in zip(_FILTERS, _FILTERS[1:] + _FILTERS[:1], strict=True))
        + tuple([one, one] for one in _FILTERS)
        + tuple([one] for one in _FILTERS),
        "matches": ([], [{}], [{"path": {"type": "Exact", "value": "/a"}}], [{}, {}], [{}] * 64),
        "rules": ([{"matches": [{}] * 64}] * 3, [{}]),
        "protocolPort": ("HTTPS:443", "TLS:443", "TCP:80", "HTTP:70000", "443", ":"),
        "statusCode": (200, 301, 302, 404, 599, 600),
        "actions": (
            [{"type": "forward", "forwardConfig": {}}, {"type": "redirect", "redirectConfig": {}}],
            [{"type": "jwt-validation", "jwtValidationConfig": {"issuer": "a", "jwksEndpoint": "b"}}] * 2,
            [],
        ),
        "ids": (["subnet-0a1b"], ["subnet"], []),
        "PrefixListsIDs": (["pl-1"], []),
        "prefixListsIDs": (["pl-1"], []),
        "trustStore": ("arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:truststore/a/b", ""),
        "mode": ("verify", "off", "passthrough", "Terminate", "Passthrough", "AllowValidOnly"),
    },
    {"labels": _KEYS, "annotations": _KEYS, "options": ("a", "b")},
)

HINTS = dict.fromkeys(("EC2NodeClass", "NodePool", "NodeClaim"), KARPENTER)


def hints_of(kind: str) -> Hints:
    """The hints for a kind's fields."""
    return HINTS.get(kind, GATEWAYS)
