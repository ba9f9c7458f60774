"""What is asked of spot capacity: many types to choose from, and nothing on it that keeps state."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from pokayoke_eks.instances import names
from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.pools import FEWEST_SPOT_TYPES, FEWEST_SPOT_TYPES_BESIDE_ON_DEMAND
from pokayoke_eks.rules.scheduling import POOL, TYPE, Requirement, types_that_meet
from pokayoke_eks.rules.workloads import POD_SPECS
from pokayoke_policies.eks import NODE_GROUP
from pokayoke_policies.inventory import Held, objects_of
from pokayoke_policies.near import hashable
from pokayoke_policies.node_groups import template_of
from pokayoke_policies.placement import read_requirements
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, each, number
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_at, mapping_at, over, stated
from pokayoke_policies.stack import Member, Stack

_POOL_KIND = "karpenter.sh/NodePool"
_CAPACITY = "karpenter.sh/capacity-type"
_CAPACITY_OF_GROUPS = "eks.amazonaws.com/capacityType"
_REQUIREMENTS = ("spec", "template", "spec", "requirements")
_AFFINITY = ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
_STATEFUL = "apps/StatefulSet"

FEW_TYPES = Practice(
    "spot-types-diverse",
    "Spot nodes are to be of one of few instance types",
    "when those run out all nodes are taken away at once, and none come",
    "List types of several families and sizes, e.g. instanceTypes: [m6g.large, m7g.large, c7g.xlarge, r7g.large], or "
    "let a pool take on-demand capacity besides.",
    "EKS best practices, autoscaling/karpenter; EC2 user guide, best practices for Amazon EC2 Spot",
    {
        "leastTypes": number(FEWEST_SPOT_TYPES, 1, "The fewest instance types of spot nodes."),
        "leastTypesBesideOnDemand": number(
            FEWEST_SPOT_TYPES_BESIDE_ON_DEMAND, 1, "The fewest where on-demand capacity may step in."
        ),
    },
)
STATEFUL = Practice(
    "spot-not-stateful",
    "What keeps state runs on spot nodes",
    "two minutes after a notice its node is gone, whether it has handed its state over or not",
    'Select karpenter.sh/capacity-type: "on-demand" for it.',
    "EKS best practices, autoscaling/karpenter; EC2 user guide, best practices for Amazon EC2 Spot",
)


def few_types(settings: Mapping[str, Any]) -> Rule:
    """A pool or node group that takes spot capacity has so many types to choose from."""

    def finding(place: str, found: int, *, alone: bool) -> Iterator[Finding]:
        least = settings["leastTypes" if alone else "leastTypesBesideOnDemand"]
        if found < least:
            beside = "" if alone else " even beside on-demand capacity"
            yield FEW_TYPES.finding(place, f"{found} instance types, and {least:g} are the fewest{beside}")

    def of_pool(node_pool: Mapping[str, Any]) -> Iterator[Finding]:
        requirements = read_requirements(node_pool, *_REQUIREMENTS)
        capacity = _capacity(requirements)
        if "spot" not in capacity:
            return
        others = tuple(one for one in requirements if one.key != _CAPACITY)
        listed = [one.values for one in others if one.key == TYPE and one.operator == "In"]
        found = len(types_that_meet(others, tuple(listed[0]) if listed else names()))
        yield from finding(".".join(_REQUIREMENTS), found, alone=capacity == {"spot"})

    def of_groups(stack: Stack) -> Iterator[tuple[str, Finding]]:
        def judged(group: Member) -> Iterator[tuple[str, Finding]]:
            found = _types_of_spot_group(stack, group)
            if found is not None:
                yield from ((group.urn, one) for one in finding("instanceTypes", found, alone=True))

        yield from over(stack.of_type(NODE_GROUP), judged)

    return Rule(
        FEW_TYPES.slug,
        kinds={_POOL_KIND: (of_pool,)},
        patches=(_POOL_KIND,),
        stack=(of_groups,),
        practice=FEW_TYPES,
        tuned=few_types,
    )


def asks_for_no_spot(kind: str, workload: Mapping[str, Any]) -> Iterator[Finding]:
    """What keeps state does not ask for spot capacity itself."""
    spec = mapping_at(workload, *POD_SPECS[kind])
    asked = list(_asks(spec))
    if asked and _keeps_state(kind, spec):
        path = ".".join(POD_SPECS[kind])
        yield from (STATEFUL.finding(f"{path}.{place}", f"it asks for {what}") for place, what in asked)


def is_in_no_spot_pool(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Nor for a pool of the stack, by name or by label, that takes spot capacity alone."""
    unknown: NotKnownError | None = None
    pools: list[_Pool] = []
    for pool in objects_of(stack, _POOL_KIND):
        try:
            capacity = _capacity(read_requirements(pool.content, *_REQUIREMENTS))
            labels = mapping_at(pool.content, "spec", "template", "metadata", "labels")
        except NotKnownError as error:
            unknown = error
            continue
        pools.append(_Pool(pool.cluster, {**labels, POOL: pool.metadata.get("name")}, capacity == {"spot"}))
    by_labels = _ByLabels(pools)

    def judged(held: Held) -> Iterator[tuple[str, Finding]]:
        spec = mapping_at(held.content, *POD_SPECS[held.key])
        selector = mapping_at(spec, "nodeSelector")
        if by_labels.asked(held.cluster, selector) == {True} and _keeps_state(held.key, spec):
            place = f"{held.place}{'.'.join(POD_SPECS[held.key])}.nodeSelector"
            yield held.member.urn, STATEFUL.finding(place, "it selects a pool of spot capacity alone")

    yield from over(objects_of(stack, *POD_SPECS) if pools else (), judged)
    if unknown is not None:
        raise unknown


RULES = (
    few_types(FEW_TYPES.set_by({})),
    Rule(
        STATEFUL.slug,
        kinds={kind: (partial(asks_for_no_spot, kind),) for kind in POD_SPECS},
        patches=POD_SPECS,
        stack=(is_in_no_spot_pool,),
        practice=STATEFUL,
    ),
)


def _asks(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Where a pod's spec asks for spot capacity, and by what."""
    selector = mapping_at(spec, "nodeSelector")
    for key, value in ((_CAPACITY, "spot"), (_CAPACITY_OF_GROUPS, "SPOT")):
        if stated(selector, key) == value:
            yield "nodeSelector", f"{key}: {value}"
    terms = [one for _, one in each(list_at(spec, *_AFFINITY))]
    capacities = [_capacity(read_requirements(one, "matchExpressions")) for one in terms]
    if capacities and all(one == {"spot"} for one in capacities):
        yield "affinity", f"{_CAPACITY}: spot"


def _capacity(requirements: tuple[Requirement, ...]) -> set[str]:
    """The kinds of capacity that requirements leave; none where they do not speak of it."""
    spoken = [one for one in requirements if one.key == _CAPACITY]
    return {value for value in ("spot", "on-demand") if spoken and all(one.allows(value) for one in spoken)}


def _types_of_spot_group(stack: Stack, group: Member) -> int | None:
    """How many instance types a node group has; None where it is of no spot capacity, or where its template is not of
    the stack, or asks for types by what they have."""
    if stated(group.properties, "capacityType") != "SPOT":
        return None
    types = list_at(group.properties, "instanceTypes")
    if types:
        return len({one for one in types if isinstance(one, str)} | {one for one in types if one is UNKNOWN})
    named = mapping_at(group.properties, "launchTemplate")
    template = template_of(stack, group)
    # A template names one type; without any EKS takes one of its own (EKS API reference, CreateNodegroup).
    return None if named and (template is None or template.properties.get("instanceRequirements")) else 1


def _keeps_state(kind: str, spec: Mapping[str, Any]) -> bool:
    """Whether it is a StatefulSet, or its pods claim volumes."""
    return kind == _STATEFUL or any(one.get("persistentVolumeClaim") for _, one in each(list_at(spec, "volumes")))


class _Pool(NamedTuple):
    cluster: str | None
    labels: Mapping[str, Any]
    is_spot: bool


class _ByLabels:
    """Pools by the labels that they give their nodes."""

    def __init__(self, pools: Iterable[_Pool]) -> None:
        self._pools: dict[str | None, dict[frozenset[str], list[_Pool]]] = {}
        """By cluster, and by the keys of the labels."""
        self._known: dict[Hashable, dict[Hashable, set[bool]]] = {}
        for one in pools:
            self._pools.setdefault(one.cluster, {}).setdefault(frozenset(one.labels), []).append(one)

    def asked(self, cluster: str | None, selector: Mapping[str, Any]) -> set[bool]:
        """Whether those take spot capacity alone for which a selector asks, as far as they say: one that has none of
        its labels is none of them."""
        found: set[bool] = set()
        for keys in self._pools.get(cluster, {}):
            shared = tuple(sorted(keys & selector.keys()))
            if shared:
                found |= self._by_values(cluster, keys, shared).get(_values(selector, shared), set())
        return found

    def _by_values(
        self, cluster: str | None, keys: frozenset[str], shared: tuple[str, ...]
    ) -> dict[Hashable, set[bool]]:
        asked = cluster, keys, shared
        if asked not in self._known:
            by = self._known[asked] = {}
            for one in self._pools[cluster][keys]:
                by.setdefault(_values(one.labels, shared), set()).add(one.is_spot)
        return self._known[asked]


def _values(labels: Mapping[str, Any], keys: Iterable[str]) -> Hashable:
    return tuple(hashable(labels[key]) for key in keys)
