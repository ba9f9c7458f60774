"""Runs programs without a whole engine, in processes that the tests of a module share."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from program_listener import Heard, listening

from pokayoke_rehearsal.engine.program import ProgramRequest, Stack
from pokayoke_rehearsal.hosts.program import ProgramHost

Runner = Callable[..., Heard]


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """One event loop for the tests of a module, so that they can share processes."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def warm(loop: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ProgramHost, list[str]]]:
    """A host whose program's folder is empty as yet, and the lines that its programs print."""
    lines: list[str] = []
    host = ProgramHost(tmp_path_factory.mktemp("program"), output=lines.append)
    yield host, lines
    loop.run(host.close())


@pytest.fixture
def run_program(loop: asyncio.Runner, warm: tuple[ProgramHost, list[str]], tmp_path: Path) -> Runner:
    """Writes the files of a program and runs it, once per given stack config."""

    def run(
        files: Mapping[str, str],
        *configs: Mapping[str, str],
        secret_keys: frozenset[str] = frozenset(),
        entry: str = ".",
        fork: bool = True,
        dry_run: bool = True,
        anew: bool = False,
    ) -> Heard:
        host, lines = warm
        if anew or entry != "." or not fork:
            host, lines = ProgramHost(tmp_path, entry=entry, output=(lines := []).append, fork=fork), lines
        folder = host._directory
        for old in folder.glob("*.py"):
            old.unlink()
        for name, text in files.items():
            (folder / name).write_text(text)
        lines.clear()
        heard = Heard()

        async def runs() -> None:
            async with listening(heard) as address:
                for config in configs or ({},):
                    stack = Stack("shop", "dev", config, secret_keys)
                    heard.codes.append(await host.run(ProgramRequest(address, address, stack, dry_run, 4)))
            if host is not warm[0]:
                await host.close()

        loop.run(runs())
        heard.lines = list(lines)
        return heard

    return run
