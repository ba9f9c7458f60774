"""Programs that take turns in one folder: the process that runs them is warmed up once."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from echo_double import Echo
from programs import write
from recordings import Player

from pokayoke_rehearsal.hosts.program import ProgramHost


class Theatre:
    """Gives each program an echo double and a state of its own. `program` is the folder of whichever is on."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._count = 0
        self.program = write(directory / "program", "")
        self._host = ProgramHost(self.program)
        self._runner = asyncio.Runner()
        self._runner.run(self._host.warm())

    def run(self, play: Coroutine[Any, Any, None]) -> None:
        """Plays to the end, in the loop to which the process belongs."""
        self._runner.run(play)

    @asynccontextmanager
    async def player(self, body: str, *, accepts_secrets: bool = True, **plugins: str) -> AsyncIterator[Player]:
        """Plays a program of the recordings' classes and this body."""
        # What is compiled of a text as long, written in the same second, would pass for this one.
        shutil.rmtree(self.program / "__pycache__", ignore_errors=True)
        write(self.program, body)
        self._count += 1
        async with Echo(accepts_secrets=accepts_secrets) as echo:
            yield Player(echo, self._host, self._directory / f"state-{self._count}", plugins=plugins)

    @asynccontextmanager
    async def player_of(self, program: Path) -> AsyncIterator[Player]:
        """Plays the program of a folder."""
        async with self.player("") as player:
            (self.program / "__main__.py").write_text((program / "__main__.py").read_text())
            yield player

    def close(self) -> None:
        self._runner.run(self._host.close())
        self._runner.close()
