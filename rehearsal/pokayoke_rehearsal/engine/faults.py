"""Faults put in the place of provider calls, and which of them were met; and delays before such calls."""

import asyncio
from collections.abc import Awaitable, Callable, Container, Sequence

from .errors import ProviderError
from .events import Fault

_STILL = 0.1  # seconds in which nothing goes on


Latency = Callable[[str, str], float]
"""Gives the seconds that an operation on a URN takes longer."""


class Faults:
    """The faults and delays of one act; `still` is `Watch.still`."""

    def __init__(
        self,
        faults: Sequence[Fault],
        still: Callable[[Container[str]], Awaitable[object | None]],
        latency: Latency | None = None,
    ) -> None:
        self._faults = list(faults)
        self._still_now = still
        self._latency = latency
        self._late: set[str] = set()
        self._met: set[Fault] = set()
        self._stillness: asyncio.Task[None] | None = None

    async def strike(self, urn: str, operation: str, *, preview: bool) -> None:
        """Fails the operation when a fault is meant for it, after its delay; a preview only notes that it would.

        Raises ProviderError.
        """
        if self._latency is not None and not preview:
            await asyncio.sleep(self._latency(urn, operation))
        for fault in self._faults:
            if fault.hits(urn, operation):
                self._met.add(fault)
                if preview:
                    continue
                if fault.late:
                    self._late.add(urn)
                    await self._still()
                raise ProviderError(fault.message)

    @property
    def unmatched(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self._faults if fault not in self._met)

    async def _still(self) -> None:
        """All that are late fail together."""
        if self._stillness is None or self._stillness.done():
            self._stillness = asyncio.create_task(self._until_nothing_moves())
        await asyncio.shield(self._stillness)

    async def _until_nothing_moves(self) -> None:
        seen, now = None, await self._still_now(self._late)
        while now is None or now != seen:
            await asyncio.sleep(_STILL)
            seen, now = now, await self._still_now(self._late)
