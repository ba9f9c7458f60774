"""What the engine's tests share."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from echo_double import Echo
from recordings import Player

from pokayoke_rehearsal.hosts.program import ProgramHost

Players = Callable[[Path], AbstractAsyncContextManager[Player]]


@pytest.fixture
def players(tmp_path: Path) -> Players:
    """Makes a player for the program in a folder."""

    @asynccontextmanager
    async def player(program: Path) -> AsyncIterator[Player]:
        host = ProgramHost(program)
        async with Echo() as echo:
            try:
                yield Player(echo, host, tmp_path / "state")
            finally:
                await host.close()

    return player
