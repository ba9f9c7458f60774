"""What belongs to which EKS cluster of a stack, and who is associated with what there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .near import Near
from .order import Urns
from .raw import UNKNOWN, known_list, mapping_of
from .stack import Member, Stack

CLUSTER = "aws:eks/cluster:Cluster"
ADDON = "aws:eks/addon:Addon"
ACCESS_ENTRY = "aws:eks/accessEntry:AccessEntry"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
FARGATE_PROFILE = "aws:eks/fargateProfile:FargateProfile"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
ROLE = "aws:iam/role:Role"

ADDON_NAMESPACES = {
    "amazon-cloudwatch-observability": "amazon-cloudwatch",
    "aws-ebs-csi-driver": "kube-system",
    "aws-efs-csi-driver": "kube-system",
    "aws-mountpoint-s3-csi-driver": "kube-system",
    "vpc-cni": "kube-system",
}
"""Where an add-on runs that may be given an identity (EKS user guide, "AWS add-ons")."""


@dataclass(frozen=True)
class Association:
    """A Pod Identity association, a resource of its own or made by EKS for an add-on. Names are `UNKNOWN` where preview
    cannot tell, None where nothing is known of the add-on."""

    member: Member
    cluster: str | None
    namespace: Any
    account: Any
    of_addon: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it says for whom it is."""
        return isinstance(self.namespace, str) and isinstance(self.account, str)


def associations(stack: Stack) -> list[Association]:
    """Every association that comes with the stack."""
    return stack.once(_associations)


def cluster_of(stack: Stack, member: Member) -> str | None:
    """The URN of the stack's cluster that a resource names, by where the name comes from or by the name itself.
    Clusters of two regions may share a name: then the provider tells."""
    found = stack.inside(member.sources.get("clusterName", ()), CLUSTER)
    if len(found) == 1:
        return found.pop()
    name = member.properties.get("clusterName")
    same = stack.once(_clusters_by_name).get(name, []) if isinstance(name, str) else []
    nearest = [one for one in same if one.provider == member.provider] or same
    return nearest[0].urn if len(nearest) == 1 else None


def of_cluster(stack: Stack, kind: str, cluster: str | None) -> Sequence[Member]:
    """The resources of a type that name a cluster, or may; of any where the cluster is not told."""
    return stack.once(_of_clusters, kind).of(cluster)


def cluster_behind(stack: Stack, urn: str | None) -> str | None:
    """The URN of the one cluster that a resource (a Kubernetes provider) leans on."""
    if urn is None:
        return None
    found = stack.behind(urn).both(stack.once(_every_cluster))
    return next(iter(found)) if len(found) == 1 else None


def may_be_same(cluster: str | None, other: str | None) -> bool:
    """Whether two things may belong to one cluster: None stands for one that is not told."""
    return cluster is None or other is None or cluster == other


def label(urn: str) -> str:
    """A resource's name in its program."""
    return urn.rpartition("::")[2]


def _associations(stack: Stack) -> list[Association]:
    return [*_by_themselves(stack), *_of_addons(stack)]


def _by_themselves(stack: Stack) -> Iterator[Association]:
    for member in stack.of_type(ASSOCIATION):
        said = member.properties
        yield Association(member, cluster_of(stack, member), said.get("namespace"), said.get("serviceAccount"))


def _of_addons(stack: Stack) -> Iterator[Association]:
    for member in stack.of_type(ADDON):
        given = member.properties.get("podIdentityAssociations")
        for one in known_list(given):
            account = mapping_of(one).get("serviceAccount") if one is not UNKNOWN else UNKNOWN
            namespace = ADDON_NAMESPACES.get(str(member.properties.get("addonName")))
            yield Association(member, cluster_of(stack, member), namespace, account, of_addon=True)


def _every_cluster(stack: Stack) -> Urns:
    return stack.among(one.urn for one in stack.of_type(CLUSTER))


def _clusters_by_name(stack: Stack) -> dict[Any, list[Member]]:
    found: dict[Any, list[Member]] = {}
    for cluster in stack.of_type(CLUSTER):
        if isinstance(name := cluster.properties.get("name"), str):
            found.setdefault(name, []).append(cluster)
    return found


def _of_clusters(stack: Stack, kind: str) -> Near[Member]:
    return Near((None, cluster_of(stack, one), one) for one in stack.of_type(kind))
