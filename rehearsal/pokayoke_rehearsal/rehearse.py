"""A rehearsal: the acts of a plan, one after the other, over one engine and one world."""

import asyncio
import json
import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pokayoke_rehearsal.hosts.company import Company
from pokayoke_rehearsal.hosts.lock import locked
from pokayoke_rehearsal.plan import ActOutcome, Expectation, FaultRequest, Outcome, PlannedAct
from pokayoke_rehearsal.project import Project, StackConfig
from pokayoke_rehearsal.protection import refusal
from pokayoke_rehearsal.verdict import as_expected, shortcomings

if TYPE_CHECKING:
    from pokayoke_rehearsal.engine import Engine, Stack
    from pokayoke_rehearsal.engine.events import Event

_TICK_SECONDS = 0.2
_LOCK = "lock"


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

    `directory` holds state and world; `keep` leaves them for a next call even when all went well, `fresh` drops what an
    earlier call left there.
    """

    project: Project
    stack: str
    config: StackConfig
    plan: Sequence[PlannedAct]
    directory: Path
    packs: Sequence[Path] = ()
    faults: Sequence[FaultRequest] = ()
    keep: bool = False
    fresh: bool = False


class Rehearsal:
    """Runs a plan once.

    State and world stay behind when they are to be kept, or when an act failed and something stands: the next
    rehearsal of the stack goes on from there. Otherwise nothing stays. The observer is made when it is first told
    something: with it comes the SDK, and by then the processes have been started.
    """

    def __init__(self, request: Request, observer: Callable[[], Observer]) -> None:
        self._request = request
        self._make_observer = observer
        self._began = time.perf_counter()
        self._acts: list[ActOutcome] = []
        self._started = 0.0
        self._resumed = False
        self._interrupted = False
        self._kept = False
        self._engine: Engine | None = None
        self._task: asyncio.Task[Any] | None = None

    async def run(self) -> Outcome:
        """Runs the acts up to the first that does not end as it must.

        Raises:
            HostError: a process beside the engine did not start, or another rehearsal of the stack is running.
        """
        self._task = asyncio.current_task()
        ticking = asyncio.ensure_future(self._tick())
        try:
            with locked(self._request.directory / _LOCK):
                await self._run()
                if not self._kept:
                    _remove(self._request.directory)
        except asyncio.CancelledError:
            if not self._interrupted or self._task is None:
                raise
            self._task.uncancel()
        finally:
            ticking.cancel()
            if "_observer" in self.__dict__:
                self._observer.close()
        return self._outcome()

    def interrupt(self) -> None:
        """Ctrl-C: the first lets running operations end, the second does not wait for them. The state is kept."""
        again, self._interrupted = self._interrupted, True
        if self._engine is not None and not again:
            self._observer.note("stopping: what is under way ends, nothing new begins (once more: stop at once)")
            self._engine.cancel()
        elif self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        request = self._request
        company = Company(request.project, request.directory, packs=request.packs, output=self._output)
        try:
            await self._settle(company)
            await company.start()
            await self._perform(company)
        finally:
            ended_well = len(self._acts) == len(request.plan) and all(map(_as_expected, self._acts))
            self._kept = request.keep or (not ended_well and _stands(request.directory))
            await asyncio.shield(company.close(keep_world=self._kept))

    async def _settle(self, company: Company) -> None:
        """Finds out what an earlier call left: a world with its state; a state without its world is worth nothing."""
        request = self._request
        living = await company.living_world()
        stands = _stands(request.directory)
        if living and not request.fresh:
            self._resumed = stands
            if stands:
                self._observer.note("going on from an earlier rehearsal: its world and state are still there")
            return
        if stands and not request.fresh:
            self._observer.note("an earlier rehearsal left a state, but its world is gone: starting anew")
        await company.end_world()
        _empty(request.directory)

    async def _perform(self, company: Company) -> None:
        # The SDK behind the engine takes half a second to import; the processes warm up meanwhile.
        from pokayoke_rehearsal.engine import Engine, Fault, Stack, StateFile

        request = self._request
        stack = Stack(
            project=request.project.name,
            name=request.stack,
            config=request.config.values,
            secret_keys=request.config.secret_keys,
        )
        plugins: dict[str, str] = {}
        engine = Engine(
            stack=stack,
            state=StateFile(request.directory),
            plugins=plugins,
            program=company.program,
            faults=[Fault(**fault.given()) for fault in request.faults],
            observe=self._observer.event,
        )
        async with engine:
            previews = company.prepare_analyzers(engine.address, stack, dry_run=True)
            plugins.update(await company.plugins())
            await previews
            self._started = time.perf_counter() - self._began
            self._engine = engine
            try:
                for index, planned in enumerate(request.plan):
                    for coming in request.plan[index : index + 2]:
                        if coming.act == "up":
                            company.prepare_analyzers(engine.address, _stack_of(coming, stack), dry_run=False)
                    self._acts.append(await self._act(company, engine, planned, stack))
                    if self._interrupted or not _as_expected(self._acts[-1]):
                        return
            finally:
                self._engine = None

    async def _act(self, company: Company, engine: "Engine", planned: PlannedAct, stack: "Stack") -> ActOutcome:
        from pokayoke_rehearsal.engine import Act

        directory = self._request.directory
        engine.stack = _stack_of(planned, stack)
        if planned.act != "destroy":
            dry_run = planned.act == "preview"
            engine.analyzers = await company.analyzers(engine.address, engine.stack, dry_run=dry_run)
        before = _resources(directory)
        self._observer.act_started(planned)
        refused = refusal(before) if planned.act == "destroy" else None
        result = refused or await engine.run(Act(planned.act))
        after = _resources(directory)
        remains = None
        if planned.expect is Expectation.NOTHING_LEFT and result.ok:
            remains = replace(await company.leftovers(), state=[str(resource["urn"]) for resource in after])
        fell_short = shortcomings(planned, result, remains=remains, state_changed=before != after)
        ended = ActOutcome(planned, result, fell_short, remains)
        self._observer.act_ended(ended)
        return ended

    def _outcome(self) -> Outcome:
        request = self._request
        return Outcome(
            project=request.project.name,
            stack=request.stack,
            acts=tuple(self._acts),
            shortcomings=() if self._interrupted else tuple(_unmet_faults(request, self._acts)),
            types=_types(self._acts),
            kept=str(request.directory) if self._kept else None,
            resumed=self._resumed,
            interrupted=self._interrupted,
            start_seconds=self._started,
            seconds=time.perf_counter() - self._began,
        )

    def _output(self, line: str) -> None:
        self._observer.output(line)

    @cached_property
    def _observer(self) -> Observer:
        return self._make_observer()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            if "_observer" in self.__dict__:
                self._observer.tick()


def _stack_of(planned: PlannedAct, stack: "Stack") -> "Stack":
    return replace(stack, config={**stack.config, **planned.config}) if planned.config else stack


def _as_expected(ended: ActOutcome) -> bool:
    return as_expected(ended.planned, ended.result)


def _unmet_faults(request: Request, acts: Sequence[ActOutcome]) -> list[str]:
    """Faults that no act met, once every act had its chance."""
    if len(acts) < len(request.plan):
        return []
    unmet = [{fault.target for fault in ended.result.unmatched} for ended in acts]
    targets = [fault.target for fault in request.faults]
    return [
        f"--fail {target}: no operation of this rehearsal is on a resource of that URN, name or type"
        for target in targets
        if all(target in missed for missed in unmet)
    ]


def _types(acts: Sequence[ActOutcome]) -> dict[str, int]:
    """Resources by type, as the act that reached the most of them saw them."""
    fullest: dict[str, str] = {}
    for ended in acts:
        seen = {step.urn: step.urn.split("::")[2].rpartition("$")[2] for step in ended.result.steps}
        if ended.planned.act != "destroy" and len(seen) >= len(fullest):
            fullest = seen
    return dict(sorted(Counter(fullest.values()).items()))


def _resources(directory: Path) -> list[dict[str, Any]]:
    """The resources in the state file, as `pulumi stack export` shapes them."""
    try:
        exported = json.loads((directory / "state.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return exported["deployment"].get("resources") or []


def _stands(directory: Path) -> bool:
    """Whether something that a provider made stands, or may stand since an act was cut off."""
    return (directory / "journal.jsonl").exists() or any(
        resource.get("custom") and not resource["type"].startswith("pulumi:providers:")
        for resource in _resources(directory)
    )


def _empty(directory: Path) -> None:
    for file in directory.glob("*"):
        if file.name != _LOCK:
            file.unlink()


def _remove(directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    with suppress(OSError):
        directory.parent.rmdir()
