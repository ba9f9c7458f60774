"""`pokayoke replay SLUG` and `--all`."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pokayoke.checkout import root_of_checkout
from pokayoke.failing import FELL_SHORT, CommandError
from pokayoke.replay.folders import replay_of
from pokayoke.replay.report import row, totals, whole
from pokayoke.replay.verdicts import Standing, Verdict, designed, judge, unreplayed
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
            _print([row(verdict)] if everything else whole(verdict))
    except HostError as error:
        raise CommandError(str(error), code=FELL_SHORT) from error
    if everything:
        _print([totals(verdicts, time.perf_counter() - began)])
    return FELL_SHORT if any(one.standing is Standing.SHORT for one in verdicts) else 0


def _verdicts(root: Path, wanted: Sequence[Failure]) -> Iterator[Verdict]:
    from pokayoke.replay.playing import played

    replays = [found for failure in wanted if (found := replay_of(root, failure))]
    if replays:
        for one, lives in zip(replays, played(root, replays), strict=True):
            yield judge(one, lives.naive, lives.ours, lives.refused)
    replayed = {one.failure.slug for one in replays}
    rest = [failure for failure in wanted if failure.slug not in replayed]
    tests = [test for failure in rest for test in failure.by_design]
    passed = _pass(root, tests)
    for failure in rest:
        if failure.by_design:
            yield designed(failure, failure.by_design, passed=passed or _pass(root, failure.by_design))
        else:
            yield unreplayed(failure)


def _pass(root: Path, tests: Sequence[str]) -> bool:
    """Whether tests pass, and were there."""
    if not tests:
        return True
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *dict.fromkeys(tests)]
    return subprocess.run(command, cwd=root, capture_output=True, check=False).returncode == 0  # noqa: S603


def _print(lines: Iterable[str]) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write("\n".join(lines).encode(encoding, "replace").decode(encoding) + "\n")
    sys.stdout.flush()
