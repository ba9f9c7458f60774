"""Errors for whoever types the command: one clear text and an exit code, no stack trace.

Exit codes: 0 fine, 1 a rehearsal fell short or failed, 2 wrong usage or config, 130 Ctrl-C.
"""

import sys
from collections.abc import Generator
from contextlib import contextmanager

FELL_SHORT = 1
WRONG_USAGE = 2
INTERRUPTED = 130


class CommandError(Exception):
    """Something to tell the user; `code` is the exit code."""

    def __init__(self, text: str, *, code: int = WRONG_USAGE) -> None:
        super().__init__(text)
        self.code = code


@contextmanager
def readable() -> Generator[None]:
    """Turns errors that are meant for the user into text on stderr and an exit code."""
    try:
        yield
    except CommandError as error:
        sys.stderr.write(f"pokayoke: {error}\n")
        sys.exit(error.code)
    except KeyboardInterrupt:
        sys.stderr.write("pokayoke: interrupted\n")
        sys.exit(INTERRUPTED)
