"""One rehearsal of a stack at a time."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from pokayoke_rehearsal.hosts.errors import HostError


@contextmanager
def locked(file: Path) -> Generator[None]:
    """Holds a lock that ends with this process, however that ends.

    Raises:
        HostError: another process holds it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            _lock(descriptor)
        except OSError as error:
            raise HostError(f"another rehearsal of this stack is running (it holds {file})") from error
        yield
    finally:
        os.close(descriptor)


if os.name == "nt":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
