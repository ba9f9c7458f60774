"""Every resource fails once at its creation, then once at its deletion; those of one depth together, in one run."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pokayoke_rehearsal.engine import Act, Fault
from pokayoke_rehearsal.engine.state import Resource

from .life import Life, require, told
from .undisturbed import Undisturbed

FAULT = "a fault of the provider"


@dataclass(frozen=True)
class Struck:
    """How many resources failed, in how many runs."""

    faults: int
    runs: int


async def torture(life: Life, undisturbed: Undisturbed, chosen: Collection[str] | None = None) -> Struck:
    """A life in which every resource fails twice, or those `chosen` by URN.

    Raises:
        FellShortError: a run after a fault does not go on as it must, or comes to another end.
    """
    if chosen is None:
        creations, deletions = _urns(undisturbed.depths), _urns(undisturbed.rounds)
    else:
        # Those that need nothing of one another fail in one run, and the others as soon as they can.
        creations = deletions = [sorted(chosen)]
    runs = 0
    for together in creations:
        runs += await _fail(life, Act.UP, together, "create")
    await life.do(Act.UP)
    await undisturbed.require_same(life)
    again = await life.do(Act.UP)
    require(set(again.changes) == {"same"}, f"a further up changed {again.changes}")
    await life.allow_destroy()
    for together in deletions:
        runs += await _fail(life, Act.DESTROY, together, "delete")
    await life.do(Act.DESTROY)
    await life.require_gone()
    return Struck(sum(map(len, (*creations, *deletions))), runs)


async def _fail(life: Life, act: Act, targets: Collection[str], operation: str) -> int:
    """Runs an act in which all of these fail; the number of runs.

    The faults are late: what does not need their targets is done before. A target that is in the way of another's
    waiting fails with it, and is then struck in a further run.
    """
    left, runs = set(targets), 0
    while left:
        result = await life.run(act, [Fault(one, operation, FAULT, late=True) for one in sorted(left)])
        runs += 1
        struck = {one.urn for one in result.failed if one.message == FAULT}
        require(not result.ok and struck, f"{act} with a {operation} failing of {sorted(left)}: {told(result)}")
        others = [one for one in result.failed if one.message != FAULT]
        require(result.deadlock or not others, f"{act}: more fails than was struck: {others}")
        left -= struck
    return runs


def _urns(groups: Sequence[Sequence[Resource]]) -> list[list[str]]:
    return [[one.urn for one in group] for group in groups]
