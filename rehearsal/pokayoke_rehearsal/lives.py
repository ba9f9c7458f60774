"""A program's whole life up to where it breaks, and all that was told on the way."""

# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from pokayoke_rehearsal.engine import Act, Result
from pokayoke_rehearsal.plan import Expectation, PlannedAct
from pokayoke_rehearsal.theatre import Play
from pokayoke_rehearsal.verdict import shortcomings
from pokayoke_rehearsal.world.model import Leftover

Others = Mapping[str, Callable[..., object]]
"""What others do past the program, `before` the first act and `meanwhile`, after `up`; called with a client and the
cluster's API server, as many of these as they take."""

_SECOND_UP = PlannedAct("second up", "up", Expectation.NO_CHANGE)


@dataclass(frozen=True)
class Life:
    """What became of a program.

    `broke` is the name of the act that did not end as it must, empty when all did; `told` is all that was said of that,
    one sentence each; `refusals` are the preview's mandatory findings, policy and message.
    """

    broke: str
    told: tuple[str, ...]
    refusals: tuple[tuple[str, str], ...] = ()
    acts: tuple[str, ...] = ()
    """The acts that ended as they must."""

    @property
    def sound(self) -> bool:
        """Whether it came up, lived, and went without a trace."""
        return not self.broke


@dataclass
class _Course:
    """How far a life has come."""

    ended: list[str] = field(default_factory=list[str])
    refusals: tuple[tuple[str, str], ...] = ()

    def broken(self, act: str, told: Iterator[str]) -> Life | None:
        """The life's end, where something was told of an act."""
        said = tuple(dict.fromkeys(told))
        if not said:
            self.ended.append(act)
            return None
        return Life(act, said, self.refusals, tuple(self.ended))


async def live(opened: AbstractAsyncContextManager[Play], others: Others | None = None) -> Life:
    """Lives a program's life: preview under the policy packs, up, operate, a second up that changes nothing, destroy.

    A finding of the packs does not end it: they are for somebody who has them.

    Raises:
        HostError: a process beside the program did not start.
    """
    async with opened as play:
        course = _Course()
        if before := course.broken("before", let("before", others, play)):
            return before
        was = play.left()
        preview = await play.preview()
        course.refusals = tuple((one.policy, one.message) for one in preview.violations if one.level == "mandatory")
        return (
            course.broken("preview", _said(preview))
            or course.broken("up", came_up(await play.run(Act.UP), play))
            or course.broken("meanwhile", let("meanwhile", others, play))
            or course.broken("operate", iter(play.operate().troubles))
            or course.broken("second up", _said(await play.run(Act.UP), _SECOND_UP))
            or course.broken("destroy", gone(await play.run(Act.DESTROY), play, was))
            or Life("", (), course.refusals, tuple(course.ended))
        )


def came_up(result: Result, play: Play) -> Iterator[str]:
    """What an `up` told, nothing where it went through.

    What an awaited pod waits for is told by its node, not by the step that waits for it.
    """
    yield from _said(result)
    if not result.ok:
        yield from play.operate().troubles


def gone(result: Result, play: Play, was: Sequence[Leftover]) -> Iterator[str]:
    """What a `destroy` told, and what there is beyond what `was` there before."""
    yield from _said(result)
    left = [one for one in play.left() if one not in was]
    yield from (f"left behind: {one.service} {one.kind} {one.id} ({one.note})" for one in left)


def let(what: str, others: Others | None, play: Play) -> Iterator[str]:
    """Has others do something; tells what AWS refused them."""
    done = (others or {}).get(what)
    if done is None:
        return
    given: tuple[Any, ...] = (play.client, play.cluster)
    try:
        done(*given[: done.__code__.co_argcount])
    except ClientError as error:
        yield str(error)


def _said(result: Result, planned: PlannedAct | None = None) -> Iterator[str]:
    """What was wrong with an act; the packs' findings are told apart."""
    if planned is not None and result.ok:
        yield from shortcomings(planned, result)
    if result.ok:
        return
    yield from (str(failure.message) for failure in result.failed)
    yield from result.deadlock
    # What is about no resource and says no more than that the act failed is the engine's last word on each of these.
    last_word = re.compile(r"\w+ failed")
    complaints = (said for said in result.diagnostics if said.severity in ("error", "warning"))
    yield from (said.message for said in complaints if said.urn or not last_word.fullmatch(said.message))
