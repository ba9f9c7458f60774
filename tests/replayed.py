"""Naive programs of the replays (examples/failures) with something changed, and their lives."""

from __future__ import annotations

from collections.abc import Sequence

from pokayoke.replay.folders import Replay, replay_of
from pokayoke.replay.verdicts import shown
from pokayoke_eks.catalogue import Symptom, failure
from pokayoke_rehearsal.engine import Act
from pokayoke_rehearsal.lives import Life, Others, came_up, gone, let
from pokayoke_rehearsal.theatre import Play
from rehearsed import REPOSITORY, Stage

Change = tuple[str, str]
"""A part of a program's text, and what stands in its place."""


class Replays:
    """Lives naive programs on the stage, each in a world of its own."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def live(self, slug: str, *changes: Change) -> Life:
        """The life of the naive program of a failure, with these changes made."""
        return self._stage.live(changed(slug, *changes), _replay(slug).others)

    def mended(self, slug: str, broken: Sequence[Change], mended: Sequence[Change]) -> tuple[Life, Life]:
        """The naive program of a failure with some changes made, which breaks before it is destroyed; and in the same
        world, from there on, the one with the others made. Neither is previewed, nor brought up a second time."""
        return self._stage.run(self._mended(slug, changed(slug, *broken), changed(slug, *mended)))

    async def _mended(self, slug: str, broken: str, mended: str) -> tuple[Life, Life]:
        others = _replay(slug).others
        async with self._stage.theatre.play(broken) as play:
            assert list(let("before", others, play)) == []
            was = play.left()
            first = await _stood(play, others)
            play.rewrite(mended)
            second = await _stood(play, others)
            told = (*second, *gone(await play.run(Act.DESTROY), play, was))
            return Life("it" if first else "", first), Life("it" if told else "", told)


async def _stood(play: Play, others: Others) -> tuple[str, ...]:
    """What is told of a program until it stands."""
    result = await play.run(Act.UP)
    if not result.ok:
        return tuple(came_up(result, play))
    return (*let("meanwhile", others, play), *play.operate().troubles)


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
    found = replay_of(REPOSITORY, failure(slug))
    assert found is not None, f"{slug} has no replay"
    return found
