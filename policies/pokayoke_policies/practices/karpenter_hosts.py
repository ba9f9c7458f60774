"""What is asked of the nodes that Karpenter itself runs on: that others make them, and that they are enough."""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.quantities import quantity
from pokayoke_eks.rules.taints import BLOCKING, Taint
from pokayoke_policies.balancers import brings_its_own
from pokayoke_policies.eks import FARGATE_PROFILE, NODE_GROUP, of_cluster
from pokayoke_policies.inventory import Install, installs, installs_near
from pokayoke_policies.placement import OTHER_NODES
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice
from pokayoke_policies.raw import UNKNOWN, NotKnownError, known_mappings_at, list_of, mapping_at, over, stated
from pokayoke_policies.stack import Member, Stack

_TOLERATIONS = [{"key": "CriticalAddonsOnly", "operator": "Exists"}]
_REPLICAS = 2
"""Both left out (values of Karpenter's chart, 1.14)."""
_APART = ("affinity", "podAntiAffinity")

HOSTS = Practice(
    "nodes-host-karpenter",
    "Karpenter's own pods have too few nodes to run on",
    "they keep off the nodes that Karpenter makes, one to a node, and wait, and with them every pod",
    "Set scalingConfig: {minSize: 2, desiredSize: 2, maxSize: 3} in a node group of the cluster.",
    "EKS best practices, autoscaling/karpenter; values of Karpenter's chart; EKS API reference, NodegroupScalingConfig",
)


def karpenter_has_nodes(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Each release of Karpenter in a cluster of the stack of which it is told what nodes it has."""

    def judged(install: Install) -> Iterator[tuple[str, Finding]]:
        cluster = install.cluster
        if cluster is None or install.values is None or brings_its_own(stack, cluster):
            return
        if of_cluster(stack, FARGATE_PROFILE, cluster) or any(stack.of_type(*OTHER_NODES)):
            return
        said = install.value("replicas")
        if said is UNKNOWN:
            raise NotKnownError(("values", "replicas"))
        replicas = _REPLICAS if said is None else int(quantity(said) or 0)
        # What is said of it stands in the place of one to a node.
        wanted = replicas if stated(install.values, *_APART) is None else min(replicas, 1)
        groups = [one for one in of_cluster(stack, NODE_GROUP, cluster) if _takes(one, install)]
        scaled = any(installs_near(stack, cluster, "cluster-autoscaler"))
        size = sum(int(_size(one, "maxSize" if scaled else "desiredSize") or 0) for one in groups)
        if size < wanted:
            problem = f"its {replicas} pods want {wanted} nodes of node groups, and these have {size} for them"
            yield install.member.urn, HOSTS.finding("values.replicas", problem)

    yield from over(installs(stack, "karpenter"), judged)


def sizes_fit(group: Mapping[str, Any]) -> Iterator[Finding]:
    """A node group's least size is not more than it begins with, nor that more than its most."""
    scaling = mapping_at(group, "scalingConfig")
    for low, high in (("minSize", "desiredSize"), ("desiredSize", "maxSize"), ("minSize", "maxSize")):
        less, more = quantity(stated(scaling, low)), quantity(stated(scaling, high))
        if less is not None and more is not None and less > more:
            problem = f"it is more than {high}, and EKS refuses that"
            yield HOSTS.finding(f"scalingConfig.{low}", problem)


RULES = (Rule(HOSTS.slug, judges={NODE_GROUP: (sizes_fit,)}, stack=(karpenter_has_nodes,), practice=HOSTS),)


def _takes(group: Member, install: Install) -> bool:
    """Whether Karpenter's pods tolerate the taints of a node group."""
    said = install.value("tolerations")
    if said is UNKNOWN:
        return True
    tolerations = _TOLERATIONS if said is None else list_of(said)
    taints = [Taint.read(one) for one in known_mappings_at(group.properties, "taints")]
    return all(one.is_tolerated(tolerations) for one in taints if one.effect in BLOCKING)


def _size(group: Member, key: str) -> Any:
    return quantity(stated(group.properties, "scalingConfig", key))
