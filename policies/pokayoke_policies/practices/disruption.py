"""What is asked so that nodes can be replaced: a budget for more than one replica, and one that can be met.

Judged are workloads and budgets that the stack shows; what charts bring in a release is not seen.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.quantities import quantity
from pokayoke_eks.rules.selectors import selects
from pokayoke_policies.eks import label
from pokayoke_policies.inventory import Held, known_map, objects_of
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice
from pokayoke_policies.raw import UNKNOWN, NotKnownError, mapping_of, stated
from pokayoke_policies.stack import Stack

_BUDGET = "policy/PodDisruptionBudget"
_SCALER = "autoscaling/HorizontalPodAutoscaler"
_WORKLOADS = ("apps/Deployment", "apps/StatefulSet", "apps/ReplicaSet")

DRAINABLE = Practice(
    "pdb-drainable",
    "A workload has no disruption budget, or one that lets no pod go",
    "a drain takes all of its pods at once, or waits for ever",
    "Make a PodDisruptionBudget with maxUnavailable: 1 that selects its pods, and two replicas or more.",
    "EKS best practices, upgrades and reliability/application; Karpenter, disruption",
)


@dataclass(frozen=True)
class _Workload:
    held: Held
    labels: Mapping[str, Any]
    replicas: int


def budget_lets_a_pod_go(budget: Mapping[str, Any]) -> Iterator[Finding]:
    """A budget that holds every pod, however many there are."""
    if _share(stated(budget, "spec", "maxUnavailable"), 1) == 0:
        yield DRAINABLE.finding("spec.maxUnavailable", "it is zero")
    said = stated(budget, "spec", "minAvailable")
    if isinstance(said, str) and said.endswith("%") and _share(said, 100) == 100:
        yield DRAINABLE.finding("spec.minAvailable", "it is all of them")


def replicas_have_a_budget(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Two replicas or more have one budget, which lets one of them go."""
    unknown: list[NotKnownError] = []
    budgets = objects_of(stack, _BUDGET)
    for workload in _workloads(stack, unknown):
        held = workload.held
        near = [one for one in budgets if one.cluster == held.cluster and _may_share(one.namespace, held.namespace)]
        if any(UNKNOWN in (one.content.get("spec"), one.spec.get("selector"), one.namespace) for one in near):
            unknown.append(NotKnownError(("spec", "selector")))
            continue
        own = [one for one in near if _selects(one, workload.labels)]
        if not own and workload.replicas > 1:
            problem = f"{workload.replicas} replicas, and no budget of the stack selects their pods"
            yield held.member.urn, DRAINABLE.finding(f"{held.place}spec.replicas", problem)
        if len(own) > 1:
            problem = f"the pods of '{label(held.member.urn)}' have another budget too, and none of them is evicted"
            yield own[1].member.urn, DRAINABLE.finding(f"{own[1].place}spec.selector", problem, "Keep one of them.")
        for budget in own[:1]:
            yield from ((budget.member.urn, one) for one in _held_back(budget, workload, unknown))
    if unknown:
        raise unknown[0]


RULES = (
    Rule(
        DRAINABLE.slug,
        kinds={_BUDGET: (budget_lets_a_pod_go,)},
        patches=(_BUDGET,),
        stack=(replicas_have_a_budget,),
        practice=DRAINABLE,
    ),
)


def _workloads(stack: Stack, unknown: list[NotKnownError]) -> Iterator[_Workload]:
    scaled = [_target(one) for one in objects_of(stack, _SCALER)]
    for held in objects_of(stack, *_WORKLOADS):
        try:
            labels = mapping_of(stated(held.content, "spec", "template", "metadata", "labels"))
            said = quantity(stated(held.content, "spec", "replicas"))
        except NotKnownError as error:
            unknown.append(error)
            continue
        if UNKNOWN in labels.values() or held.namespace is UNKNOWN:
            unknown.append(NotKnownError(("metadata",)))
            continue
        name = held.metadata.get("name")
        least = [
            count
            for kind, target, namespace, cluster, count in scaled
            if (kind, target, namespace, cluster) == (held.key.partition("/")[2], name, held.namespace, held.cluster)
        ]
        # Left out, it is one (Kubernetes API reference, DeploymentSpec); an autoscaler sets another.
        yield _Workload(held, labels, least[0] if least else int(said) if said is not None else 1)


def _target(scaler: Held) -> tuple[Any, Any, Any, str | None, int]:
    said = known_map(scaler.spec.get("scaleTargetRef"))
    least = quantity(scaler.spec.get("minReplicas"))
    return said.get("kind"), said.get("name"), scaler.namespace, scaler.cluster, int(least) if least is not None else 1


def _may_share(namespace: Any, other: Any) -> bool:
    return UNKNOWN in (namespace, other) or namespace == other


def _selects(budget: Held, labels: Mapping[str, Any]) -> bool:
    selector = budget.spec.get("selector")
    return isinstance(selector, dict) and selects(selector, labels)  # pyright: ignore[reportUnknownArgumentType]


def _held_back(budget: Held, workload: _Workload, unknown: list[NotKnownError]) -> Iterator[Finding]:
    """Why none of the workload's pods may go, where that is not so of any workload."""
    said = budget.spec.get("minAvailable")
    if said is UNKNOWN:
        unknown.append(NotKnownError(("spec", "minAvailable")))
        return
    least = _share(said, workload.replicas)
    if least is None or workload.replicas < 1 or said == "100%" or least < workload.replicas:
        return
    problem = f"it is {said if isinstance(said, str) else int(least)} of {workload.replicas} replicas"
    yield DRAINABLE.finding(f"{budget.place}spec.minAvailable", problem)


def _share(said: Any, whole: int) -> int | None:
    """A number of pods, or a share of them, rounded up as Kubernetes does (Kubernetes documentation, "Specifying a
    Disruption Budget for your Application")."""
    if isinstance(said, str) and said.endswith("%") and said[:-1].isdigit():
        return math.ceil(Fraction(int(said[:-1]), 100) * whole)
    found = quantity(said)
    return int(found) if found is not None and found.denominator == 1 else None
