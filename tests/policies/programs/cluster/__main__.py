"""What goes wrong in a cluster that is there, out of raw resources: one mistake a block."""

import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource

LABELS = {"app": "shop"}
PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"

# missing-resource-limits: a container does not say what it needs.
kubernetes.apps.v1.Deployment(
    "shop",
    metadata={"namespace": "default"},
    spec={
        "selector": {"matchLabels": LABELS},
        "template": {
            "metadata": {"labels": LABELS},
            "spec": {"containers": [{"name": "shop", "image": "public.ecr.aws/example/shop:1.0.0"}]},
        },
    },
)

# unbounded-instance-size: a wide range of sizes, and no limits.
CustomResource(
    "pool",
    api_version="karpenter.sh/v1",
    kind="NodePool",
    metadata={"name": "general"},
    spec={
        "template": {
            "spec": {
                "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "general"},
                "requirements": [{"key": "karpenter.k8s.aws/instance-cpu", "operator": "Gt", "values": ["1"]}],
            }
        }
    },
)

# unresolved-placeholder: a selector that was never filled in.
TERMS = [{"tags": {"karpenter.sh/discovery": "${cluster_name}"}}]
CustomResource(
    "class",
    api_version="karpenter.k8s.aws/v1",
    kind="EC2NodeClass",
    metadata={"name": "general"},
    spec={
        "amiSelectorTerms": [{"alias": "bottlerocket@v1.65.0"}],
        "role": "nodes",
        "subnetSelectorTerms": TERMS,
        "securityGroupSelectorTerms": [{"id": "sg-1"}],
    },
)

# in-tree-load-balancer: it names no controller.
kubernetes.core.v1.Service("classic", spec={"type": "LoadBalancer", "selector": LABELS, "ports": [{"port": 443}]})

# nlb-tls-termination: a certificate, and nothing that says for which port and with which policy.
kubernetes.core.v1.Service(
    "half",
    metadata={
        "annotations": {
            f"{PREFIX}ssl-cert": "arn:aws:acm:ap-northeast-2:123456789012:certificate/a",
            f"{PREFIX}ssl-ports": "443",
        }
    },
    spec={
        "type": "LoadBalancer",
        "loadBalancerClass": "service.k8s.aws/nlb",
        "selector": LABELS,
        "ports": [{"name": "https", "port": 443}],
    },
)

# network-policy-blocks-api-server: every namespace is allowed, and the API server is in none.
kubernetes.networking.v1.NetworkPolicy(
    "egress",
    metadata={"namespace": "default"},
    spec={
        "podSelector": {},
        "policyTypes": ["Egress"],
        "egress": [{"to": [{"namespaceSelector": {}}], "ports": [{"port": 443}, {"port": 80}]}],
    },
)

# user-data-invalid: a table without its bracket.
CustomResource(
    "garbled",
    api_version="karpenter.k8s.aws/v1",
    kind="EC2NodeClass",
    metadata={"name": "garbled"},
    spec={
        "amiSelectorTerms": [{"alias": "bottlerocket@v1.65.0"}],
        "role": "nodes",
        "subnetSelectorTerms": [{"id": "subnet-1"}],
        "securityGroupSelectorTerms": [{"id": "sg-1"}],
        "userData": "[settings.kubernetes\nmax-pods = 50",
    },
)
