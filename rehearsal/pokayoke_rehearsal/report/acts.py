"""An act in one line."""

from pokayoke_rehearsal.plan import ActOutcome, Expectation
from pokayoke_rehearsal.report.words import changes


def headline(ended: ActOutcome) -> str:
    """Its name and what came of it."""
    return f"{ended.planned.name:<16} {_came_of(ended)}"


def touched(ended: ActOutcome) -> int:
    """How many resources the act looked at or worked on."""
    if ended.story is not None:
        return ended.result.resources
    return len({step.urn for step in ended.result.steps})


def milliseconds_a_resource(ended: ActOutcome) -> float:
    """The time of an act divided by the resources that it touched."""
    return 1000 * ended.result.seconds / max(touched(ended), 1)


def _came_of(ended: ActOutcome) -> str:
    result, planned = ended.result, ended.planned
    if planned.expect is Expectation.REFUSED and ended.ok:
        return "refused, since the stack is protected"
    if ended.story is not None:
        troubles = f"{len(ended.story.troubles)} troubles: " if ended.story.troubles else ""
        return f"{troubles}{ended.story.headline}"
    counts = changes(result.changes, preview=planned.act == "preview")
    if not result.ok:
        return f"failed: {counts}" if result.changes else "failed"
    if planned.expect is Expectation.NO_CHANGE and ended.ok:
        return f"no change ({counts})"
    if planned.expect is Expectation.ONLY_PROTECTION and ended.ok:
        return f"lifts the protection and nothing else ({counts})"
    if planned.expect is Expectation.FOUND and ended.ok:
        return f"finds what was changed by hand ({counts})"
    if planned.expect is Expectation.REPAIRED and ended.ok:
        return f"repairs what was changed by hand ({counts})"
    if planned.expect is Expectation.NOTHING_LEFT and ended.ok:
        return f"{counts}, nothing left"
    return counts
