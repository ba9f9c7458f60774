"""In what an act fell short: pure functions over what the engine and the world reported."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from pokayoke_rehearsal.plan import Expectation, PlannedAct, Remains, Story

if TYPE_CHECKING:
    from pokayoke_rehearsal.engine.events import Result, StepStarted

# A replacement is announced by its steps and once as a whole.
_UNCHANGED = frozenset({"same", "refresh", "read", "read-discard", "create-replacement", "delete-replaced"})
_LISTED = 20
_EXITED = "an unhandled error occurred: program exited with"


def shortcomings(
    planned: PlannedAct,
    result: "Result",
    *,
    remains: Remains | None = None,
    state_changed: bool = False,
    components: Collection[str] = (),
    by_hand: Collection[str] = (),
    story: Story | None = None,
) -> tuple[str, ...]:
    """Everything in which an act differs from its expectation, one line each; empty when it is met.

    `remains` is what was found after a destroy, `state_changed` whether the act changed the state's resources,
    `components` are the URNs of those that no provider manages, `by_hand` of those that were changed by hand; `story`
    is what was seen of what lives.
    """
    if planned.expect is Expectation.REFUSED:
        return tuple(_not_refused(result, state_changed=state_changed))
    return (
        *_failures(result),
        *_mandatory(result),
        *_unexpected(planned, result, components),
        *_by_hand(planned, result, by_hand),
        *_left(planned, remains),
        *(story.troubles if story is not None else ()),
    )


def changed_steps(result: "Result") -> list["StepStarted"]:
    """The steps of an act that changed something."""
    return [step for step in result.steps if step.operation not in _UNCHANGED]


def as_expected(planned: PlannedAct, result: "Result") -> bool:
    """Whether the act ended the way that lets the next one begin."""
    return result.ok is not (planned.expect is Expectation.REFUSED)


def _failures(result: "Result") -> Iterator[str]:
    yield from (f"deadlock: {line}" for line in result.deadlock)
    for failure in result.failed:
        yield f"{failure.operation} of {_short(failure.urn)} failed: {failure.message}"
    if not result.ok and not result.failed and not any(found.level == "mandatory" for found in result.violations):
        errors = [found for found in result.diagnostics if found.severity == "error"]
        # That the program ended with an exit code is news only when it said nothing else.
        errors = [found for found in errors if not found.message.startswith(_EXITED)] or errors
        for error in errors:
            yield f"{_short(error.urn)}: {error.message}" if error.urn else error.message
        if not errors:
            yield "it failed without saying why"


def _mandatory(result: "Result") -> Iterator[str]:
    for found in result.violations:
        if found.level == "mandatory":
            yield f"{_short(found.urn)} violates {found.policy}: {' '.join(found.message.split())}"


def _unexpected(planned: PlannedAct, result: "Result", components: Collection[str]) -> Iterator[str]:
    changes = changed_steps(result)
    if planned.expect is Expectation.NO_CHANGE:
        yield from _listed("changes what nobody changed", changes)
    elif planned.expect is Expectation.ONLY_PROTECTION:
        yield from _listed(
            "changes more than protection",
            [
                step
                for step in changes
                if not _changes_nothing_itself(step, components) and not _changes_only(step, planned.may_change)
            ],
        )


def _by_hand(planned: PlannedAct, result: "Result", by_hand: Collection[str]) -> Iterator[str]:
    if planned.expect not in (Expectation.FOUND, Expectation.REPAIRED) or not result.ok:
        return
    if not by_hand:
        yield "the stack has nothing that a rehearsal knows how to change by hand"
    if planned.expect is Expectation.FOUND:
        seen = {found.urn for found in result.drift}
        yield from (f"changed by hand, and not found: {_short(urn)}" for urn in by_hand if urn not in seen)
        unknown = [found for found in result.drift if found.urn not in by_hand]
        yield from (f"found, but nobody changed it: {_short(found.urn)} {found.path}" for found in unknown)
        return
    changes = changed_steps(result)
    repaired = {step.urn for step in changes}
    yield from (f"changed by hand, and not repaired: {_short(urn)}" for urn in by_hand if urn not in repaired)
    yield from _listed("changes what nobody changed", [step for step in changes if step.urn not in by_hand])


def _changes_nothing_itself(step: "StepStarted", components: Collection[str]) -> bool:
    """A component, or the configuration of a provider: what they change shows in their resources."""
    kind = step.urn.split("::", 3)[2].rpartition("$")[2]
    return step.operation == "update" and (step.urn in components or kind.startswith("pulumi:providers:"))


def _changes_only(step: "StepStarted", allowed: frozenset[str]) -> bool:
    keys = {diff.partition(".")[0].partition("[")[0] for diff in step.diffs}
    return step.operation == "update" and bool(keys) and keys <= allowed


def _not_refused(result: "Result", *, state_changed: bool) -> Iterator[str]:
    if result.ok:
        yield "it was not refused although the stack is to be protected"
    elif not any("protect" in diagnostic.message for diagnostic in result.diagnostics):
        yield "it failed, but not since the stack is protected"
        yield from _failures(result)
    if state_changed and not result.ok:
        yield "it was refused, but only after it had changed something"


def _left(planned: PlannedAct, remains: Remains | None) -> Iterator[str]:
    if planned.expect is not Expectation.NOTHING_LEFT or remains is None:
        return
    yield from (f"left in the state: {_short(urn)}" for urn in remains.state)
    yield from (f"left behind: {leftover}" for leftover in remains.world)


def _listed(what: str, steps: Sequence["StepStarted"]) -> Iterator[str]:
    for step in steps[:_LISTED]:
        keys = f" [{', '.join(step.diffs)}]" if step.diffs else ""
        yield f"{what}: {step.operation} {_short(step.urn)}{keys}"
    if len(steps) > _LISTED:
        yield f"{what}: {len(steps) - _LISTED} more"


def _short(urn: str) -> str:
    """Type and name of a URN."""
    parts = urn.split("::", 3)
    return f"{parts[2].rpartition('$')[2]} {parts[3]}" if len(parts) == 4 else urn
