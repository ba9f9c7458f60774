"""What is asked so that nodes can be replaced: a budget for more than one replica, and one that can be met.

Judged are workloads and budgets that the stack shows; what charts bring in a release is not seen.
"""

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.quantities import quantity
from pokayoke_eks.rules.selectors import selects
from pokayoke_policies.eks import label
from pokayoke_policies.inventory import Held, known_map, objects_of
from pokayoke_policies.near import Near, hashable
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice
from pokayoke_policies.raw import UNKNOWN, NotKnownError, mapping_at, over, stated
from pokayoke_policies.stack import Stack

_BUDGET = "policy/PodDisruptionBudget"
SCALER = "autoscaling/HorizontalPodAutoscaler"
_WORKLOADS = ("apps/Deployment", "apps/StatefulSet", "apps/ReplicaSet")
_ALL = "100%"

DRAINABLE = Practice(
    "pdb-drainable",
    "A workload has no disruption budget, or one that lets no pod go",
    "a drain takes all of its pods at once, or waits for ever",
    "Make a PodDisruptionBudget with maxUnavailable: 1 that selects its pods, and two replicas or more.",
    "EKS best practices, upgrades and reliability/application; Karpenter, disruption",
)


def budget_lets_a_pod_go(budget: Mapping[str, Any]) -> Iterator[Finding]:
    """A budget that holds every pod, however many there are."""
    if stated(budget, "spec", "maxUnavailable") in (0, "0%"):
        yield DRAINABLE.finding("spec.maxUnavailable", "it is zero")
    if stated(budget, "spec", "minAvailable") == _ALL:
        yield DRAINABLE.finding("spec.minAvailable", "it is all of them")


def replicas_have_a_budget(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Two replicas or more have one budget, which lets one of them go."""

    def judged(held: Held) -> Iterator[tuple[str, Finding]]:
        replicas = least_replicas(stack, held)
        own = selecting(stack, held, _BUDGET, ("spec", "selector", "matchLabels"), _selects)
        if not own and replicas > 1:
            problem = f"{replicas} replicas, and no budget of the stack selects their pods"
            yield held.member.urn, DRAINABLE.finding(f"{held.place}spec.replicas", problem)
        if len(own) > 1:
            problem = f"the pods of '{label(held.member.urn)}' have another budget too, and none of them is evicted"
            yield own[1].member.urn, DRAINABLE.finding(f"{own[1].place}spec.selector", problem, "Keep one of them.")
        for budget in own[:1]:
            yield from ((budget.member.urn, one) for one in _held_back(budget, replicas))

    yield from over(objects_of(stack, *_WORKLOADS), judged)


RULES = (
    Rule(
        DRAINABLE.slug,
        kinds={_BUDGET: (budget_lets_a_pod_go,)},
        patches=(_BUDGET,),
        stack=(replicas_have_a_budget,),
        practice=DRAINABLE,
    ),
)


def least_replicas(stack: Stack, held: Held) -> int:
    """How many there are at the least. Left out it is one, of a workload as of an autoscaler (Kubernetes API reference,
    DeploymentSpec and HorizontalPodAutoscalerSpec)."""
    named = hashable((held.key, held.metadata.get("name"), held.namespace, held.cluster))
    scaler = stack.once(_scalers).get(named)
    said = stated(scaler.content, "spec", "minReplicas") if scaler else stated(held.content, "spec", "replicas")
    least = quantity(said)
    return 1 if least is None else int(least)


def _scalers(stack: Stack) -> dict[Hashable, Held]:
    """The first autoscaler of each workload."""
    found: dict[Hashable, Held] = {}
    for scaler in objects_of(stack, SCALER):
        target = known_map(scaler.spec.get("scaleTargetRef"))
        said = (f"apps/{target.get('kind')}", target.get("name"), scaler.namespace, scaler.cluster)
        found.setdefault(hashable(said), scaler)
    return found


def selecting(
    stack: Stack, held: Held, kind: str, place: tuple[str, ...], selects: Callable[[Held, Mapping[str, Any]], bool]
) -> list[Held]:
    """The objects of a kind that select a workload's pods, by their labels: at this place is which they must have."""
    labels = mapping_at(held.content, "spec", "template", "metadata", "labels")
    near, where = stack.once(_by_label, kind, place), _namespace(held)
    asking = dict(one for label in (None, *_pairs(labels)) for one in near.of(where, (held.cluster, label)))
    for _, one in near.of(where, (held.cluster, UNKNOWN)):
        selects(one, labels)  # Raises: of what is not known yet, one tells as much as all.
    own = [asking[number] for number in sorted(asking) if selects(asking[number], labels)]
    is_known = UNKNOWN not in (*labels.values(), held.namespace, *(one.namespace for one in own))
    if not is_known and stack.once(_by_namespace, kind).of(where, held.cluster):
        raise NotKnownError(("metadata",))
    return own


def _by_namespace(stack: Stack, kind: str) -> Near[Held]:
    """Objects by cluster and namespace: one that is not known may be any."""
    return Near((one.cluster, _namespace(one), one) for one in objects_of(stack, kind))


def _by_label(stack: Stack, kind: str, place: tuple[str, ...]) -> Near[tuple[int, Held]]:
    """The same by the label that the fewest ask for too; None where one asks for none, `UNKNOWN` where it is not known
    for which."""
    wanted = [(one, _asked(one, place)) for one in objects_of(stack, kind)]
    often = Counter(label for _, labels in wanted for label in labels)
    return Near(
        ((one.cluster, min(labels, key=often.__getitem__, default=None)), _namespace(one), (number, one))
        for number, (one, labels) in enumerate(wanted)
    )


def _asked(held: Held, place: tuple[str, ...]) -> list[Hashable]:
    try:
        labels = mapping_at(held.content, *place)
    except NotKnownError:
        return [UNKNOWN]
    return [UNKNOWN] if UNKNOWN in labels.values() else _pairs(labels)


def _pairs(labels: Mapping[str, Any]) -> list[Hashable]:
    return [hashable(label) for label in labels.items()]


def _namespace(held: Held) -> Hashable:
    return None if held.namespace is UNKNOWN else hashable(held.namespace)


def _selects(budget: Held, labels: Mapping[str, Any]) -> bool:
    selector = stated(budget.content, "spec", "selector")
    if UNKNOWN in mapping_at(selector, "matchLabels").values():
        raise NotKnownError(("spec", "selector", "matchLabels"))
    return selector is not None and selects(selector, labels)


def _held_back(budget: Held, replicas: int) -> Iterator[Finding]:
    """Why none of a workload's pods may go, where that is not so of any workload."""
    said = stated(budget.content, "spec", "minAvailable")
    least = _share(said, replicas)
    if least is not None and said != _ALL and 1 <= replicas <= least:
        problem = f"it is {said if isinstance(said, str) else least} of {replicas} replicas"
        yield DRAINABLE.finding(f"{budget.place}spec.minAvailable", problem)


def _share(said: Any, whole: int) -> int | None:
    """A number of pods, or a share of them, rounded up as Kubernetes does (Kubernetes documentation, "Specifying a
    Disruption Budget for your Application")."""
    if isinstance(said, str) and said.endswith("%") and said[:-1].isdigit():
        return math.ceil(Fraction(int(said[:-1]), 100) * whole)
    found = quantity(said)
    return int(found) if found is not None and found.denominator == 1 else None
