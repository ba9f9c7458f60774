"""How controllers write status: conditions with their times, counts without zeros."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.store.clock import now
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, conditions, metadata, text, whole

_ALWAYS_COUNTED = frozenset(
    {"replicas", "desiredNumberScheduled", "currentNumberScheduled", "numberReady", "numberMisscheduled"}
)


def condition(obj: Mapping[str, Any], kind: str, holds: bool, reason: str, message: str) -> Object:
    """A condition for an object's status; the time of its last change stays while it does not change."""
    status = "True" if holds else "False"
    before = next((found for found in conditions(obj) if found.get("type") == kind), None)
    since = text(before.get("lastTransitionTime")) if before is not None and before.get("status") == status else ""
    made = {"type": kind, "status": status, "reason": reason, "message": message}
    return {**made, "lastTransitionTime": since or now()}


def refused(obj: Mapping[str, Any], message: str) -> list[Object]:
    """The condition of a workload whose pods the API server does not take; none for an empty message."""
    return [condition(obj, "ReplicaFailure", True, "FailedCreate", message)] if message else []


def workload_status(obj: Object, counts: Mapping[str, int], found: list[Object]) -> Object:
    """A workload's status as observed now."""
    status: Object = {"observedGeneration": whole(metadata(obj).get("generation"), 1)}
    status |= {key: value for key, value in counts.items() if value or key in _ALWAYS_COUNTED}
    return {**status, "conditions": found} if found else status
