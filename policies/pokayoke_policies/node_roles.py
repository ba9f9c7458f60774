"""The policy `node-role-policies-missing`: nodes may register, pull images and give pods addresses.

Judged are the stack's own roles, by all that the stack attaches to them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.node_roles import SLUG, lacking

from .eks import ACCESS_ENTRY, ADDON, CLUSTER, NODE_GROUP, ROLE, Association, associations, cluster_of, of_cluster
from .inventory import Held, installs_near, known_map, objects_of
from .near import Near
from .policy import Rule
from .raw import UNKNOWN, list_of, over
from .references import is_given, referred
from .roles import attached, trusting
from .selection import AUTO_MODES_CLASS, node_classes
from .stack import Member, Stack

_PROFILE = "aws:iam/instanceProfile:InstanceProfile"
_NETWORK_PLUGIN, _ACCOUNT = "vpc-cni", "aws-node"
_OTHER_PLUGINS = ("aws-vpc-cni", "calico", "cilium", "tigera-operator")
"""Charts that bring an identity of their own for pods' addresses, or take none from EC2."""
_ENTRIES = {"EC2_LINUX": True, "EC2_WINDOWS": True, "EC2": False}
"""Types of access entries that admit nodes, and whether the network plugin of those may use their role: on nodes of
Auto Mode (EC2) there is none (EKS user guide, "Access entries")."""


def nodes_may_what_they_must(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Every role with which nodes start is complete."""

    def judged(placed: tuple[str, bool]) -> Iterator[tuple[str, Finding]]:
        urn, network = placed
        given = attached(stack, stack.members[urn])
        finding = None if given.of_another_stack else lacking(given.names, given.statements, network=network)
        if finding and given.unknown:
            raise given.unknown
        if finding:
            yield urn, finding.at("managedPolicyArns: ")

    yield from over(stack.once(roles_of_nodes).items(), judged)


RULE = Rule(SLUG, stack=(nodes_may_what_they_must,))


def roles_of_nodes(stack: Stack) -> dict[str, bool]:
    """The URNs of the roles with which nodes start, and whether what gives pods addresses has no other."""
    found = defaultdict[str, bool](bool)
    for role, network in _roles(stack):
        found[role.urn] |= network
    return found


def _roles(stack: Stack) -> Iterator[tuple[Member, bool]]:
    """The roles of nodes, and whether the network plugin takes its rights from them."""
    for group in stack.of_type(NODE_GROUP):
        for role in _referred_role(stack, group, "nodeRoleArn"):
            yield role, stack.once(_plugin_uses_the_node, cluster_of(stack, group))
    for entry in stack.of_type(ACCESS_ENTRY):
        kind = entry.properties.get("type")
        if isinstance(kind, str) and kind in _ENTRIES:
            for role in _referred_role(stack, entry, "principalArn"):
                yield role, _ENTRIES[kind] and stack.once(_plugin_uses_the_node, cluster_of(stack, entry))
    for cluster in stack.of_type(CLUSTER):
        if is_given(known_map(cluster.properties.get("computeConfig")).get("nodeRoleArn")):
            for role in _referred_role(stack, cluster, "computeConfig"):
                yield role, False
    for node_class in node_classes(stack):
        own = node_class.key == AUTO_MODES_CLASS
        for role in _of_class(stack, node_class):
            yield role, not own and stack.once(_plugin_uses_the_node, node_class.cluster)


def _referred_role(stack: Stack, member: Member, key: str) -> list[Member]:
    """The role that a property names by its ARN, out of a component too where it holds one role alone."""
    found = referred(stack, member, key, ROLE)
    if found:
        return found
    inside = [stack.members[urn] for urn in stack.inside(member.sources.get(key, ()), ROLE)]
    return inside if len(inside) == 1 else []


def _of_class(stack: Stack, node_class: Held) -> Sequence[Member]:
    said = node_class.spec
    sources = {urn for listed in node_class.member.sources.values() for urn in listed}
    profiles = _named(stack, said.get("instanceProfile"), _PROFILE, sources)
    if is_given(said.get("instanceProfile")):
        return [role for profile in profiles for role in referred(stack, profile, "role", ROLE)]
    return _named(stack, said.get("role"), ROLE, sources)


def _named(stack: Stack, name: Any, kind: str, sources: set[str]) -> Sequence[Member]:
    if isinstance(name, str):
        return stack.once(_by_name, kind).of(None, name)
    known = [stack.members[urn] for urn in sources if urn in stack.members] if name is UNKNOWN else []
    found = [one for one in known if one.type == kind]
    return found if len(found) == 1 else []


def _by_name(stack: Stack, kind: str) -> Near[Member]:
    return Near((one.properties.get("name"), None, one) for one in stack.of_type(kind))


def _plugin_uses_the_node(stack: Stack, cluster: str | None) -> bool:
    """Whether the VPC CNI of a cluster has nothing but the node's role."""
    return not (_has_an_identity(stack, cluster) or _is_another(stack, cluster))


def _has_an_identity(stack: Stack, cluster: str | None) -> bool:
    for addon in of_cluster(stack, ADDON, cluster):
        said = addon.properties
        given = any(is_given(said.get(key)) for key in ("podIdentityAssociations", "serviceAccountRoleArn"))
        if given and said.get("addonName") in (_NETWORK_PLUGIN, UNKNOWN):
            return True
    return bool(stack.once(_associated).of(cluster)) or stack.once(_has_a_role_of_irsa)


def _associated(stack: Stack) -> Near[Association]:
    return Near((None, one.cluster, one) for one in associations(stack) if one.account in (_ACCOUNT, UNKNOWN))


def _has_a_role_of_irsa(stack: Stack) -> bool:
    """Whether the plugin's account, in whatever cluster, says a role, or a role trusts it."""
    for held in objects_of(stack, "core/ServiceAccount"):
        if held.metadata.get("name") == _ACCOUNT and known_map(held.metadata.get("annotations")):
            return True
    return bool(trusting(stack, f"system:serviceaccount:kube-system:{_ACCOUNT}"))


def _is_another(stack: Stack, cluster: str | None) -> bool:
    """Whether the stack installs another network plugin, or takes AWS's own away and brings none as an add-on."""
    if any(installs_near(stack, cluster, *_OTHER_PLUGINS)):
        return True
    made = stack.members.get(cluster or "")
    if made is None or made.properties.get("bootstrapSelfManagedAddons") is not False:
        return False
    addons = [one.properties.get("addonName") for one in of_cluster(stack, ADDON, cluster)]
    return not any(name in (_NETWORK_PLUGIN, UNKNOWN) for name in list_of(addons))
