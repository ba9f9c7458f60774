"""Processes that say their port on their first line and then serve until we close their stdin."""

import asyncio
import json
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pokayoke_rehearsal.hosts.errors import HostError

_LINE_LIMIT = 1 << 24
_LINES_OF_AN_ERROR = 30


class PluginProcess:
    """A Python module in a process of its own, tied to this one, that serves gRPC on a port of loopback.

    At `start` the process imports the modules `warm`; it runs the module itself after `release`.
    """

    def __init__(
        self,
        what: str,
        module: str,
        *,
        warm: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        python: str = sys.executable,
        output: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._what = what
        tether = Path(__file__).with_name("tether.py")
        self._command = (python, "-u", str(tether), ",".join(warm), module)
        self._folder = folder
        self._environment = environment
        self._output = output
        self._process: asyncio.subprocess.Process | None = None
        self._relays: list[asyncio.Task[None]] = []
        self._last_words: deque[str] = deque(maxlen=_LINES_OF_AN_ERROR)

    async def start(self) -> None:
        """Starts the process.

        Raises:
            HostError: there is no such interpreter.
        """
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                cwd=self._folder,
                env=dict(self._environment),
                limit=_LINE_LIMIT,
                start_new_session=True,
            )
        except OSError as error:
            raise HostError(f"{self._what} did not start: {error}") from error
        self._relays.append(asyncio.ensure_future(self._relay(self._process.stderr)))

    async def release(self, *arguments: str, environment: Mapping[str, str]) -> str:
        """Runs the module with arguments and more environment; gives the address where it serves.

        Raises:
            HostError: it ended before it said its port, or said something else; with what it wrote.
        """
        assert self._process is not None and self._process.stdin is not None  # noqa: S101, PT018 - started
        assert self._process.stdout is not None  # noqa: S101 - a pipe
        rest = {"environment": dict(environment), "arguments": arguments}
        self._process.stdin.write(json.dumps(rest).encode() + b"\n")
        first = (await self._process.stdout.readline()).decode(errors="replace").strip()
        if not first.isdecimal():
            if not first:
                await asyncio.gather(*self._relays, return_exceptions=True)
            wrote = "\n".join([*filter(None, [first]), *self._last_words])
            await self.close()
            raise HostError(f"{self._what} did not start: {wrote or 'it ended without a word'}")
        self._relays.append(asyncio.ensure_future(self._relay(self._process.stdout)))
        return f"127.0.0.1:{first}"

    async def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            await end(self._process)
            for relay in self._relays:
                relay.cancel()
            await asyncio.gather(*self._relays, return_exceptions=True)
            self._process = None

    async def _relay(self, stream: asyncio.StreamReader | None) -> None:
        assert stream is not None  # noqa: S101 - every stream is a pipe
        while raw := await stream.readline():
            line = raw.decode(errors="replace").rstrip("\n")
            self._last_words.append(line)
            self._output(line)


async def end(process: asyncio.subprocess.Process) -> None:
    """Ends a process that has nothing to lose, without waiting for it to come out of its imports."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
