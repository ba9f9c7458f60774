"""What is asked of what containers ask for: that nodes which are filled by it can keep it."""

from collections.abc import Iterator
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.quantities import quantity
from pokayoke_eks.rules.workloads import CONTAINERS, POD_SPECS
from pokayoke_policies.inventory import Held, objects_of
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice
from pokayoke_policies.raw import NotKnownError, entries_at, mapping_at, mapping_of, over, stated
from pokayoke_policies.stack import Stack

COUNTED = Practice(
    "pod-resources",
    "A container may use more memory than its node was filled by",
    "Karpenter packs nodes by requests, and when all use more at once the kernel ends some of them",
    "Set resources.requests.memory to the same as resources.limits.memory, or leave the request out.",
    "EKS best practices, autoscaling/karpenter; Karpenter, disruption (consolidation)",
)


def memory_is_counted(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Where a pool consolidates its nodes, no limit of memory is above the request."""

    filled: set[str | None] = set()

    def told(held: Held) -> Iterator[tuple[str, Finding]]:
        entries = entries_at(held.content, POD_SPECS[held.key], *CONTAINERS)
        if filled and (held.cluster is None or {held.cluster, None} & filled):
            yield from ((held.member.urn, one) for one in over(entries, lambda entry: _beyond(held, *entry)))

    unknown: NotKnownError | None = None
    try:
        filled.update(over(objects_of(stack, "karpenter.sh/NodePool"), _filled))
    except NotKnownError as error:
        unknown = error
    yield from over(objects_of(stack, *POD_SPECS), told)
    if unknown is not None:
        raise unknown


RULES = (Rule(COUNTED.slug, stack=(memory_is_counted,), practice=COUNTED),)


def _filled(pool: Held) -> Iterator[str | None]:
    """The cluster of a pool that moves pods together. Left out, it does (Karpenter 1.14, NodePools, disruption)."""
    said = mapping_at(pool.content, "spec", "disruption")
    policy, after = (stated(said, one) for one in ("consolidationPolicy", "consolidateAfter"))
    if policy != "WhenEmpty" and after != "Never":
        yield pool.cluster


def _beyond(held: Held, path: tuple[str, ...], container: Any) -> Iterator[Finding]:
    resources = mapping_at(mapping_of(container), "resources")
    asked, limit = (stated(resources, amounts, "memory") for amounts in ("requests", "limits"))
    # A request that is left out is as large as the limit.
    least, most = quantity(asked), quantity(limit)
    if least is not None and most is not None and most > least:
        place = f"{held.place}{'.'.join(path)}.resources.limits.memory"
        yield COUNTED.finding(place, f"it is {limit}, and the request is {asked}")
