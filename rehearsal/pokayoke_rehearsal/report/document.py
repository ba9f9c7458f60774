"""A rehearsal as one JSON document."""

from dataclasses import asdict
from typing import Any

from pokayoke_rehearsal.plan import ActOutcome, Outcome
from pokayoke_rehearsal.report import forecasts
from pokayoke_rehearsal.report.acts import milliseconds_a_resource, touched
from pokayoke_rehearsal.verdict import changed_steps


def document(outcome: Outcome) -> dict[str, Any]:
    """The outcome in plain values; names are those of Pulumi's own JSON (camelCase)."""
    return {
        "project": outcome.project,
        "stack": outcome.stack,
        "ok": outcome.ok,
        "interrupted": outcome.interrupted,
        "resumed": outcome.resumed,
        "kept": outcome.kept,
        "policyPacks": list(outcome.packs),
        "shortcomings": list(outcome.shortcomings),
        "acts": [_act(ended) for ended in outcome.acts],
        "resourcesByType": dict(outcome.types),
        "startSeconds": round(outcome.start_seconds, 3),
        "seconds": round(outcome.seconds, 3),
    }


def _act(ended: ActOutcome) -> dict[str, Any]:
    result, remains = ended.result, ended.remains
    return {
        "name": ended.planned.name,
        "act": ended.planned.act,
        "expected": ended.planned.expect.value,
        "ok": ended.ok,
        "shortcomings": list(ended.shortcomings),
        "summary": dict(result.changes),
        "changed": [
            {"operation": step.operation, "urn": step.urn, "diffs": list(step.diffs)} for step in changed_steps(result)
        ],
        "failed": [asdict(failure) for failure in result.failed],
        "deadlock": list(result.deadlock),
        "changedByHand": dict(ended.by_hand),
        "drift": [asdict(found) for found in result.drift],
        "violations": [asdict(violation) for violation in result.violations],
        "diagnostics": [asdict(diagnostic) for diagnostic in result.diagnostics if diagnostic.severity != "debug"],
        "outputs": dict(result.outputs),
        "left": None
        if remains is None
        else {
            "state": list(remains.state),
            "world": [asdict(leftover) for leftover in remains.world],
            "keysPendingDeletion": [asdict(leftover) for leftover in remains.pending],
            "presumed": [asdict(leftover) for leftover in remains.presumed],
        },
        "story": None if ended.story is None else ended.story.plain(),
        "forecast": forecasts.document(ended.forecast),
        "resources": touched(ended),
        "seconds": round(result.seconds, 3),
        "millisecondsPerResource": round(milliseconds_a_resource(ended), 2),
    }
