"""Naive programs of the replays (examples/failures) with something changed, and their lives."""

from __future__ import annotations

import asyncio
from pathlib import Path

from pokayoke.replay.folders import beside, replay_of
from pokayoke.replay.verdicts import shown
from pokayoke_eks.catalogue import failure
from pokayoke_rehearsal.lives import Life, live
from pokayoke_rehearsal.theatre import Theatre

ROOT = Path(__file__).parents[1]

Change = tuple[str, str]
"""A part of a program's text, and what stands in its place."""


class Replays:
    """Lives naive programs. Their process is warmed up once; each has a world of its own."""

    def __init__(self, directory: Path) -> None:
        warming = "import pulumi_aws, pulumi_kubernetes, pokayoke_eks"
        self._theatre = Theatre(directory / "theatre", beside=beside(ROOT), warming=warming)
        self._runner = asyncio.Runner()
        self._runner.run(self._theatre.start())

    def live(self, slug: str, *changes: Change) -> Life:
        """The life of the naive program of a failure, with these changes made."""
        replay = replay_of(ROOT, failure(slug))
        assert replay is not None, f"{slug} has no replay"
        program = replay.naive
        for old, new in changes:
            assert old in program, f"{slug}: the naive program no longer says {old!r}"
            program = program.replace(old, new)
        return self._runner.run(live(self._theatre.play(program), replay.others))

    def close(self) -> None:
        self._runner.run(self._theatre.close())
        self._runner.close()


def documented(slug: str, life: Life) -> bool:
    """Whether a life broke and told of that in words that name the failure by themselves, where it has such words."""
    replay = replay_of(ROOT, failure(slug))
    assert replay is not None
    naming = tuple(one for one in replay.shows if one.decisive) or replay.shows
    return not life.sound and shown(naming, life) is not None
