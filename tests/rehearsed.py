"""Small programs through the embedded engine, with a world in this process that a test can look into."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from company import WARMING
from pokayoke.replay.folders import beside
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object
from pokayoke_rehearsal.doubles.kubernetes.stores import Stores
from pokayoke_rehearsal.engine import Act, Result
from pokayoke_rehearsal.lives import Life, Others, live
from pokayoke_rehearsal.theatre import Play, Theatre
from pokayoke_rehearsal.world.model import Leftover, World

REGION, NAME = "ap-northeast-2", "demo"
REPOSITORY = Path(__file__).parents[1]

T = TypeVar("T")


@dataclass
class Played:
    """What acts did, and what they left."""

    results: list[Result]
    left: list[Leftover]
    seen: list[Any] = field(default_factory=list[Any])
    """What `look` answered after each act."""

    @property
    def last(self) -> Result:
        return self.results[-1]

    @property
    def told(self) -> str:
        """Everything that failed steps said."""
        return "\n".join(str(failure) for result in self.results for failure in result.failed) + "\n".join(
            diagnostic.message for result in self.results for diagnostic in result.diagnostics
        )


class Inside:
    """The world between two acts."""

    def __init__(self, play: Play) -> None:
        self._play = play

    @property
    def world(self) -> World:
        return self._play.world

    @property
    def stores(self) -> Stores:
        return self._play.stores

    @property
    def has_cluster(self) -> bool:
        """Whether the one cluster is there."""
        return self._play.cluster is not None

    @property
    def cluster(self) -> Cluster:
        """The API server of the one cluster."""
        found = self._play.cluster
        assert found is not None
        return found

    def objects(self, kind: str, group: str = "") -> list[Object]:
        return self.cluster.list(group, kind)

    def client(self, service: str) -> Any:
        return self.world.client(service, REGION)

    def instances(self) -> list[Any]:
        """The running instances of Karpenter's making."""
        filters = [
            {"Name": "tag-key", "Values": ["karpenter.sh/nodeclaim"]},
            {"Name": "instance-state-name", "Values": ["running"]},
        ]
        found = self.client("ec2").describe_instances(Filters=filters)["Reservations"]
        return [instance for held in found for instance in held["Instances"]]


Step = Act | str
"""An act, or another text of the program for the acts that follow."""
Look = Callable[[Inside], object]


class Stage:
    """Plays programs one after the other. Their process is warmed up once; each has a world and a state of its own.

    `look` is asked after each act; what waits in vain is given up at once.
    """

    def __init__(self, directory: Path) -> None:
        self.theatre = Theatre(
            directory / "theatre", beside=beside(REPOSITORY), warming=WARMING, packs=[REPOSITORY / "policies"]
        )
        self._runner = asyncio.Runner()
        self.run(self.theatre.start())

    def run(self, play: Coroutine[Any, Any, T]) -> T:
        """Plays to the end, in the loop to which the theatre belongs."""
        return self._runner.run(play)

    def play(
        self,
        program: str,
        steps: Sequence[Step] = (Act.UP, Act.DESTROY),
        *,
        before: Look | None = None,
        look: Look | None = None,
    ) -> Played:
        """The acts of a program, or of the texts that come up on the way."""
        return self.run(self._play(program, steps, before, look))

    def live(self, program: str, others: Others | None = None) -> Life:
        """A program's whole life."""
        return self.run(live(self.theatre.play(program), others))

    def preview(self, program: str, config: Mapping[str, str]) -> Result:
        """A preview that the policy pack judges, with what the stack file says."""
        return self.run(self._preview(program, config))

    def close(self) -> None:
        self.run(self.theatre.close())
        self._runner.close()

    async def _preview(self, program: str, config: Mapping[str, str]) -> Result:
        async with self.theatre.play(program, config) as play:
            return await play.preview()

    async def _play(self, program: str, steps: Sequence[Step], before: Look | None, look: Look | None) -> Played:
        played = Played([], [])
        async with self.theatre.play(program) as play:
            inside = Inside(play)
            if before is not None:
                before(inside)
            for step in steps:
                if not isinstance(step, Act):
                    play.rewrite(step)
                    continue
                played.results.append(await play.run(step))
                if look is not None:
                    played.seen.append(look(inside))
            played.left = play.left()
        return played
