"""The tags that everything carries, and those by which the cluster's controllers find things."""

from collections.abc import Mapping

CLUSTER = "pokayoke-eks/cluster"
MANAGED_BY = "pokayoke-eks/managed-by"
DISCOVERY = "karpenter.sh/discovery"
PUBLIC_BALANCERS = "kubernetes.io/role/elb"
INTERNAL_BALANCERS = "kubernetes.io/role/internal-elb"


def of(cluster: str, own: Mapping[str, str], **named: str) -> dict[str, str]:
    """A resource's tags: the user's own, then ours, which win; `Name=` names it in the console."""
    return {**own, CLUSTER: cluster, MANAGED_BY: "pulumi", **named}
