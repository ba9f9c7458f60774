"""The jobs of a whole run, each for a process of its own: what is done to which stack, with which seeds."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import faults, interruptions, kills, latencies
from .life import FellShortError, life_of
from .undisturbed import Undisturbed, undisturbed

FAULTS, INTERRUPTIONS, KILLS, LATENCIES = "faults", "interruptions", "kills", "latencies"
_SAMPLED = 6
"""Resources of a stack whose faults are drawn by a seed."""
_AT_ONCE = 10
"""Seeds of latencies in one process, which needs seconds to warm up."""
_PATIENCE = 900
"""Seconds after which a job hangs: it takes a tenth of them on idle cores."""
_NOT_RESUMED = frozenset({"aws:dsql/clusterPeering:ClusterPeering"})
"""Half a pair of peers takes no second half (docs/operations.md): it can only go, which the tests of a life see."""


@dataclass(frozen=True)
class Job:
    """One thing to do to a stack; without `seeds`, to everything in it."""

    kind: str
    stack: str
    seeds: tuple[int, ...] = ()


@dataclass
class Done:
    """What came of a job: counts by name, what fell short, and how long it took."""

    job: Job
    counts: dict[str, int] = field(default_factory=dict[str, int])
    failures: list[str] = field(default_factory=list[str])
    seconds: float = 0.0

    def count(self, **more: int) -> None:
        """Adds to the counts."""
        for name, number in more.items():
            self.counts[name] = self.counts.get(name, 0) + number


def jobs(only: Iterable[str], share: float) -> list[Job]:
    """What a whole run does, or a share of its seeds."""

    def seeds(number: int) -> Sequence[int]:
        return range(max(1, round(number * share)))

    every = [
        Job(FAULTS, "dev"),
        Job(INTERRUPTIONS, "dev"),
        *(Job(FAULTS, "prod", (seed,)) for seed in seeds(2)),
        *(Job(KILLS, "prod", (seed,)) for seed in seeds(3)),
        *(Job(KILLS, "dev", (seed,)) for seed in seeds(20)),
        *(Job(LATENCIES, "dev", tuple(seeds(40)[at : at + _AT_ONCE])) for at in range(0, len(seeds(40)), _AT_ONCE)),
        Job(LATENCIES, "prod", tuple(seeds(3))),
    ]
    wanted = set(only)
    return [job for job in every if not wanted or job.kind in wanted or job.stack in wanted]


def measure(stack: str) -> Undisturbed:
    """What an undisturbed life of a stack comes to."""

    async def measured() -> Undisturbed:
        async with life_of(stack) as life:
            return await undisturbed(life)

    return asyncio.run(measured())


def do(job: Job, undisturbed: Undisturbed) -> Done:
    """Does a job; what falls short is in the result."""
    done, began = Done(job), time.monotonic()
    try:
        asyncio.run(asyncio.wait_for(_KINDS[job.kind](job, undisturbed, done), _PATIENCE))
    except FellShortError as error:
        done.failures.append(str(error))
    except Exception as error:  # a job that breaks must not take the others along
        done.failures.append(f"{type(error).__name__}: {error}")
    done.seconds = time.monotonic() - began
    return done


async def _faults(job: Job, undisturbed: Undisturbed, done: Done) -> None:
    async with life_of(job.stack) as life:
        struck = await faults.torture(life, undisturbed, _sampled(job, undisturbed))
        done.count(faults=struck.faults, runs=struck.runs)


async def _kills(job: Job, undisturbed: Undisturbed, done: Done) -> None:
    for seed in job.seeds:
        killed = await kills.kill_and_mend(job.stack, seed, undisturbed)
        done.count(runs=1, interrupted=killed.pending, refused=killed.refused, swept=killed.swept)


async def _interruptions(job: Job, undisturbed: Undisturbed, done: Done) -> None:
    async with life_of(job.stack) as life:
        found = await interruptions.interrupt(life, undisturbed)
        done.count(interrupted=found.pending, refused=found.refused, swept=found.swept)


async def _latencies(job: Job, undisturbed: Undisturbed, done: Done) -> None:
    async with life_of(job.stack) as life:
        for seed in job.seeds:
            await latencies.reorder(life, seed, undisturbed)
            done.count(runs=1)


def _sampled(job: Job, undisturbed: Undisturbed) -> frozenset[str] | None:
    if not job.seeds:
        return None
    every = sorted(one.urn for depth in undisturbed.depths for one in depth if one.type not in _NOT_RESUMED)
    return frozenset(random.Random(job.seeds[0]).sample(every, _SAMPLED))  # noqa: S311 - drawn again by the same seed


_KINDS: dict[str, Callable[[Job, Undisturbed, Done], Coroutine[Any, Any, None]]] = {
    FAULTS: _faults,
    INTERRUPTIONS: _interruptions,
    KILLS: _kills,
    LATENCIES: _latencies,
}
