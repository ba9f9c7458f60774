"""A selector that was never filled in."""

from pulumi_kubernetes.apiextensions import CustomResource

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
