"""What is asked of security groups that say whose they are: one of them to a node."""

from collections.abc import Iterator

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.discovery import clusters_own_group
from pokayoke_policies.eks import CLUSTER, NODE_GROUP, cluster_of, label
from pokayoke_policies.inventory import Held, known_map, objects_of
from pokayoke_policies.node_groups import template_of
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice
from pokayoke_policies.raw import UNKNOWN, NotKnownError, over
from pokayoke_policies.references import is_given, referred
from pokayoke_policies.security_groups import GROUP
from pokayoke_policies.selection import KARPENTERS_CLASS, candidate, in_question, meets, terms_of
from pokayoke_policies.stack import Member, Stack

_OWNED = "kubernetes.io/cluster/{}"
_TERMS = "securityGroupSelectorTerms"

SINGLE = Practice(
    "sg-single-cluster-tag",
    "Two security groups of a node say that they are the cluster's",
    "the load balancer controller expects one, and leaves load balancers without a way to the pods",
    'Take the tag "kubernetes.io/cluster/NAME" off the group that is not EKS\'s own.',
    "AWS Load Balancer Controller, gateway guide; Karpenter, NodeClasses; EKS best practices, networking/sgpp",
)


def nodes_have_one_group_of_the_cluster(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Node groups by their launch templates, and Karpenter's node classes, of clusters whose names are known."""

    def judged(nodes: Member | Held) -> Iterator[tuple[str, Finding]]:
        urn = nodes.cluster if isinstance(nodes, Held) else cluster_of(stack, nodes)
        cluster = stack.members[urn] if urn else None
        name = cluster.properties.get("name") if cluster else None
        if cluster is None or not isinstance(name, str):
            return
        of_class = isinstance(nodes, Held)
        carried = _of_class(stack, nodes, cluster) if of_class else _of_template(stack, nodes)
        names = [label(one.urn) if one != cluster else "EKS's own" for one in carried if _is_its(stack, one, cluster)]
        if len(names) > 1:
            member, place = (nodes.member, f"{nodes.place}spec.{_TERMS}") if of_class else (nodes, "launchTemplate")
            problem = f"{' and '.join(names)} carry the tag {_OWNED.format(name)}"
            yield member.urn, SINGLE.finding(place, problem)

    yield from over((*stack.of_type(NODE_GROUP), *objects_of(stack, KARPENTERS_CLASS)), judged)


RULES = (Rule(SINGLE.slug, stack=(nodes_have_one_group_of_the_cluster,), practice=SINGLE),)


def _is_its(stack: Stack, group: Member, cluster: Member) -> bool:
    return group == cluster or _OWNED.format(cluster.properties["name"]) in candidate(stack, group).tags


def _of_template(stack: Stack, nodes: Member) -> list[Member]:
    """The groups that a node group's launch template names; the cluster stands for the one that EKS made for it."""
    template = template_of(stack, nodes)
    if template is None:
        return []
    found = (referred(stack, template, key, GROUP, CLUSTER) for key in ("vpcSecurityGroupIds", "networkInterfaces"))
    return list({one.urn: one for listed in found for one in listed}.values())


def _of_class(stack: Stack, nodes: Held, cluster: Member) -> list[Member]:
    """The groups that a node class selects, by the same rule."""
    if UNKNOWN in (terms := terms_of(nodes, _TERMS)):
        raise NotKnownError(("spec", _TERMS))
    ids = [one["id"] for one in terms if is_given(one.get("id"))]
    by_tag = [one for one in terms if "tags" in one or "name" in one]
    told = {one.urn: meets(by_tag, [candidate(stack, one)]) for one in in_question(stack, (GROUP,), cluster, by_tag)}
    if None in told.values():
        raise NotKnownError(("spec", _TERMS))
    found = {urn: stack.members[urn] for urn, is_met in told.items() if is_met}
    named = referred(stack, nodes.member, "spec", GROUP)
    found.update((one.urn, one) for one in named)
    own = known_map(cluster.properties.get("vpcConfig")).get("clusterSecurityGroupId")
    # Whose id it is that only `up` tells, is told by where it comes from.
    is_named = own in ids or (UNKNOWN in ids and len(named) < len(ids) and _comes_from(nodes.member, cluster))
    if is_named or meets(by_tag, [clusters_own_group(stack, cluster)]):
        found[cluster.urn] = cluster
    return list(found.values())


def _comes_from(member: Member, cluster: Member) -> bool:
    return cluster.urn in member.sources.get("spec", ())
