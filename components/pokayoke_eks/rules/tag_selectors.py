"""Tags by which Karpenter's node classes select subnets and security groups.

Source: Karpenter v1.14 documentation, NodeClasses, "spec.subnetSelectorTerms"; a value is handed to EC2 as a filter,
which knows `*` and `?` (EC2 user guide, "List and filter your resources").
"""

import re
from functools import cache

CLUSTER_GROUP_NAME = "eks-cluster-sg-{}-"
"""How EKS begins the name of the security group that it makes for a cluster."""


def fits(wanted: str, carried: str) -> bool:
    """Whether a tag's value, or a group's name, is one that a selector's term asks for."""
    return wanted == carried or _pattern(wanted).fullmatch(carried) is not None


def tags_of_cluster_group(cluster: str) -> dict[str, str]:
    """What EKS puts on the security group that it makes for a cluster, and nothing else: the cluster's own tags do not
    get there (EKS user guide, "Security group requirements and considerations for clusters")."""
    return {
        "Name": CLUSTER_GROUP_NAME.format(cluster),
        f"kubernetes.io/cluster/{cluster}": "owned",
        "aws:eks:cluster-name": cluster,
    }


@cache
def _pattern(wanted: str) -> re.Pattern[str]:
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split(r"([*?])", wanted))
    return re.compile("".join(parts), re.DOTALL)
