"""Small programs, one after the other, in one process: each has a world and a state of its own that can be looked into.

For a stack of one's own there is `rehearse`, with a process for each part. Here the world is in this process, so that a
program costs what it does and not what it takes to start a world.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from pokayoke_rehearsal.doubles.aws import AwsDouble
from pokayoke_rehearsal.doubles.base import Double, Inputs
from pokayoke_rehearsal.doubles.eks import EksDouble
from pokayoke_rehearsal.doubles.kubernetes import KubernetesDouble
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.server import serve
from pokayoke_rehearsal.engine import Act, Engine, Result, Stack, StateFile
from pokayoke_rehearsal.hosts.analyzer import AnalyzerHost
from pokayoke_rehearsal.hosts.dynamic import PACKAGE as DYNAMIC
from pokayoke_rehearsal.hosts.dynamic import DynamicHost
from pokayoke_rehearsal.hosts.lookout import WorldLookout
from pokayoke_rehearsal.hosts.program import ProgramHost
from pokayoke_rehearsal.operating import Story, observe
from pokayoke_rehearsal.world.double import WorldDouble
from pokayoke_rehearsal.world.model import Leftover, World
from pokayoke_rehearsal.world.moto_aws import MotoAws, http_server, listen

PROJECT = "replay"
_WORLD = "world"


class Theatre:
    """Plays programs, which find the modules `beside` them; `warming` is a program that imports what they will.

    `directory` is empty and becomes the theatre's own. In previews the policy packs judge that a program asks for.
    """

    def __init__(
        self, directory: Path, *, beside: Sequence[Path] = (), warming: str = "", packs: Sequence[Path] = ()
    ) -> None:
        self._directory, self._folder = directory, directory / "program"
        self._folder.mkdir(parents=True)
        for file in beside:
            shutil.copy(file, self._folder)
        self.rewrite("\n".join([warming, *(f"import {file.stem}" for file in beside)]))
        self._program = ProgramHost(self._folder)
        self._dynamic = DynamicHost(self._folder, project=PROJECT)
        self._packs = [AnalyzerHost(pack) for pack in packs]
        self._analyzers: list[str] | None = None
        self._current = _Current()
        self._plugins: dict[str, str] = {}
        self._held = AsyncExitStack()
        self._count = 0

    async def start(self) -> None:
        """Starts the processes beside this one.

        Raises:
            HostError: one of them did not start.
        """
        await asyncio.gather(self._dynamic.start(), *(pack.start() for pack in self._packs), self._program.start())
        world, address = await serve(self._current)
        self._held.push_async_callback(world.stop, None)
        listener = listen()
        http = http_server(listener)
        Thread(target=http.serve_forever, name="aws-http", daemon=True).start()
        self._held.callback(http.shutdown)
        endpoint = "http://{}:{}".format(*listener.getsockname())
        self._plugins = {_WORLD: address, DYNAMIC: await self._dynamic.serve(endpoint, address)}
        await self._program.warm()

    async def close(self) -> None:
        """Ends them."""
        hosts = [self._program, self._dynamic, *self._packs]
        await asyncio.gather(*(host.close() for host in hosts))
        await self._held.aclose()

    @asynccontextmanager
    async def play(self, program: str, config: Mapping[str, str] | None = None) -> AsyncGenerator[Play]:
        """A program's text in a world of its own, which ends with the context; `config` is what its stack file says."""
        self.rewrite(program)
        self._count += 1
        world = World()
        kubernetes = KubernetesDouble(world)
        doubles = (AwsDouble(world), kubernetes, EksDouble(world))
        self._current.world = WorldDouble(world, doubles)
        async with AsyncExitStack() as held:
            world.start(lambda started: MotoAws(started))
            held.callback(world.stop)
            plugins = dict(self._plugins)
            for double in doubles:
                server, plugins[double.package] = await serve(double)
                held.push_async_callback(server.stop, None)
            lookout = WorldLookout(plugins[_WORLD], self._program.pulse)
            held.push_async_callback(lookout.close)
            engine = Engine(
                stack=Stack(PROJECT, "dev", dict(config or {})),
                state=StateFile(self._directory / str(self._count)),
                plugins=plugins,
                program=self._program,
                lookout=lookout,
            )
            await held.enter_async_context(engine)
            yield Play(self, world, kubernetes, engine)

    async def judged(self, engine: Engine) -> list[str]:
        """Where the policy packs judge previews.

        Raises:
            HostError: a pack did not start.
        """
        if self._analyzers is None:
            serving = (pack.serve(engine.address, engine.stack, dry_run=True) for pack in self._packs)
            self._analyzers = list(await asyncio.gather(*serving))
        return self._analyzers

    def rewrite(self, program: str) -> None:
        """Has the acts to come run another text."""
        # What is compiled of a text as long, written in the same second, would pass for this one.
        shutil.rmtree(self._folder / "__pycache__", ignore_errors=True)
        (self._folder / "__main__.py").write_text(program, encoding="utf-8")


class Play:
    """A program in its world: acts on it, and what is to be seen there."""

    def __init__(self, theatre: Theatre, world: World, kubernetes: KubernetesDouble, engine: Engine) -> None:
        self.world, self.stores = world, kubernetes.stores
        self._theatre, self._engine = theatre, engine

    async def run(self, act: Act) -> Result:
        """Has the engine perform an act; what waits in vain is given up at once."""
        return await self._engine.run(act)

    async def preview(self) -> Result:
        """A preview that the policy packs judge."""
        self._engine.analyzers = await self._theatre.judged(self._engine)
        try:
            return await self._engine.run(Act.PREVIEW)
        finally:
            self._engine.analyzers = []

    def rewrite(self, program: str) -> None:
        """Has the acts to come run another text of the program."""
        self._theatre.rewrite(program)

    def operate(self) -> Story:
        """How what stands there lives."""
        return observe(self.world, self.stores)

    def left(self) -> list[Leftover]:
        """What the world holds that was not there in the beginning."""
        return self.world.leftovers()[0]

    def client(self, service: str, region: str = "ap-northeast-2") -> Any:
        """A boto3 client of the world, for what others do in the account."""
        return self.world.client(service, region)

    @property
    def cluster(self) -> Cluster | None:
        """The API server of the first cluster, None while there is none."""
        return next((server.cluster for server in self.stores.servers), None)


class _Current(Double):
    """The `world` double of whatever is played: the host of dynamic resources learns its address once."""

    package = _WORLD
    world: WorldDouble

    def knows_type(self, token: str) -> bool:
        return self.world.knows_type(token)

    def knows_function(self, token: str) -> bool:
        return self.world.knows_function(token)

    async def invoke_function(self, token: str, args: Inputs, preview: bool) -> Inputs:
        return await self.world.invoke_function(token, args, preview)
