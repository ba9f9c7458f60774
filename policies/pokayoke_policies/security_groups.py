"""The policy `control-plane-ports-blocked`: nodes reach the API server on 443, it reaches their kubelets on 10250.

EKS's own group of a cluster lets all of it through. Nodes that carry other groups instead need the rules.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.ports import lets_through

from .eks import CLUSTER, NODE_GROUP, cluster_of, label
from .inventory import known_map, objects_of
from .network_acls import SLUG, acls_let_them_through
from .node_groups import template_of
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, list_of, mapping_of, over
from .references import is_given, names_others, referred, referring
from .selection import KARPENTERS_CLASS, terms_of
from .stack import Member, Stack

GROUP = "aws:ec2/securityGroup:SecurityGroup"
_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
_DIRECTED = {
    "ingress": "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "egress": "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
}
API, KUBELET = 443, 10250


@dataclass(frozen=True)
class Nodes:
    """What starts nodes of a cluster, and the groups that they carry, all of them the stack's own."""

    member: Member
    place: str
    """Where it says which."""
    cluster: str | None
    groups: list[Member]


def nodes_and_control_plane_meet(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Whatever groups the nodes carry, 10250 is open to the control plane, and 443 to them."""

    def judged(nodes: Nodes) -> Iterator[tuple[str, Finding]]:
        for finding in blocked(stack, nodes):
            yield nodes.member.urn, finding

    yield from over(_nodes_with_groups_of_their_own(stack), judged)


RULE = Rule(SLUG, stack=(nodes_and_control_plane_meet, acls_let_them_through))


def _nodes_with_groups_of_their_own(stack: Stack) -> Iterator[Nodes]:
    for group in stack.of_type(NODE_GROUP):
        try:
            template = template_of(stack, group)
        except NotKnownError:
            continue
        if template is None:
            continue
        for key in ("vpcSecurityGroupIds", "networkInterfaces"):
            found = _only_own(stack, template, key)
            if found:
                yield Nodes(group, "launchTemplate", cluster_of(stack, group), found)
    for held in objects_of(stack, KARPENTERS_CLASS):
        found = _only_own(stack, held.member, "spec")
        terms = terms_of(held, "securityGroupSelectorTerms")
        if found and all(term is UNKNOWN or "id" in term for term in terms):
            place = f"{held.place}spec.securityGroupSelectorTerms"
            yield Nodes(held.member, place, held.cluster, found)


def _only_own(stack: Stack, member: Member, key: str) -> list[Member]:
    """The groups that a property names, where it names the stack's own alone and not the cluster's."""
    if stack.inside(member.sources.get(key, ()), CLUSTER):
        return []
    found = referred(stack, member, key, GROUP)
    ids = member.properties.get(key) if key == "vpcSecurityGroupIds" else None
    others = ids is not None and ids is not UNKNOWN and names_others(stack, member, key, GROUP)
    return [] if others else found


def blocked(stack: Stack, nodes: Nodes) -> Iterator[Finding]:
    """What the groups of nodes keep from passing between them and the control plane."""
    names = ", ".join(f"'{label(group.urn)}'" for group in nodes.groups)
    cluster = stack.members[nodes.cluster] if nodes.cluster else None
    beside = referred(stack, cluster, "vpcConfig", GROUP) if cluster else []
    if not any(_admits(stack, group, "ingress", KUBELET, own=group in beside) for group in nodes.groups):
        yield Finding(
            f"{nodes.place}: its nodes carry {names} and not the cluster's own group, and no rule of theirs admits the "
            f"control plane to the kubelet on {KUBELET}",
            f"Add the cluster's group (vpc_config.cluster_security_group_id), or admit it on {API} and {KUBELET}.",
            SLUG,
        )
    if not any(_admits(stack, group, "egress", API, own=True) for group in nodes.groups):
        yield Finding(
            f"{nodes.place}: no rule of {names} lets its nodes out on {API}: they reach neither the API server nor a "
            "registry (of a group without egress rules the provider takes AWS's own off)",
            'Add egress: [{protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"]}], '
            "or take the cluster's group.",
            SLUG,
        )
    if cluster is not None and _only_private(cluster) and not _api_admits(stack, cluster, beside):
        yield Finding(
            f"{nodes.place}: its nodes carry {names} and not the cluster's own group, and no rule of the control "
            f"plane's groups admits them on {API}",
            f"Add the cluster's group, or a rule on it that admits the nodes' group on {API}.",
            SLUG,
        )


def _only_private(cluster: Member) -> bool:
    """Whether nodes reach the API server inside the VPC alone."""
    return known_map(cluster.properties.get("vpcConfig")).get("endpointPrivateAccess") is True


def _api_admits(stack: Stack, cluster: Member, beside: list[Member]) -> bool:
    if any(_admits(stack, group, "ingress", API) for group in beside):
        return True
    for member in _separate(stack, "ingress"):
        named = member.properties.get("securityGroupId")
        of_cluster = cluster.urn in member.sources.get("securityGroupId", ())
        unknown_group = isinstance(named, str) and not referred(stack, member, "securityGroupId", GROUP)
        if (of_cluster or unknown_group) and _holds(member.properties, API):
            return True
    return False


def _admits(stack: Stack, group: Member, direction: str, port: int, *, own: bool = False) -> bool:
    """Whether a rule of a group holds a port; one for the group itself counts with `own`."""
    inline = group.properties.get(direction)
    if inline is UNKNOWN:
        raise NotKnownError((direction,))
    for raw in list_of(inline):
        if raw is UNKNOWN or (_holds(mapping_of(raw), port) and (own or not _of_itself_alone(mapping_of(raw)))):
            return True
    for member in _separate(stack, direction, group):
        if _holds(member.properties, port):
            source = referred(stack, member, "referencedSecurityGroupId", GROUP)
            if own or not (_of_itself_alone(member.properties) or source == [group]):
                return True
    return False


def _separate(stack: Stack, direction: str, group: Member | None = None) -> Iterator[Member]:
    """The rules that are resources of their own: a group's, or all."""
    for kind in (_RULE, _DIRECTED[direction]):
        found = stack.of_type(kind) if group is None else referring(stack, kind, "securityGroupId", group)
        for member in found:
            if kind != _RULE or member.properties.get("type") in (direction, UNKNOWN):
                yield member


def _holds(rule: Mapping[str, Any], port: int) -> bool:
    protocol = rule.get("protocol", rule.get("ipProtocol"))
    return protocol is UNKNOWN or lets_through(protocol, rule.get("fromPort"), rule.get("toPort"), port)


def _of_itself_alone(rule: Mapping[str, Any]) -> bool:
    others = ("cidrBlocks", "ipv6CidrBlocks", "securityGroups", "prefixListIds", "sourceSecurityGroupId")
    return rule.get("self") is True and not any(is_given(rule.get(key)) for key in others)
