"""`pokayoke rehearse` is killed at a random step, its world lives on; then what an operator does, step by step."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pokayoke_rehearsal.engine import Act
from pokayoke_rehearsal.hosts.dynamic import aws_environment

from .interruptions import refused
from .life import ROOT, FellShortError, Life, life_of, require
from .undisturbed import Undisturbed

_PATIENCE = 300
"""Seconds after which a command hangs."""
_MOST_DELAY = 0.03
"""Seconds; most operations of a rehearsal take less."""


@dataclass(frozen=True)
class Killed:
    """What a kill interrupted, how it went on, and what the sweep found."""

    act: str
    pending: int
    refused: int
    swept: int


async def kill_and_mend(stack: str, seed: int, undisturbed: Undisturbed) -> Killed:
    """Kills the rehearsal of a stack at the step that the seed names, and goes on as docs/operations.md says.

    Raises:
        FellShortError: what is promised after a kill does not hold.
    """
    chance = random.Random(seed)  # noqa: S311 - a seed is to draw the same again
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        project = _project(Path(folder), stack)
        directory = project / ".pokayoke" / stack
        steps = 2 * sum(map(len, undisturbed.depths))
        act = _killed(project, stack, chance.randrange(1, steps), chance.uniform(0, _MOST_DELAY))
        async with life_of(stack, directory) as life:
            pending = _pending(directory)
            happened = _resumed(project, stack, pending)
            swept = await _sweep(project, stack, life, directory, pending)
            await _finish(life, directory, undisturbed)
        return Killed(act, len(pending), happened, swept)


def _project(folder: Path, stack: str) -> Path:
    """The checked-in program in a folder of its own, which is where a rehearsal keeps world and state."""
    for name in ("Pulumi.yaml", f"Pulumi.{stack}.yaml", "infra"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def _killed(project: Path, stack: str, step: int, delay: float) -> str:
    """Kills a rehearsal soon after so many operations have ended; the act in which it was.

    Raises:
        FellShortError: the rehearsal ended before, which it does only when it fails.
    """
    command = [sys.executable, "-u", "-m", "pokayoke", "rehearse", stack]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True, env=_environment()) as running:
        assert running.stdout is not None  # noqa: S101 - a pipe
        told: list[str] = []
        for line in running.stdout:
            told.append(line)
            act, _, what = line.partition("  ")
            step -= act in ("up", "destroy") and what.startswith(("+ ", "- "))
            if step == 0:
                time.sleep(delay)
                running.send_signal(signal.SIGKILL)
                return act
    raise FellShortError(f"the rehearsal ended before it was killed: {''.join(told[-5:])}")


def _pending(directory: Path) -> list[Mapping[str, Any]]:
    """The operations that the journal saw begin and not end."""
    begun: dict[int, Mapping[str, Any]] = {}
    for text in (directory / "journal.jsonl").read_text().splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            break
        if "begin" in line:
            begun[line["begin"]] = {"urn": line["resource"]["urn"], "type": line["type"], "resource": line["resource"]}
        begun.pop(line.get("end", 0), None)
    return list(begun.values())


def _resumed(project: Path, stack: str, pending: Sequence[Mapping[str, Any]]) -> int:
    """The next run, which names every interrupted operation; how many creations are refused since it happened."""
    command = [sys.executable, "-m", "pokayoke", "rehearse", stack, "--until", "up", "--keep", "--json"]
    ran = subprocess.run(
        command, cwd=project, capture_output=True, text=True, check=False, env=_environment(), timeout=_PATIENCE
    )
    try:
        acts = json.loads(ran.stdout)["acts"]
    except ValueError:
        raise FellShortError(f"the next run does not begin: {ran.stderr[-2000:]}") from None
    said = json.dumps(acts) + ran.stderr
    unnamed = [one["urn"] for one in pending if f"{one['urn']}, interrupted while {one['type']}" not in said]
    require(not unnamed, f"the next run does not name what was interrupted: {unnamed}")
    failed = [one for act in acts for one in act["failed"]]
    begun = {one["urn"] for one in pending}
    strange = [one for one in failed if one["urn"] not in begun or not _refused(one)]
    require(not strange, f"the next run fails at something else than what was interrupted: {strange}")
    return len(failed)


def _refused(failure: Mapping[str, Any]) -> bool:
    if failure["operation"] == "delete":
        return "not found" in failure["message"]
    return refused(failure["message"])


async def _sweep(project: Path, stack: str, life: Life, directory: Path, pending: Sequence[Mapping[str, Any]]) -> int:
    """Removes what the interrupted creations made: with `pokayoke sweep` in AWS, by hand in the cluster."""
    command = [sys.executable, "-m", "pokayoke", "sweep", stack, "--state", str(directory / "state.json")]
    environment = _environment() | aws_environment(life.aws_endpoint)
    ran = subprocess.run(
        [*command, "--remove", "--yes"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=_PATIENCE,
    )
    require(ran.returncode == 0, f"the sweep leaves something: {ran.stdout[-2000:]}{ran.stderr[-2000:]}")
    known = {one.urn for one in life.resources()}
    created = [one["resource"] for one in pending if one["type"] == "creating" and one["urn"] not in known]
    await life.remove_by_hand(created)
    return sum(line.startswith(("ap-", "us-")) for line in ran.stdout.splitlines())


async def _finish(life: Life, directory: Path, undisturbed: Undisturbed) -> None:
    """What must hold at last: all that stands is known, an `up` ends where an undisturbed one ends, a destroy too."""
    life.state.clear_pending_creates()
    refreshed = await life.do(Act.REFRESH)
    require(set(refreshed.changes) <= {"same", "delete"}, f"a refresh finds {refreshed.drift}")
    if (directory / "destroying").exists():
        await life.allow_destroy()
        await life.do(Act.DESTROY)
        await life.require_gone()
    await life.do(Act.UP)
    await undisturbed.require_same_refreshed(life)
    await life.allow_destroy()
    await life.do(Act.DESTROY)
    await life.require_gone()


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
