"""All processes of a rehearsal, started at once and ended together."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pokayoke_rehearsal.hosts.analyzer import AnalyzerHost
from pokayoke_rehearsal.hosts.dynamic import PACKAGE as DYNAMIC
from pokayoke_rehearsal.hosts.dynamic import DynamicHost
from pokayoke_rehearsal.hosts.program import ProgramHost
from pokayoke_rehearsal.hosts.world import World, WorldHost
from pokayoke_rehearsal.plan import Remains, Story
from pokayoke_rehearsal.project import Project

if TYPE_CHECKING:
    from pokayoke_rehearsal.engine.program import Stack
    from pokayoke_rehearsal.hosts.lookout import WorldLookout


WORLD = "world"


class Company:
    """The program's parent, the packs, the host of dynamic resources and the world of a folder.

    Raises (on construction):
        HostError: a folder named as a pack is none.
    """

    def __init__(
        self, project: Project, directory: Path, *, packs: Sequence[Path], output: Callable[[str], None]
    ) -> None:
        self._packs, self._output = packs, output
        self._world = WorldHost(directory)
        self._dynamic = DynamicHost(project.directory, project=project.name, output=output)
        self._warm = [AnalyzerHost(pack, output=output) for pack in packs]
        self._analyzers = list(self._warm)
        self._served: dict[tuple[bool, str], asyncio.Future[list[str]]] = {}
        self.program = ProgramHost(project.directory, entry=project.entry, root=project.root, output=output)

    async def living_world(self) -> World | None:
        """The world that an earlier call left in the folder, if it lives."""
        return await self._world.attach()

    @property
    def world(self) -> World | None:
        """The world, once it is up."""
        return self._world.world

    async def start(self) -> None:
        """Starts every process that is not there yet; they warm up while the caller goes on."""
        if self._world.world is None:
            self._world.launch()
        await asyncio.gather(
            self.program.start(), self._dynamic.start(), *(analyzer.start() for analyzer in self._warm)
        )

    async def plugins(self) -> dict[str, str]:
        """Where the providers serve, by package, once the world is up.

        Raises:
            HostError: the world or the host of dynamic resources did not start.
        """
        world = self._world.world or await self._world.ready()
        return {**world.plugins, DYNAMIC: await self._dynamic.serve(world.aws_endpoint, world.plugins[WORLD])}

    async def leftovers(self) -> Remains:
        """What the world still holds.

        Raises:
            HostError: it does not answer.
        """
        # With it comes gRPC, which the processes need not wait for.
        from pokayoke_rehearsal.hosts.leftovers import leftovers

        assert self._world.world is not None  # noqa: S101 - plugins() has started it
        return await leftovers(self._world.world.plugins[WORLD])

    async def operate(self) -> Story:
        """What is seen of the clusters while they live.

        Raises:
            HostError: the world does not tell.
        """
        from pokayoke_rehearsal.hosts.operate import operate

        assert self._world.world is not None  # noqa: S101 - plugins() has started it
        return await operate(self._world.world.plugins[WORLD])

    async def change_by_hand(self, resources: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
        """Has the world change some of a state's resources; gives what was done by URN."""
        from pokayoke_rehearsal.hosts.by_hand import change_by_hand

        assert self._world.world is not None  # noqa: S101 - plugins() has started it
        return await change_by_hand(self._world.world.plugins[WORLD], resources)

    def lookout(self) -> "WorldLookout":
        """What the engine needs to see of the world and the program; whoever asks closes it."""
        from pokayoke_rehearsal.hosts.lookout import WorldLookout

        assert self._world.world is not None  # noqa: S101 - plugins() has started it
        return WorldLookout(self._world.world.plugins[WORLD], self.program.pulse)

    async def end_world(self) -> None:
        """Ends the world that lives in the folder, if there is one."""
        await self._world.stop()

    async def analyzers(self, engine: str, stack: "Stack", *, dry_run: bool) -> list[str]:
        """Where the packs serve; a pack learns once in its life the config and whether it sees a preview.

        So there is a process for each of these that comes up in a rehearsal.

        Raises:
            HostError: a pack did not start.
        """
        return await self.prepare_analyzers(engine, stack, dry_run=dry_run)

    def prepare_analyzers(self, engine: str, stack: "Stack", *, dry_run: bool) -> "asyncio.Future[list[str]]":
        """Lets the packs of `analyzers` start without waiting for them."""
        key = dry_run, json.dumps(dict(stack.config), sort_keys=True)
        if key not in self._served:
            self._served[key] = asyncio.ensure_future(self._serve(engine, stack, dry_run=dry_run))
        return self._served[key]

    async def close(self, *, keep_world: bool) -> None:
        """Ends the processes; the world too, unless it is kept."""
        for served in self._served.values():
            served.cancel()
        await asyncio.gather(*self._served.values(), return_exceptions=True)
        hosts = [self.program, self._dynamic, *self._analyzers]
        ending = [host.close() for host in hosts]
        if not keep_world:
            ending.append(self._world.stop())
        await asyncio.gather(*ending)

    async def _serve(self, engine: str, stack: "Stack", *, dry_run: bool) -> list[str]:
        hosts, self._warm = self._warm, []
        if not hosts:
            hosts = [AnalyzerHost(pack, output=self._output) for pack in self._packs]
            self._analyzers += hosts
            await asyncio.gather(*(host.start() for host in hosts))
        return list(await asyncio.gather(*(host.serve(engine, stack, dry_run=dry_run) for host in hosts)))
