"""What the engine asks of whoever runs the program."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


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
