"""Whose a thing is, by its tags. What carries another cluster's tag is never ours, whatever else it carries.

Keys: the load balancer controller tags what it makes `elbv2.k8s.aws/cluster`; Karpenter's and the in-tree provider's
things, and a CSI driver's volumes, carry `kubernetes.io/cluster/<name>` (kubernetes-sigs/aws-ebs-csi-driver,
docs/tagging.md); the VPC CNI's interfaces `cluster.k8s.amazonaws.com/name`; Karpenter's launch templates
`karpenter.k8s.aws/cluster` (aws/karpenter-provider-aws v1.14, pkg/apis/v1/labels.go).
"""

from collections.abc import Mapping
from typing import Any

from pokayoke_eks.tags import MANAGED_BY

NAMING = (
    "elbv2.k8s.aws/cluster",
    "cluster.k8s.amazonaws.com/name",
    "karpenter.k8s.aws/cluster",
    "eks:eks-cluster-name",
    "eks:cluster-name",
    "aws:eks:cluster-name",
    "ebs.csi.aws.com/cluster-name",
    "KubernetesCluster",
)
"""Tags whose value is a cluster's name."""
_PREFIX = "kubernetes.io/cluster/"
_PULUMI = (MANAGED_BY, "pulumi")


def tags_of(thing: Mapping[str, Any], key: str = "Tags") -> dict[str, str]:
    """Tags as AWS's services list them."""
    listed: list[Mapping[str, str]] = thing.get(key) or []
    return {one["Key"]: one["Value"] for one in listed}


def belongs(tags: Mapping[str, str], cluster: str) -> bool:
    """Whether the tags name this cluster and no other, and no stack still manages the thing."""
    return owners(tags) == {cluster} and _PULUMI not in tags.items()


def owners(tags: Mapping[str, str]) -> set[str]:
    """The clusters that the tags name."""
    named = {tags[key] for key in NAMING if key in tags}
    return named | {
        key.removeprefix(_PREFIX) for key, value in tags.items() if key.startswith(_PREFIX) and value == "owned"
    }
