"""`pokayoke replay SLUG` and `--all`."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from pokayoke.checkout import root_of_checkout
from pokayoke.failing import FELL_SHORT, CommandError
from pokayoke.replay.folders import replay_of
from pokayoke.replay.report import row, totals, whole
from pokayoke.replay.verdicts import Standing, Verdict, designed, judge, unreplayed
from pokayoke.telling import tell
from pokayoke_eks.catalogue import FAILURES, Failure
from pokayoke_rehearsal.hosts.errors import HostError


def replay(slug: str | None, *, everything: bool) -> int:
    """Replay a failure, or all; 1 when one falls short of what is promised.

    Raises:
        CommandError: no such failure, no checkout, or a process that did not start.
    """
    if (slug is None) is not everything:
        raise CommandError("give a slug, or --all")
    if slug is not None and slug not in FAILURES:
        raise CommandError(f"no documented failure is called {slug}; `pokayoke explain --search TEXT` finds one")
    # gRPC reads it when it is imported: no log of connections that end with our own processes.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    root, began = root_of_checkout(), time.perf_counter()
    wanted = list(FAILURES.values()) if slug is None else [FAILURES[slug]]
    verdicts: list[Verdict] = []
    try:
        for verdict in _verdicts(root, wanted):
            verdicts.append(verdict)
            tell([row(verdict)] if everything else whole(verdict))
    except HostError as error:
        raise CommandError(str(error), code=FELL_SHORT) from error
    if everything:
        tell([totals(verdicts, time.perf_counter() - began)])
    return FELL_SHORT if any(one.standing is Standing.SHORT for one in verdicts) else 0


def _verdicts(root: Path, wanted: Sequence[Failure]) -> Iterator[Verdict]:
    from pokayoke.replay.playing import played

    replays = {failure.slug: found for failure in wanted if (found := replay_of(root, failure))}
    designs = _Designs(root, [one for one in wanted if one.by_design and one.slug not in replays])
    lives = played(root, list(replays.values()))
    for failure in wanted:
        if failure.slug in replays:
            lived = next(lives)
            yield judge(replays[failure.slug], lived.naive, lived.ours, lived.refused)
        elif failure.by_design:
            yield designed(failure, failure.by_design, passed=designs.stands(failure))
        else:
            yield unreplayed(failure)


class _Designs:
    """The tests that show what no program can express: run all at once, and one by one only where that fails."""

    def __init__(self, root: Path, failures: Sequence[Failure]) -> None:
        self._root = root
        tests = [test for failure in failures for test in failure.by_design]
        self._running = self._start(tests) if tests else None

    def stands(self, failure: Failure) -> bool:
        """Whether its tests pass, and were there."""
        assert self._running is not None  # noqa: S101 - asked for one of the failures
        return self._running.wait() == 0 or self._start(failure.by_design).wait() == 0

    def _start(self, tests: Sequence[str]) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *dict.fromkeys(tests)]
        return subprocess.Popen(command, cwd=self._root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
