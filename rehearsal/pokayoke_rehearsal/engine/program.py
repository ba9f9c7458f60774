"""What the engine asks of whoever runs the program, and how it hears of the end."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from .sources import Finished

BAILED = 32  # the exit code of a program that has told what was wrong


@dataclass(frozen=True)
class Stack:
    """A stack as the program sees it.

    `config` holds full keys (`project:key`) and string values, JSON text for structured ones, as the language host
    gets them.
    """

    project: str
    name: str
    config: Mapping[str, str] = field(default_factory=dict[str, str])
    secret_keys: frozenset[str] = frozenset()
    organization: str = "organization"


@dataclass(frozen=True)
class ProgramRequest:
    """One run of the program: against which monitor and engine, for which stack, and whether as a preview."""

    monitor: str
    engine: str
    stack: Stack
    dry_run: bool
    parallel: int


class Program(Protocol):
    """Runs the program once per call, each time with fresh module state."""

    async def run(self, request: ProgramRequest) -> int:
        """The program's exit code: 0 is fine; cancelling the call ends the program."""
        ...


async def finished(program: Program, request: ProgramRequest) -> Finished:
    """Runs the program to its end; whatever keeps it from running ends the act."""
    try:
        code = await program.run(request)
    except asyncio.CancelledError:
        raise
    except Exception as error:
        return Finished(error=f"the program could not be run: {error}")
    if code in (0, BAILED):
        return Finished(bail=code == BAILED)
    return Finished(error=f"an unhandled error occurred: program exited with non-zero exit code: {code}")
