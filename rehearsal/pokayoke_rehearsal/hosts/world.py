"""The world's process: AWS, the cluster stores, their doubles; it outlives the acts and, when kept, the command."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pokayoke_rehearsal.hosts.environment import scrubbed
from pokayoke_rehearsal.hosts.errors import HostError

COMMAND = (sys.executable, "-P", "-u", "-m", "pokayoke_rehearsal.hosts.world_process")
OWNER = "POKAYOKE_WORLD_OWNER"
_LINES_OF_AN_ERROR = 30
# A machine under load takes its time.
_ANSWER_SECONDS = 5


@dataclass(frozen=True)
class World:
    """Where a living world listens: the doubles by package, and AWS for boto3."""

    pid: int
    plugins: Mapping[str, str]
    aws_endpoint: str

    @staticmethod
    def from_json(text: str) -> "World":
        """The line that a world writes when it is ready.

        Raises:
            ValueError: it is another one.
        """
        said: Any = json.loads(text)
        try:
            return World(int(said["pid"]), dict(said["plugins"]), str(said["aws_endpoint"]))
        except (TypeError, KeyError) as error:
            raise ValueError(f"not a world: {text!r}") from error


class WorldHost:
    """Starts a world for a folder, or attaches to the one that lives there; it is detached, so that it can be kept.

    With `owned`, the world does not outlive this process.
    """

    def __init__(self, directory: Path, *, command: Sequence[str] | None = None, owned: bool = False) -> None:
        self._owner = {OWNER: str(os.getpid())} if owned else {}
        self._directory = directory
        self._log = directory / "world.log"
        self._command = command or COMMAND
        self._process: subprocess.Popen[bytes] | None = None
        self.world: World | None = None

    async def attach(self) -> World | None:
        """The living world of the folder; what is left of a dead one is removed, and then there is none."""
        file = self._directory / "world.json"
        try:
            world = World.from_json(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if not runs(world.pid) or not await _answers(world):
            file.unlink(missing_ok=True)
            return None
        self.world = world
        return world

    async def start(self) -> World:
        """Starts a world and waits until it is ready; see `launch` and `ready`."""
        self.launch()
        return await self.ready()

    def launch(self) -> None:
        """Starts the process of a world."""
        self._directory.mkdir(parents=True, exist_ok=True)
        with self._log.open("wb") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [*self._command, "--directory", str(self._directory)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=scrubbed(os.environ) | self._owner,
                cwd=self._directory,
                start_new_session=True,
                creationflags=getattr(subprocess, "DETACHED_PROCESS", 0),
            )

    async def ready(self) -> World:
        """Waits until the world that was launched is ready.

        Raises:
            HostError: it ended before; with what it wrote.
        """
        assert self._process is not None  # noqa: S101 - launched
        try:
            line = await _first_line(self._process)
        except asyncio.CancelledError:
            self._kill()
            raise
        try:
            self.world = World.from_json(line)
        except ValueError as error:
            self._kill()
            wrote = self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LINES_OF_AN_ERROR:]
            raise HostError("\n".join(["the rehearsal's world did not start:", *wrote])) from error
        return self.world

    async def stop(self) -> None:
        """Ends the world at once: it has nothing that anybody could miss."""
        if self.world is None:
            self._kill()
            return
        world, self.world = self.world, None
        with suppress(ProcessLookupError, PermissionError):
            os.kill(world.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        self._kill()

    def _kill(self) -> None:
        if self._process is not None:
            if self._process.poll() is None:
                self._process.kill()
            self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None


async def _first_line(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None  # noqa: S101 - stdout is a pipe
    # Not an asyncio subprocess: closing its transport would kill a world that is to be kept.
    return (await asyncio.to_thread(process.stdout.readline)).decode(errors="replace")


def runs(pid: int) -> bool:
    """Whether there is a process of this number."""
    if os.name == "nt":
        # os.kill(pid, 0) ends the process there; whether it listens is asked next anyway.
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


async def _answers(world: World) -> bool:
    """Whether every double of the world answers: a process with a reused id does not, nor one that is being killed."""
    return all(await asyncio.gather(*map(_serves, world.plugins.values())))


async def _serves(address: str) -> bool:
    # Only now: a world that is to be launched does not wait for these imports.
    import grpc
    import grpc.aio
    from google.protobuf import empty_pb2
    from pulumi.runtime.proto import provider_pb2_grpc

    # Taking a connection is no answer: the kernel does that for a process that has a signal pending.
    async with grpc.aio.insecure_channel(address) as channel:
        stub: Any = provider_pb2_grpc.ResourceProviderStub(channel)
        try:
            await stub.GetPluginInfo(empty_pb2.Empty(), timeout=_ANSWER_SECONDS)
        except grpc.aio.AioRpcError as error:
            return error.code() == grpc.StatusCode.UNIMPLEMENTED
    return True
