"""What a program's process shows to the one that started it: whether its event loop rests, and what its threads do."""

import mmap
import selectors
import struct
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

UNSEEN = -1
_BEAT, _JOBS = 0, 8
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Pulse:
    """The reader's side: a file in memory that processes of ours inherit by the number of its descriptor."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - as long as this object
        self._file.truncate(2 * _JOBS)
        self._map = mmap.mmap(self._file.fileno(), 0)

    @property
    def descriptor(self) -> int:
        """What the other process is to inherit."""
        return self._file.fileno()

    @property
    def beat(self) -> int:
        """Even while the event loop rests, or no program runs; it grows with every change."""
        return _get(self._map, _BEAT)

    @property
    def jobs(self) -> int:
        """What the program's threads have to do: its calls to the engine, as a rule."""
        return _get(self._map, _JOBS)

    def begin(self) -> None:
        """A program is about to run."""
        _set(self._map, _BEAT, self.beat | 1)

    def end(self) -> None:
        """There is no program any more."""
        _set(self._map, _JOBS, 0)
        _set(self._map, _BEAT, (self.beat | 1) + 1)

    def close(self) -> None:
        """Frees it."""
        self._map.close()
        self._file.close()


class Beating(selectors.DefaultSelector):
    """The program's side: the selector of its event loop, which rests where it waits without a time limit."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._shown = mmap.mmap(descriptor, 0)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Waits as any selector does, and shows it."""
        if timeout is not None:
            return super().select(timeout)
        self._beat()
        try:
            return super().select(None)
        finally:
            self._beat()

    def _beat(self) -> None:
        _set(self._shown, _BEAT, _get(self._shown, _BEAT) + 1)


class BusyThreads(ThreadPoolExecutor):
    """The program's threads, which show how much they have to do."""

    def __init__(self, descriptor: int, threads: int) -> None:
        super().__init__(max_workers=threads)
        self._shown = mmap.mmap(descriptor, 0)
        self._lock = threading.Lock()

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Has a thread do it."""
        self._count(1)
        future = super().submit(fn, *args, **kwargs)
        future.add_done_callback(lambda _: self._count(-1))
        return future

    def _count(self, more: int) -> None:
        with self._lock:
            _set(self._shown, _JOBS, _get(self._shown, _JOBS) + more)


def _get(shown: mmap.mmap, at: int) -> int:
    return int(struct.unpack_from("q", shown, at)[0])


def _set(shown: mmap.mmap, at: int, number: int) -> None:
    struct.pack_into("q", shown, at, number)
