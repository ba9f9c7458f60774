"""Plays the programs of replays: one after the other in this process, or side by side in several."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pokayoke.replay.folders import Replay, beside, replay_of
from pokayoke_eks.catalogue import failure
from pokayoke_rehearsal.lives import Life, live
from pokayoke_rehearsal.theatre import Theatre

_WARMING = "import pulumi_aws, pulumi_eks, pulumi_kubernetes\nimport pokayoke_eks\n"


@dataclass(frozen=True)
class Lives:
    """What became of a replay's programs; None for one that it has not."""

    naive: Life
    ours: Life | None
    refused: Life | None


def played(root: Path, replays: Sequence[Replay]) -> Iterator[Lives]:
    """The lives of replays, in their order, as they end.

    Raises:
        HostError: a process did not start.
    """
    slugs = [replay.failure.slug for replay in replays]
    if len(slugs) == 1:
        yield _play(root, slugs[0])
        _theatre(root).close()
    if len(slugs) < 2:
        return
    # Worlds are one a process: moto keeps an account in its modules. Forked processes would share gRPC's threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context) as pool:
        yield from pool.map(_play, [root] * len(slugs), slugs)


class _Theatre:
    """A theatre of this process, and the loop it lives in. Equal programs are played once."""

    def __init__(self, root: Path) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="pokayoke-replay-")
        self._theatre = Theatre(
            Path(self._folder.name) / "theatre", beside=beside(root), warming=_WARMING, packs=[root / "policies"]
        )
        self._runner = asyncio.Runner()
        self._runner.run(self._theatre.start())
        self._lived: dict[str, Life] = {}

    def live(self, program: str, replay: Replay) -> Life | None:
        if not program:
            return None
        if replay.others:
            return self._runner.run(live(self._theatre.play(program), replay.others))
        if program not in self._lived:
            self._lived[program] = self._runner.run(live(self._theatre.play(program)))
        return self._lived[program]

    def close(self) -> None:
        self._runner.run(self._theatre.close())
        self._runner.close()
        self._folder.cleanup()


@cache
def _theatre(root: Path) -> _Theatre:
    return _Theatre(root)


def _play(root: Path, slug: str) -> Lives:
    replay, theatre = replay_of(root, failure(slug)), _theatre(root)
    assert replay is not None  # noqa: S101 - asked for by whoever has found its folder
    naive = theatre.live(replay.naive, replay)
    assert naive is not None  # noqa: S101 - a replay has one
    return Lives(naive, theatre.live(replay.ours, replay), theatre.live(replay.refused, replay))
