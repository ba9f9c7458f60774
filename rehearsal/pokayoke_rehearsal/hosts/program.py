"""Runs the Pulumi program in processes of its own, one per act."""

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pokayoke_rehearsal.hosts.environment import scrubbed
from pokayoke_rehearsal.hosts.errors import HostError
from pokayoke_rehearsal.hosts.plugin import end
from pokayoke_rehearsal.hosts.pulse import UNSEEN, Pulse
from pokayoke_rehearsal.hosts.run import Run

if TYPE_CHECKING:
    from pokayoke_rehearsal.engine.program import ProgramRequest

_LINE_LIMIT = 1 << 24


class ProgramHost:
    """The engine's `Program`: every run is a fresh child of a warm parent (a new process where there is no fork).

    `directory` is the program's working folder and `entry` what is run in it ("." or a file name); `root` is the folder
    of Pulumi.yaml. `output` gets each line that the program prints.
    """

    def __init__(
        self,
        directory: Path,
        *,
        entry: str = ".",
        root: Path | None = None,
        output: Callable[[str], None] = lambda _: None,
        fork: bool = hasattr(os, "fork"),
    ) -> None:
        self._directory = directory.resolve()
        self._entry = entry
        self._root = (root or directory).resolve()
        self._output = output
        self._fork = fork
        self._parent: asyncio.subprocess.Process | None = None
        self._pulse = Pulse() if fork else None

    def pulse(self) -> tuple[int, int]:
        """Beat and jobs of the program, as in `Pulse`; UNSEEN where there is no fork."""
        return (self._pulse.beat, self._pulse.jobs) if self._pulse is not None else (UNSEEN, 0)

    async def start(self) -> None:
        """Starts to import what the program imports; returns at once."""
        if self._fork and self._parent is None:
            assert self._pulse is not None  # noqa: S101 - with a fork there is one
            shown = self._pulse.descriptor
            self._parent = await self._process(f"--pulse={shown}", inherited=(shown,))

    async def warm(self) -> None:
        """Waits until a run can begin at once.

        Raises:
            HostError: the process that runs programs has ended.
        """
        if self._fork:
            await self.start()
            assert self._parent is not None  # noqa: S101 - start() has set it
            await self._ask(self._parent, {})

    async def run(self, request: "ProgramRequest") -> int:
        """Runs the program to its end and gives its exit code; cancelling kills it.

        Raises:
            HostError: the process that runs programs has ended.
        """
        run = Run(
            directory=str(self._directory),
            entry=self._entry,
            root=str(self._root),
            monitor=request.monitor,
            engine=request.engine,
            project=request.stack.project,
            stack=request.stack.name,
            organization=request.stack.organization,
            config=dict(request.stack.config),
            secret_keys=sorted(request.stack.secret_keys),
            dry_run=request.dry_run,
            parallel=request.parallel,
        )
        if self._pulse is None:
            return await self._run_once(run)
        await self.start()
        assert self._parent is not None  # noqa: S101 - start() has set it
        self._pulse.begin()
        try:
            return await self._ask(self._parent, {"run": asdict(run)})
        finally:
            self._pulse.end()

    async def close(self) -> None:
        """Ends the parent and whatever still runs."""
        if self._parent is not None:
            await end(self._parent)
            self._parent = None
        if self._pulse is not None:
            self._pulse.close()
            self._pulse = None

    async def _ask(self, parent: asyncio.subprocess.Process, request: dict[str, object]) -> int:
        token = secrets.token_hex(16)
        _send(parent, {"token": token, **request})
        ended = asyncio.ensure_future(
            asyncio.gather(self._relay(parent.stdout, token), self._relay(parent.stderr, token)),
        )
        try:
            code, _ = await asyncio.shield(ended)
        except asyncio.CancelledError:
            if "run" in request:
                _send(parent, {"stop": True})
                await ended
            ended.cancel()
            raise
        if code is None:
            status = await parent.wait()
            self._parent = None
            raise HostError(f"the process that runs the program ended by itself (exit code {status})")
        return int(code)

    async def _run_once(self, run: Run) -> int:
        process = await self._process("--once")
        try:
            _send(process, {"run": asdict(run)})
            await asyncio.gather(self._relay(process.stdout, None), self._relay(process.stderr, None))
            return await process.wait()
        finally:
            await end(process)

    async def _process(self, *arguments: str, inherited: tuple[int, ...] = ()) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-u", "-m", "pokayoke_rehearsal.hosts.program_parent"),
            str(self._directory / self._entry),
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=scrubbed(os.environ),
            limit=_LINE_LIMIT,
            pass_fds=inherited,
            # A Ctrl-C at the terminal is the command's to handle.
            start_new_session=True,
        )

    async def _relay(self, stream: asyncio.StreamReader | None, token: str | None) -> str | None:
        """Passes lines on up to the one with the token; gives what follows the token, None at the stream's end."""
        assert stream is not None  # noqa: S101 - every stream is a pipe
        while raw := await stream.readline():
            line = raw.decode(errors="replace").rstrip("\n")
            if token is None or token not in line:
                self._output(line)
                continue
            before, _, after = line.partition(token)
            if before:
                self._output(before)
            return after
        return None


def _send(process: asyncio.subprocess.Process, message: dict[str, object]) -> None:
    assert process.stdin is not None  # noqa: S101 - stdin is a pipe
    process.stdin.write(json.dumps(message).encode() + b"\n")
