"""Naive programs of the replays (examples/failures) with something changed, and their lives."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from pokayoke.replay.folders import Replay, beside, replay_of
from pokayoke.replay.verdicts import shown
from pokayoke_eks.catalogue import Symptom, failure
from pokayoke_rehearsal.engine import Act
from pokayoke_rehearsal.lives import Life, Others, live
from pokayoke_rehearsal.theatre import Play, Theatre

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
        return self.live_text(changed(slug, *changes), _replay(slug).others)

    def live_text(self, program: str, others: Others | None = None) -> Life:
        """The life of any program."""
        return self._runner.run(live(self._theatre.play(program), others))

    def mended(self, slug: str, broken: Sequence[Change], mended: Sequence[Change]) -> tuple[Life, Life]:
        """The naive program of a failure with some changes made, which breaks before it is destroyed; and in the same
        world, from there on, the one with the others made. Neither is previewed, nor brought up a second time."""
        others = _replay(slug).others
        return self._runner.run(self._mended(changed(slug, *broken), changed(slug, *mended), others))

    def close(self) -> None:
        self._runner.run(self._theatre.close())
        self._runner.close()

    async def _mended(self, broken: str, mended: str, others: Others) -> tuple[Life, Life]:
        async with self._theatre.play(broken) as play:
            if before := others.get("before"):
                before(play.client)
            was = play.left()
            first = await _stood(play, others)
            play.rewrite(mended)
            second = await _stood(play, others)
            gone = await play.run(Act.DESTROY)
            left = [one for one in play.left() if one not in was]
            told = (*second.told, *(str(one) for one in (*gone.failed, *left)))
            return first, Life("it" if told else "", told)


async def _stood(play: Play, others: Others) -> Life:
    """A life until it stands."""
    result = await play.run(Act.UP)
    if result.ok and (meanwhile := others.get("meanwhile")):
        meanwhile(play.client, play.cluster)
    refused = (one.message for one in result.diagnostics if one.severity == "error" and not result.ok)
    told = (*(str(one.message) for one in result.failed), *refused, *play.operate().troubles)
    return Life("it" if told else "", told)


def changed(slug: str, *changes: Change) -> str:
    """The naive program of a failure, with these changes made."""
    program = _replay(slug).naive
    for old, new in changes:
        assert old in program, f"{slug}: the naive program no longer says {old!r}"
        program = program.replace(old, new)
    return program


def documented(slug: str, life: Life) -> bool:
    """Whether a life broke and told of that in words that name the failure by themselves, where it has such words."""
    return not life.sound and shown(naming(slug), life) is not None


def naming(slug: str) -> tuple[Symptom, ...]:
    """The texts that name a failure by themselves, where it has such; else all of its texts."""
    shows = _replay(slug).shows
    return tuple(one for one in shows if one.decisive) or shows


def _replay(slug: str) -> Replay:
    found = replay_of(ROOT, failure(slug))
    assert found is not None, f"{slug} has no replay"
    return found
