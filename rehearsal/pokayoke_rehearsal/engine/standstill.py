"""Whether an act can go on. One that cannot ends at once, with what waits for what; a slow one is left alone."""

import asyncio
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from .graph import DependencyGraph
from .state import Resource
from .steps import Step
from .urns import label
from .values import for_peer

UNSEEN = -1
_EVERY = 0.1
_STILL = 0.15  # seconds in which what one process has sent reaches another
_STILL_UNSEEN = 5.0
_LATER = "its turn comes after that of {}"
_SHORTEST = 4  # letters of an id that is looked for in words


@dataclass(frozen=True)
class View:
    """What is outside of the engine: the world's moment, who waits there and for what, and the program's pulse.

    `waits` are pairs of URN and words. The pulse is even while the program rests, odd while it works, and grows with
    every change; UNSEEN where nobody can tell. `jobs` is what its threads have to do, calls to the engine included.
    """

    moment: int
    waits: tuple[tuple[str, str], ...]
    pulse: int
    jobs: int

    def works(self, calls: int) -> bool:
        """Whether the program does something of its own, that is more than to wait for the answers to its `calls`."""
        return self.pulse != UNSEEN and bool(self.pulse % 2 or self.jobs > calls)


class Lookout(Protocol):
    """Looks at what the engine does not see by itself."""

    async def look(self) -> View: ...

    async def give_up(self, moment: int) -> bool:
        """Ends all waits of the world as hopeless; False when something happened after `moment`, or does with time."""
        ...


@dataclass(frozen=True)
class Rest:
    """What the engine does while it does nothing by itself: the steps that run, and a number that grows with all else.

    `calls` is how many wait for its answer; `constructing` says that a provider registers the parts of a component.
    """

    running: frozenset[Step]
    moved: int
    calls: int
    constructing: bool = False


class Standstill:
    """Watches an act; `rest` tells what it rests on, None while it works."""

    def __init__(
        self,
        lookout: Lookout,
        rest: Callable[[], Rest | None],
        explain: Callable[[View], Sequence[str]],
        tell: Callable[[Sequence[str]], None],
    ) -> None:
        self._lookout = lookout
        self._rest = rest
        self._explain = explain
        self._tell = tell
        self._ending: asyncio.Task[None] | None = None

    async def watch(self) -> None:
        """Until it is canceled: whenever nothing can happen any more, tells so and has the waits given up."""
        await self._lookout.look()
        while True:
            await asyncio.sleep(_EVERY)
            before = await self._still()
            if before is None:
                continue
            rest, view = before
            await asyncio.sleep(_STILL_UNSEEN if rest.constructing or view.pulse == UNSEEN else _STILL)
            if await self._still() == before:
                self._ending = asyncio.create_task(self._end(view))
                await asyncio.shield(self._ending)

    async def told(self) -> None:
        """Waits until what was found is told: the act may be over before."""
        if self._ending is not None:
            await self._ending

    async def _end(self, view: View) -> None:
        lines = self._explain(view)
        if await self._lookout.give_up(view.moment):
            self._tell(lines)

    async def _still(self) -> tuple[Rest, View] | None:
        rest = self._rest()
        if rest is None or not rest.running:
            return None
        view = await self._lookout.look()
        if view.works(rest.calls) or {urn for urn, _ in view.waits} != {step.urn for step in rest.running}:
            return None
        return (rest, view) if rest == self._rest() else None


def explain(
    view: View,
    running: Iterable[Step],
    planned: Mapping[Resource, Step],
    graph: DependencyGraph,
    known: Iterable[Resource],
    queued: Sequence[Step],
    failed: Sequence[Step],
) -> Iterator[str]:
    """What waits for what: the waits in their own words, and what has not started of that for which they wait.

    `planned` are the deletions that have not started, `known` are resources that the words may name by id or ARN,
    `queued` the steps for which there is no room, `failed` those that failed in the act.
    """
    running_at = {step.urn: step for step in running}
    waiting_for: dict[Resource, Step] = {}
    for urn, words in view.waits:
        step = running_at[urn]
        yield f"{step.operation} of {label(urn)} waits: {words}"
        for resource in known:
            if resource is step.old or resource is step.new or not _named(resource, words):
                continue
            if resource in planned:
                waiting_for.setdefault(resource, step)
            for other in failed:
                if resource in (other.old, other.new):
                    yield f"{other.operation} of {label(other.urn)} has failed"
    for resource, step in waiting_for.items():
        path = _path(graph, step.resource, resource)
        way = f" by way of {', '.join(label(one.urn) for one in path[1:-1])}" if path[1:-1] else ""
        reason = f"first goes {label(step.urn)}, which depends on it{way}" if path else _LATER.format(label(step.urn))
        yield f"{planned[resource].operation} of {label(resource.urn)} has not started: {reason}"
    for step in queued:
        yield f"{step.operation} of {label(step.urn)} has not started: all that may run at a time waits"


def _named(resource: Resource, words: str) -> bool:
    outputs: Any = for_peer(resource.outputs or {}, secrets=False)
    names = {resource.id, outputs.get("arn"), outputs.get("identifier")}
    return any(
        isinstance(name, str) and len(name) >= _SHORTEST and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", words)
        for name in names
    )


def _path(graph: DependencyGraph, start: Resource, end: Resource) -> list[Resource]:
    """The shortest chain of needs from one resource to another; empty when there is none."""
    came: dict[Resource, Resource | None] = {start: None}
    waiting = deque([start])
    while waiting:
        one = waiting.popleft()
        if one is end:
            path: list[Resource] = []
            at: Resource | None = one
            while at is not None:
                path.append(at)
                at = came[at]
            return path[::-1]
        for needed in graph.dependencies_of(one):
            if needed not in came:
                came[needed] = one
                waiting.append(needed)
    return []
