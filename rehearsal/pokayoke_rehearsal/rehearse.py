"""A rehearsal: the acts of a plan, one after the other, on one stage."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pokayoke_rehearsal.pack_config import PackConfig
from pokayoke_rehearsal.plan import ActOutcome, Expectation, FaultRequest, Outcome, PlannedAct, Remains, Story
from pokayoke_rehearsal.project import Project, StackConfig
from pokayoke_rehearsal.verdict import as_expected, changed_steps, shortcomings

if TYPE_CHECKING:
    from pokayoke_rehearsal.engine.events import Event, Result
    from pokayoke_rehearsal.forecast.schedule import Forecast

_TICK_SECONDS = 0.2
_REST_OF_DESTROY = PlannedAct("rest of destroy", "destroy", Expectation.NOTHING_LEFT)


class Observer(Protocol):
    """Who is told what goes on; called in the engine's thread, so quick to return."""

    def note(self, text: str) -> None: ...
    def act_started(self, planned: PlannedAct) -> None: ...
    def event(self, event: "Event") -> None: ...
    def output(self, line: str) -> None: ...
    def act_ended(self, ended: ActOutcome) -> None: ...
    def tick(self) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Request:
    """What is to be rehearsed.

    `pack_configs` pair with `packs` by order, or there are none. `directory` holds state and world; `keep` leaves them
    for a next call even when all went well, `fresh` drops what an earlier call left there.
    """

    project: Project
    stack: str
    config: StackConfig
    plan: Sequence[PlannedAct]
    directory: Path
    packs: Sequence[Path] = ()
    pack_configs: Sequence[PackConfig] = ()
    faults: Sequence[FaultRequest] = ()
    keep: bool = False
    fresh: bool = False
    clear_pending_creates: bool = False


class Stage(Protocol):
    """What performs the acts: an engine, with a world and everything else that it needs."""

    resumed: bool
    destroy_unfinished: bool
    """Whether what is gone on from was being destroyed: an `up` in between could not always make it whole again."""

    async def start(self) -> None:
        """Comes to where the first act can begin."""
        ...

    async def run(self, planned: PlannedAct) -> "Result":
        """Performs an act."""
        ...

    def cancel(self) -> None:
        """Ends the act that runs: what is under way ends, nothing new begins."""
        ...

    async def resources(self) -> Sequence[Mapping[str, Any]]:
        """The state's resources, as `pulumi stack export` shapes them."""
        ...

    async def leftovers(self) -> Remains:
        """What the world still holds."""
        ...

    async def operate(self) -> Story:
        """Lets time pass, and tells what is seen of what lives."""
        ...

    async def change_by_hand(self) -> Mapping[str, str]:
        """Changes something past the program; gives what was done by URN."""
        ...

    async def close(self, *, failed: bool) -> Path | None:
        """Ends everything; gives the folder in which state and world are kept, if they are."""
        ...


class Tell:
    """The observer, which is made when it is first told something.

    With it comes the SDK, half a second of imports: by then the processes beside the engine have been started.
    """

    def __init__(self, make: Callable[[], Observer]) -> None:
        self._make = make

    @cached_property
    def observer(self) -> Observer:
        return self._make()

    @property
    def made(self) -> bool:
        return "observer" in self.__dict__

    def note(self, text: str) -> None:
        self.observer.note(text)

    def output(self, line: str) -> None:
        self.observer.output(line)

    def event(self, event: "Event") -> None:
        self.observer.event(event)


class Rehearsal:
    """Runs a plan once, up to the first act that does not end as it must."""

    def __init__(self, request: Request, make_stage: Callable[[Request, Tell], Stage], tell: Tell) -> None:
        self._request = request
        self._tell = tell
        self._stage = make_stage(request, tell)
        self._began = time.perf_counter()
        self._acts: list[ActOutcome] = []
        self._by_hand: Mapping[str, str] = {}
        self._started = 0.0
        self._performing = False
        self._interrupted = False
        self._plan = tuple(request.plan)
        self._kept: Path | None = None
        self._task: asyncio.Task[Any] | None = None

    async def run(self) -> Outcome:
        """Performs the plan and closes the stage.

        Raises:
            HostError: a process that a rehearsal needs did not start, or another rehearsal of the stack is running.
        """
        self._task = asyncio.current_task()
        ticking = asyncio.ensure_future(self._tick())
        try:
            await self._perform()
        except asyncio.CancelledError:
            if not self._interrupted or self._task is None:
                raise
            self._task.uncancel()
        finally:
            self._kept = await asyncio.shield(self._stage.close(failed=self._failed))
            ticking.cancel()
            if self._tell.made:
                self._tell.observer.close()
        return self._outcome()

    def interrupt(self) -> None:
        """Ctrl-C: the first lets running operations end, the second does not wait for them. The state is kept."""
        again, self._interrupted = self._interrupted, True
        if self._performing and not again:
            self._tell.note("stopping: what is under way ends, nothing new begins (once more: stop at once)")
            self._stage.cancel()
        elif self._task is not None:
            self._task.cancel()

    @property
    def _failed(self) -> bool:
        done = [as_expected(ended.planned, ended.result) for ended in self._acts]
        return self._interrupted or len(done) < len(self._plan) or not all(done)

    async def _perform(self) -> None:
        await self._stage.start()
        self._started = time.perf_counter() - self._began
        self._performing = True
        try:
            if self._stage.destroy_unfinished:
                refreshes = sum(planned.act == "refresh" for planned in self._plan[:1])
                self._plan = (*self._plan[:refreshes], _REST_OF_DESTROY, *self._plan[refreshes:])
            for planned in self._plan:
                ended = await self._act(planned)
                self._acts.append(ended)
                self._tell.observer.act_ended(ended)
                if self._interrupted or not as_expected(planned, ended.result):
                    return
        finally:
            self._performing = False

    async def _act(self, planned: PlannedAct) -> ActOutcome:
        if planned.act == "operate":
            return await self._operate(planned)
        refusal = planned.expect is Expectation.REFUSED
        before = await self._stage.resources() if refusal or planned.act == "destroy" else ()
        if planned.expect is Expectation.FOUND:
            self._by_hand = await self._stage.change_by_hand()
        self._tell.observer.act_started(planned)
        result = await self._stage.run(planned)
        changed = refusal and await self._stage.resources() != before
        components = await self._components() if planned.expect is Expectation.ONLY_PROTECTION else ()
        remains = await self._remains() if planned.expect is Expectation.NOTHING_LEFT and result.ok else None
        by_hand: Mapping[str, str] = {}
        if planned.expect in (Expectation.FOUND, Expectation.REPAIRED):
            by_hand = self._by_hand
        found = shortcomings(
            planned, result, remains=remains, state_changed=changed, components=components, by_hand=by_hand
        )
        return ActOutcome(planned, result, found, remains, by_hand, await self._forecast(planned, result, before))

    async def _operate(self, planned: PlannedAct) -> ActOutcome:
        from pokayoke_rehearsal.engine.events import Result

        self._tell.observer.act_started(planned)
        began = time.perf_counter()
        story = await self._stage.operate()
        standing = len(await self._stage.resources())
        result = Result(None, True, {}, (), (), (), (), {}, standing, time.perf_counter() - began)
        return ActOutcome(planned, result, shortcomings(planned, result, story=story), story=story)

    async def _forecast(
        self, planned: PlannedAct, result: "Result", before: Sequence[Mapping[str, Any]]
    ) -> "Forecast | None":
        """How long it would take for real: of the acts that make the stack, and that take it down."""
        if not result.ok or planned.act not in ("up", "destroy") or not changed_steps(result):
            return None
        from pokayoke_rehearsal.forecast.schedule import forecast

        after = () if planned.act == "destroy" else await self._stage.resources()
        return forecast(result.steps, before, after)

    async def _components(self) -> frozenset[str]:
        return frozenset(
            str(resource["urn"]) for resource in await self._stage.resources() if not resource.get("custom")
        )

    async def _remains(self) -> Remains:
        standing = [str(resource["urn"]) for resource in await self._stage.resources()]
        return replace(await self._stage.leftovers(), state=standing)

    def _outcome(self) -> Outcome:
        request = self._request
        return Outcome(
            project=request.project.name,
            stack=request.stack,
            acts=tuple(self._acts),
            packs=tuple(map(str, request.packs)),
            shortcomings=() if self._failed else tuple(_unmet_faults(request, self._acts)),
            types=_types(self._acts),
            kept=str(self._kept) if self._kept else None,
            resumed=self._stage.resumed,
            interrupted=self._interrupted,
            start_seconds=self._started,
            seconds=time.perf_counter() - self._began,
        )

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            if self._tell.made:
                with suppress(asyncio.CancelledError):
                    self._tell.observer.tick()


def _unmet_faults(request: Request, acts: Sequence[ActOutcome]) -> list[str]:
    """Faults that no act met although every act had its chance."""
    unmet = [{fault.target for fault in ended.result.unmatched} for ended in acts if ended.result.act]
    return [
        f"--fail {fault.target}: no operation of this rehearsal is on a resource of that URN, name or type"
        for fault in request.faults
        if all(fault.target in missed for missed in unmet)
    ]


def _types(acts: Sequence[ActOutcome]) -> dict[str, int]:
    """Resources by type, as the act that reached the most of them saw them."""
    fullest: dict[str, str] = {}
    for ended in acts:
        seen = {step.urn: step.urn.split("::")[2].rpartition("$")[2] for step in ended.result.steps}
        if ended.planned.act != "destroy" and len(seen) >= len(fullest):
            fullest = seen
    return dict(sorted(Counter(fullest.values()).items()))
