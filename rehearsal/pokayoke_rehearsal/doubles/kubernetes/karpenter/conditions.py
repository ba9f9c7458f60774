"""Status conditions as Karpenter writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.store.clock import now
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, conditions, metadata, text, whole


@dataclass(frozen=True)
class Said:
    """One condition: what holds, does not, or is not known yet (None)."""

    kind: str
    holds: bool | None
    reason: str = ""
    message: str = ""


def status(obj: Mapping[str, Any], said: Sequence[Said], **more: Any) -> Object:
    """A status of these conditions and of Ready, which sums them up."""
    unmet = [one for one in said if not one.holds]
    if not unmet:
        ready = Said("Ready", True)
    elif any(one.holds is False for one in unmet):
        listed = ", ".join(f"{one.kind}=False" for one in unmet if one.holds is False)
        why = next((one.message for one in unmet if one.holds is False and one.message), "")
        ready = Said("Ready", False, "UnhealthyDependents", f"{listed}: {why}" if why else listed)
    else:
        listed = ", ".join(f"{one.kind}=Unknown" for one in unmet)
        why = next((one.message for one in unmet if one.message), "")
        ready = Said("Ready", None, "ReconcilingDependents", f"{listed}: {why}" if why else listed)
    return {"conditions": [_written(obj, one) for one in [*said, ready]], **more}


def holds(obj: Mapping[str, Any], kind: str) -> bool:
    """Whether a condition of the object is true."""
    return any(found.get("type") == kind and found.get("status") == "True" for found in conditions(obj))


def _written(obj: Mapping[str, Any], said: Said) -> Object:
    value = {True: "True", False: "False", None: "Unknown"}[said.holds]
    before = next((found for found in conditions(obj) if found.get("type") == said.kind), None)
    since = text(before.get("lastTransitionTime")) if before is not None and before.get("status") == value else ""
    return {
        "type": said.kind,
        "status": value,
        "reason": said.reason or (said.kind if said.holds else "AwaitingReconciliation"),
        "message": said.message or ("" if said.holds else "object is awaiting reconciliation"),
        "lastTransitionTime": since or now(),
        "observedGeneration": whole(metadata(obj).get("generation"), 1),
    }
