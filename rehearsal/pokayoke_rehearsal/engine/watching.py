"""The engine's part in finding out that nothing can happen any more: what it rests on, and what has not started."""

import asyncio
from collections.abc import Awaitable, Callable, Container, Sequence

from .base import Base, Seen
from .deletes import Deletes
from .events import Diagnostic, Observer
from .executor import Executor
from .session import Session
from .standstill import Lookout, Rest, Standstill, View, explain


class Watch:
    """Watches an act; `handling` says that the engine works on an event, `posted` counts what was posted to it."""

    def __init__(self, executor: Executor, base: Base, seen: Seen, deletes: Deletes, observe: Observer) -> None:
        self.handling = True
        self.posted = 0
        self.deadlock: list[str] = []
        """What waited for what when nothing could happen any more."""
        self._executor = executor
        self._base = base
        self._seen = seen
        self._deletes = deletes
        self._observe = observe
        self._standstill: Standstill | None = None
        self._still: Callable[[Container[str]], Awaitable[object | None]] | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self, lookout: Lookout, session: Session) -> None:
        """Watches from now on."""

        async def still(late: Container[str]) -> tuple[Rest, View] | None:
            rest, view = self._rest(session), await lookout.look()
            waiting = {urn for urn, _ in view.waits}
            if rest is None or view.works(rest.calls) or rest != self._rest(session):
                return None
            held = all(step.urn in late or step.urn in waiting for step in rest.running)
            return (rest, view) if held else None

        self._still = still
        self._standstill = Standstill(lookout, lambda: self._rest(session), self._explain, self._tell)
        self._task = asyncio.create_task(self._standstill.watch())

    async def still(self, late: Container[str]) -> object | None:
        """What is the same for as long as nothing goes on but `late` operations and waits; None while something does.

        Where nobody can see the program, nothing but what the engine does itself counts.
        """
        return self._executor.moved if self._still is None else await self._still(late)

    async def end(self) -> None:
        """Looks away."""
        if self._task is not None and self._standstill is not None:
            self._task.cancel()
            await asyncio.gather(self._task, self._standstill.told(), return_exceptions=True)

    def _rest(self, session: Session) -> Rest | None:
        executor = self._executor
        working = self.handling and not executor.awaiting
        if working or not executor.at_rest or session.asked > session.constructing:
            return None
        moved = executor.moved + self.posted
        return Rest(frozenset(executor.running), moved, session.calls, bool(session.constructing))

    def _explain(self, view: View) -> Sequence[str]:
        known = {*self._base.resources, *self._seen.news.values()}
        executor, planned = self._executor, self._deletes.planned
        return list(
            explain(view, executor.running, planned, self._base.graph, known, executor.queued, executor.failed_steps)
        )

    def _tell(self, lines: Sequence[str]) -> None:
        self.deadlock += lines
        text = "\n".join(["nothing can happen any more:", *(f"  {line}" for line in lines)])
        self._observe(Diagnostic("error", text))
