"""The policy `subnet-ip-exhaustion`: subnets hold the nodes that node groups and pools may bring into them.

Judged are the stack's own subnets; what others have put into them is not counted.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv4Network
from typing import Any

from pokayoke_eks.rules.architectures import DEFAULT_INSTANCE_TYPE
from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.json_text import from_json
from pokayoke_eks.rules.pod_density import EXHAUSTION
from pokayoke_eks.rules.pools import types_of
from pokayoke_eks.rules.quantities import quantity
from pokayoke_eks.rules.subnet_room import Plugin, exhausted, fewest_nodes

from .eks import ADDON, NODE_GROUP, cluster_of, of_cluster
from .inventory import Held, installs_near, known_map, objects_of
from .near import Near
from .node_groups import template_of
from .placement import read_requirements
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, list_at, mapping_at, mapping_of, stated
from .references import names_others, referred
from .routes import SUBNET
from .selection import node_classes, selected_subnets, terms_of
from .stack import Member, Stack

_POOL = "karpenter.sh/NodePool"
_OTHER_PLUGINS = ("calico", "cilium", "tigera-operator")
_TYPE = "node.kubernetes.io/instance-type"
_FAMILY, _CPU = "karpenter.k8s.aws/instance-family", "karpenter.k8s.aws/instance-cpu"


@dataclass(frozen=True)
class Demand:
    """What brings nodes, how many at most, and the addresses that they take at least."""

    member: Member
    place: str
    subnets: frozenset[str]
    nodes: int
    addresses: int


def subnets_hold_their_nodes(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """All that comes into a set of subnets, and into no others, fits there."""
    unknown: list[NotKnownError] = []
    demands = sorted((*_of_groups(stack, unknown), *_of_pools(stack, unknown)), key=lambda one: len(one.subnets))
    full: set[frozenset[str]] = set()
    for subnets, inside in _within(demands).items():
        ranges = _ranges(stack, subnets, unknown)
        if ranges is None or any(one.subnets in full for one in inside):
            continue
        needed, nodes = sum(one.addresses for one in inside), sum(one.nodes for one in inside)
        finding = exhausted(ranges, needed, nodes)
        if finding:
            full.add(subnets)
            most = max(inside, key=lambda one: (one.addresses, one.member.urn))
            yield most.member.urn, finding.at(most.place)
    if unknown:
        raise unknown[0]


RULE = Rule(EXHAUSTION, stack=(subnets_hold_their_nodes,))


def _within(demands: Sequence[Demand]) -> dict[frozenset[str], list[Demand]]:
    """By sets of subnets, what comes into these and into no others: looked up by one subnet, which the fewest share."""
    often = Counter(urn for one in demands for urn in one.subnets)
    by_one: dict[str, list[tuple[int, Demand]]] = {}
    for place, one in enumerate(demands):
        by_one.setdefault(min(one.subnets, key=often.__getitem__), []).append((place, one))
    found: dict[frozenset[str], list[Demand]] = {}
    for subnets in dict.fromkeys(one.subnets for one in demands):
        near = dict(placed for urn in subnets for placed in by_one.get(urn, ()))
        found[subnets] = [near[place] for place in sorted(near) if near[place].subnets <= subnets]
    return found


def _of_groups(stack: Stack, unknown: list[NotKnownError]) -> Iterator[Demand]:
    for group in stack.of_type(NODE_GROUP):
        subnets = frozenset(one.urn for one in referred(stack, group, "subnetIds", SUBNET))
        if not subnets or names_others(stack, group, "subnetIds", SUBNET):
            continue
        try:
            most = quantity(stated(group.properties, "scalingConfig", "maxSize"))
            types = _types_of_group(group, template_of(stack, group))
        except NotKnownError as error:
            unknown.append(error)
            continue
        nodes = int(most or 0)
        least = stack.once(_plugin, cluster_of(stack, group)).least(types)
        yield Demand(group, "subnetIds: ", subnets, nodes, nodes * least)


def _types_of_group(group: Member, template: Member | None) -> list[str]:
    types = list_at(group.properties, "instanceTypes")
    of_template = stated(template.properties, "instanceType") if template else None
    if UNKNOWN in types:
        raise NotKnownError(("instanceTypes",))
    return [str(one) for one in types] or [str(of_template or DEFAULT_INSTANCE_TYPE)]


def _of_pools(stack: Stack, unknown: list[NotKnownError]) -> Iterator[Demand]:
    classes = Near((one.metadata.get("name"), one.cluster, one) for one in node_classes(stack))
    for pool in objects_of(stack, _POOL):
        try:
            types, nodes = _nodes_of_pool(pool)
        except NotKnownError as error:
            unknown.append(error)
            continue
        template = known_map(known_map(pool.spec.get("template")).get("spec"))
        name = known_map(template.get("nodeClassRef")).get("name")
        near = classes.of(pool.cluster, name)
        found = frozenset(one.urn for one in selected_subnets(stack, near[0])) if len(near) == 1 else frozenset[str]()
        if found and len(found) >= len(terms_of(near[0], "subnetSelectorTerms")):
            addresses = nodes * stack.once(_plugin, pool.cluster).least(types)
            yield Demand(pool.member, f"{pool.place}spec.limits: ", found, nodes, addresses)


def _nodes_of_pool(pool: Held) -> tuple[tuple[str, ...], int]:
    """The types that a pool lists, and how many nodes its limits allow at least; none where it does not tell."""
    requirements = read_requirements(pool.content, "spec", "template", "spec", "requirements")
    listed = {one.key: one.values for one in requirements if one.operator == "In"}
    cpus = tuple(int(found) for value in listed.get(_CPU, ()) if (found := quantity(value)) is not None)
    types = types_of(listed.get(_TYPE, ()), () if _TYPE in listed else listed.get(_FAMILY, ()), cpus)
    replicas = quantity(stated(pool.content, "spec", "replicas"))
    if replicas is not None:
        return types, int(replicas)
    limits = mapping_at(pool.content, "spec", "limits")
    if UNKNOWN in limits.values():
        raise NotKnownError(("limits",))
    return types, fewest_nodes(types, limits.get("cpu"), limits.get("memory")) or 0


def _ranges(stack: Stack, subnets: frozenset[str], unknown: list[NotKnownError]) -> list[IPv4Network] | None:
    found: list[IPv4Network] = []
    for urn in sorted(subnets):
        said = stack.members[urn].properties.get("cidrBlock")
        if said is UNKNOWN:
            unknown.append(NotKnownError(("cidrBlock",)))
            return None
        try:
            found.append(IPv4Interface(said).network)
        except (ValueError, TypeError):
            return None
    return found


def _plugin(stack: Stack, cluster: str | None) -> Plugin:
    """How pods of a cluster get their addresses."""
    network = known_map(stack.members[cluster].properties.get("kubernetesNetworkConfig")) if cluster else {}
    if any(installs_near(stack, cluster, *_OTHER_PLUGINS)) or network.get("ipFamily") in ("ipv6", UNKNOWN):
        return Plugin(from_the_subnet=False)
    env: dict[str, Any] = {}
    for install in installs_near(stack, cluster, "aws-vpc-cni"):
        env.update(known_map(known_map(install.values).get("env")))
    for addon in of_cluster(stack, ADDON, cluster):
        if addon.properties.get("addonName") == "vpc-cni":
            said = addon.properties.get("configurationValues")
            if said is UNKNOWN:
                return Plugin(from_the_subnet=False)
            env.update(known_map(mapping_of(from_json(said)).get("env")))
    return Plugin.configured(env)
