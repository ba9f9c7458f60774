"""Operations take as long as a seed says, so that what runs side by side ends in another order each time."""

import random
from collections.abc import Callable

from pokayoke_rehearsal.engine import Act

from .life import Life
from .undisturbed import Undisturbed

_LONGEST = 0.2
"""Seconds; in this time a rehearsal does some dozens of operations."""


def drawn(seed: int) -> Callable[[str, str], float]:
    """The seconds that an operation on a resource takes longer: half of them none, the others up to the longest."""

    def latency(urn: str, operation: str) -> float:
        chance = random.Random(f"{seed} {operation} {urn}")  # noqa: S311 - a seed is to draw the same again
        return max(0.0, chance.uniform(-_LONGEST, _LONGEST))

    return latency


async def reorder(life: Life, seed: int, undisturbed: Undisturbed) -> None:
    """An `up` and a destroy in another order.

    Raises:
        FellShortError: they come to another end.
    """
    life.latency = drawn(seed)
    await life.do(Act.UP)
    await undisturbed.require_same(life)
    await life.allow_destroy()
    await life.do(Act.DESTROY)
    await life.require_gone()
