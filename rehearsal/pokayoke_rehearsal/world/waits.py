"""Who waits in the world, for what, and whether anything can still happen that would end the wait.

Time does not pass in a rehearsal: whatever can happen by itself has happened when a request is answered. So a wait is
looked at again whenever something happened, and it is hopeless once nothing can happen any more. The engine knows that
(every operation that runs waits, and no other can start) and says so by `give_up`. Where none watches, as under a real
Pulumi CLI, a wait ends after `patience` seconds in which nothing happened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

ASKED: ContextVar[str] = ContextVar("asked", default="")
"""The URN that the running request is about; set by the server."""


@dataclass(eq=False)
class Wait:
    """A request that waits; `words` tells what it waits for, as it stands when asked."""

    urn: str
    words: Callable[[], str]
    loop: asyncio.AbstractEventLoop
    seen: int
    """The moment at which it was last looked at."""
    sleeps: bool = False
    hopeless: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Has it looked at again; from any thread."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.changed.set)


class Waits:
    """The waits of a world.

    `timers` are called when nothing else moves any more: what comes with time alone (a controller's interval) comes
    then. What they change, they tell by `happened`, as everybody does.
    """

    def __init__(self) -> None:
        self.patience = 5.0
        """Seconds without any change after which a wait is given up while nobody watches."""
        self.watched = False
        self.moment = 0
        """Counts what happened."""
        self.timers: list[Callable[[], None]] = []
        self._waits: list[Wait] = []
        self._woken = -1

    def happened(self) -> None:
        """Something changed: whoever waits looks again. To be called from any thread."""
        self.moment += 1
        for wait in list(self._waits):
            wait.wake()

    async def until(self, done: Callable[[], bool], words: Callable[[], str], *, sleeps: bool = False) -> bool:
        """Whether it is done: looked at again whenever something happened, until that is hopeless.

        `words` says who waits for what, as in `DSQL cluster a1 is PENDING_DELETE until its peer b2 is deleted`; ids and
        ARNs in it lead the engine to the resources that it knows by them. Whoever `sleeps` waits for time to pass, and
        is woken before others are given up.
        """
        if done():
            return True
        wait = Wait(ASKED.get(), words, asyncio.get_running_loop(), self.moment, sleeps)
        self._waits.append(wait)
        try:
            while await self._change(wait):
                if done():
                    return True
            return done()
        finally:
            self._waits.remove(wait)

    def current(self) -> list[dict[str, str]]:
        """Those who wait: the URN, and the words for what it is that they wait for."""
        return [{"urn": wait.urn, "words": wait.words()} for wait in self._waits]

    def give_up(self, moment: int) -> bool:
        """Ends all waits as hopeless unless something happened after `moment`, or happens now since time passes.

        Those who sleep are woken first, alone; False too when that was all.
        """
        if not self._still(moment):
            return False
        if self._time_moves():
            return False
        sleepers = [wait for wait in self._waits if wait.sleeps] if self._woken != moment else []
        self._woken = moment
        for wait in sleepers or self._waits:
            wait.hopeless = True
            wait.changed.set()
        return not sleepers

    def let_time_pass(self) -> None:
        """Has time pass until that changes nothing more, or for as long as a controller without end would take."""
        for _ in range(_LONGEST):
            if not self._time_moves():
                return

    async def keep_time(self) -> None:
        """Has time pass whenever nothing happened for `patience` seconds and nobody watches; until it is cancelled.

        Whoever polls AWS from outside (a dynamic resource under a real Pulumi CLI) is no wait that is known here.
        """
        seen = self.moment
        while True:
            await asyncio.sleep(self.patience)
            if not self.watched and self.moment == seen:
                self._time_moves()
            seen = self.moment

    def _time_moves(self) -> bool:
        """Has time pass for the timers; whether that changed anything."""
        moment = self.moment
        for timer in self.timers:
            timer()
        return self.moment != moment

    def _still(self, moment: int) -> bool:
        return self.moment == moment and all(wait.seen == moment for wait in self._waits)

    async def _change(self, wait: Wait) -> bool:
        """Waits for something to happen; False when nothing will."""
        while wait.seen == self.moment and not wait.hopeless:
            wait.changed.clear()
            try:
                await asyncio.wait_for(wait.changed.wait(), None if self.watched else self.patience)
            except TimeoutError:
                if not self.watched and not self._time_moves():
                    return False
        wait.seen = self.moment
        return not wait.hopeless


_LONGEST = 5
"""Intervals after which it is taken for granted that more of them show nothing new."""
