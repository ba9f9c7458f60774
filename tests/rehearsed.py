"""Small programs through the embedded engine, with a world in this process that a test can look into."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from company import WARMING
from pokayoke_rehearsal.doubles.aws import AwsDouble
from pokayoke_rehearsal.doubles.kubernetes import KubernetesDouble
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object
from pokayoke_rehearsal.doubles.server import serve
from pokayoke_rehearsal.engine import Act, Engine, Result, Stack, StateFile
from pokayoke_rehearsal.hosts.lookout import WorldLookout
from pokayoke_rehearsal.hosts.program import ProgramHost
from pokayoke_rehearsal.world.double import WorldDouble
from pokayoke_rehearsal.world.model import Leftover, World
from pokayoke_rehearsal.world.moto_aws import MotoAws

REGION, NAME = "ap-northeast-2", "demo"
RAW = tuple((Path(__file__).parents[1] / "examples" / "failures").glob("raw*.py"))
"""Raw resources that programs import as `raw`, `raw_lb` and so on: networks, clusters, controllers, as one writes them
by hand."""


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

    def __init__(self, world: World, double: KubernetesDouble) -> None:
        self.world, self._double = world, double

    @property
    def has_cluster(self) -> bool:
        """Whether the one cluster is there."""
        return self._double.stores.server(REGION, NAME) is not None

    @property
    def cluster(self) -> Cluster:
        """The API server of the one cluster."""
        server = self._double.stores.server(REGION, NAME)
        assert server is not None
        return server.cluster

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
        self._directory = directory
        self._folder = directory / "program"
        self._folder.mkdir()
        for file in RAW:
            shutil.copy(file, self._folder)
        self._write("\n".join([WARMING, *(f"import {file.stem}" for file in RAW)]))
        self._runner = asyncio.Runner()
        self._host = ProgramHost(self._folder)
        self._runner.run(self._host.warm())
        self._count = 0

    def play(
        self,
        program: str,
        steps: Sequence[Step] = (Act.UP, Act.DESTROY),
        *,
        before: Look | None = None,
        look: Look | None = None,
    ) -> Played:
        self._write(program)
        self._count += 1
        return self._runner.run(self._play(self._directory / str(self._count), steps, before, look))

    def close(self) -> None:
        self._runner.run(self._host.close())
        self._runner.close()

    async def _play(self, state: Path, steps: Sequence[Step], before: Look | None, look: Look | None) -> Played:
        world = World()
        aws, kubernetes = AwsDouble(world), KubernetesDouble(world)
        world.start(lambda started: MotoAws(started))
        inside = Inside(world, kubernetes)
        doubles = (aws, kubernetes)
        served = {double.package: await serve(double) for double in (*doubles, WorldDouble(world, doubles))}
        lookout = WorldLookout(served["world"][1], self._host.pulse)
        played = Played([], [])
        try:
            if before is not None:
                before(inside)
            engine = Engine(
                stack=Stack("naive", "dev", {}),
                state=StateFile(state),
                plugins={package: address for package, (_, address) in served.items()},
                program=self._host,
                lookout=lookout,
            )
            async with engine:
                for step in steps:
                    if not isinstance(step, Act):
                        self._write(step)
                        continue
                    played.results.append(await engine.run(step))
                    if look is not None:
                        played.seen.append(look(inside))
            played.left = world.leftovers()[0]
        finally:
            await lookout.close()
            for server, _ in served.values():
                await server.stop(grace=None)
            world.stop()
        return played

    def _write(self, program: str) -> None:
        # What is compiled of a text as long, written in the same second, would pass for this one.
        shutil.rmtree(self._folder / "__pycache__", ignore_errors=True)
        (self._folder / "__main__.py").write_text(program)
