"""The warm parent of a program's runs: imports what the program needs once, then forks one child per run.

`python -P -u -m pokayoke_rehearsal.hosts.program_parent ENTRY` reads JSON lines on stdin: `{"token": T, "run": {...}}`
runs the program in a child whose output is this process's; `{"stop": true}` kills a running child. When a child has
ended, its exit code follows on stdout as `T CODE` and the bare `T` on stderr, each at the end of a line; a request
without a run is answered alike, once this process is warm. With `--once` (where there is no fork) one run is read, and
the process is the program. When stdin closes, everything ends. `--pulse=N` is the descriptor of a `Pulse`.
"""

import atexit
import gc
import io
import json
import logging
import os
import selectors
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from pokayoke_rehearsal.garbage import look_rarely
from pokayoke_rehearsal.hosts.imports import warm
from pokayoke_rehearsal.hosts.program_run import execute
from pokayoke_rehearsal.hosts.run import Run


def main() -> None:
    """Serves runs until stdin closes; in a child, is the program."""
    entry = Path(sys.argv[1])
    # Registered before anything that the program brings, so that it is what an exit calls last.
    leaving = _Leaving()
    atexit.register(leaving.leave)
    if "--once" in sys.argv[2:]:
        run = Run(**json.loads(sys.stdin.readline())["run"])
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    else:
        # Of what is imported nothing is ever garbage, and looking for some in it takes long.
        gc.disable()
        warm(entry)
        run = _Parent().serve()
        if run is None:
            # Taking all those modules apart would only cost time.
            os._exit(0)
    pulse = next((argument.partition("=")[2] for argument in sys.argv if argument.startswith("--pulse=")), "")
    leaving.code = execute(run, pulse=int(pulse) if pulse else None)
    sys.exit(leaving.code)


class _Leaving:
    """The end of a run: what a program leaves to its exit is done, and files that it left open are written, but no
    module is taken apart. That alone would cost a run 90 ms of CPU, most of it for copying the parent's memory."""

    code: int | None = None
    """What the run came to; None where an exception ends it, a `SystemExit` of the program's too."""

    def leave(self) -> None:
        """Ends the process as the last of what an exit does, once a run has come to its end."""
        if self.code is None:
            return
        logging.shutdown()
        # What the parent had is frozen and not among them.
        files = (one for one in gc.get_objects() if type(one) in _WRITTEN)
        for file in (*files, sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                file.flush()
        os._exit(self.code)


_WRITTEN = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)


class _Parent:
    """Waits for requests and children at once, without a thread: a fork copies the forking thread alone."""

    def __init__(self) -> None:
        self._child = 0
        self._token = ""
        self._pending = b""
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wake, False)
        signal.signal(signal.SIGCHLD, _only_wake)
        signal.set_wakeup_fd(self._wake)
        look_rarely()

    def serve(self) -> Run | None:
        """Gives the run to execute in a child, and None in the parent once stdin has closed."""
        with selectors.DefaultSelector() as selector:
            selector.register(0, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in selector.select()}
                if self._woken in ready:
                    self._reap()
                if 0 not in ready:
                    continue
                chunk = os.read(0, 1 << 16)
                if not chunk:
                    self._stop()
                    if self._child:
                        os.waitpid(self._child, 0)
                    return None
                for request in self._requests(chunk):
                    if "stop" in request:
                        self._stop()
                        continue
                    self._token = str(request["token"])
                    if "run" not in request:
                        self._answer(0)
                        continue
                    self._child = os.fork()
                    if self._child == 0:
                        self._become_child()
                        return Run(**request["run"])

    def _requests(self, chunk: bytes) -> Iterator[dict[str, Any]]:
        *lines, self._pending = (self._pending + chunk).split(b"\n")
        for line in lines:
            yield json.loads(line)

    def _reap(self) -> None:
        while os.read(self._woken, 512) == b"\0" * 512:
            pass
        if not self._child:
            return
        ended, status = os.waitpid(self._child, os.WNOHANG)
        if ended:
            self._kill_group()
            self._child = 0
            self._answer(os.waitstatus_to_exitcode(status))

    def _answer(self, code: int) -> None:
        os.write(1, f"{self._token} {code}\n".encode())
        os.write(2, f"{self._token}\n".encode())

    def _stop(self) -> None:
        if self._child:
            # The child may not have reached its own process group yet.
            os.kill(self._child, signal.SIGKILL)
            self._kill_group()

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._child, signal.SIGKILL)

    def _become_child(self) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setpgid(0, 0)
        os.close(self._woken)
        os.close(self._wake)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)


def _only_wake(_number: int, _frame: FrameType | None) -> None:
    """With a handler in place, a signal wakes the selector."""


def _end_with_stdin() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
