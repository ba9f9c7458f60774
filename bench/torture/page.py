"""docs/reliability.md: what is promised of a run that breaks, and the table of the last run that tried."""

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime

from .jobs import FAULTS, INTERRUPTIONS, KILLS, LATENCIES, Done
from .life import ROOT

PAGE = ROOT / "docs" / "reliability.md"
_TITLES = {
    FAULTS: "every resource fails at its creation, then at its deletion",
    INTERRUPTIONS: "every creation is interrupted after it happened",
    KILLS: "the process is killed at a random step",
    LATENCIES: "operations take as long as chance says",
}
_TEXT = """\
# Reliability

A run of Pulumi may break anywhere: AWS refuses a call, a laptop goes to sleep, a CI job is killed. What then counts is
where the next run ends. `make torture` breaks runs of both checked-in stacks over the rehearsal's engine and world, in
every way that it knows, and holds each against a run that nothing disturbed:

- the next `up` goes on and comes to the same state, but for what is chance in it (ids, times, random suffixes),
- the world holds the same number of things of every kind: nothing was made twice,
- a further `up`, or a refresh, finds nothing to change,
- `destroy` leaves nothing.

What is tried:

- **Faults.** Every resource of dev fails once at its creation and once at its deletion, those of one depth of the
  dependency graph together in one run; of prod, what a seed draws.
- **Kills.** `pokayoke rehearse` gets SIGKILL at a step that a seed draws, in the middle of other operations. The next
  run must name every operation that was interrupted; it may fail at these and at nothing else, with the words in which
  AWS, Kubernetes or Helm refuse what is there already. Then follows what
  [Running it](operations.md#when-the-process-was-killed) tells an operator to do: `pokayoke sweep --state`, a refresh,
  `up`.
- **Interruptions.** The worst moment of a kill, for every resource of dev: AWS has made it, and the state has it as
  pending. The same steps follow.
- **Latencies.** Each operation takes longer by what a seed draws, so that what runs side by side ends in another order.

Two peers of a database are the one exception: a fault between the two halves of their peering leaves a pair that can
only be destroyed, as AWS's provider takes up no half of it ([Running it](operations.md#destroying)).

That the current program replaces and deletes nothing in a stack that an earlier version made, `make test` holds for
every released version ([states of releases](operations.md#upgrading-the-library)).

## The last run

<!-- written by `make torture` -->

"""


def write(results: Sequence[Done], seconds: float) -> None:
    """Writes the page."""
    PAGE.write_text(_TEXT + table(results, seconds), encoding="utf-8")


def table(results: Sequence[Done], seconds: float) -> str:
    """The run as Markdown: when, of what, where, and a row a kind and stack."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    lines = [
        f"{when}, commit {commit.stdout.strip()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{seconds / 60:.0f} minutes in all.",
        "",
        "| what | stack | seeds | counted | fell short | seconds |",
        "|---|---|---|---|---|---|",
    ]
    rows: dict[tuple[str, str], list[Done]] = {}
    for done in results:
        rows.setdefault((done.job.kind, done.job.stack), []).append(done)
    for (kind, stack), same in sorted(rows.items()):
        numbers = sorted(seed for one in same for seed in one.job.seeds)
        seeds = f"{numbers[0]} to {numbers[-1]}" if numbers else "all of it"
        spent = sum(one.seconds for one in same)
        short = sum(bool(one.failures) for one in same)
        lines.append(f"| {_TITLES[kind]} | {stack} | {seeds} | {_counted(same)} | {short} | {spent:.0f} |")
    broken = [
        f"- {one.job.kind} of {one.job.stack}, seeds {one.job.seeds}: {text}"
        for one in results
        for text in one.failures
    ]
    return "\n".join([*lines, *(["", *broken] if broken else [])]) + "\n"


_WORDS = {
    "runs": "{} runs",
    "faults": "{} faults",
    "interrupted": "{} operations interrupted and named",
    "refused": "{} refused since they had happened",
    "swept": "{} found and removed by `sweep`",
}


def _counted(same: Sequence[Done]) -> str:
    totals = {name: sum(one.counts.get(name, 0) for one in same) for name in _WORDS}
    return ", ".join(_WORDS[name].format(number) for name, number in totals.items() if number)
