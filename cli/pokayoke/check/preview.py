"""`pokayoke preview`: a real preview under a policy pack, with findings for people, code scanning and test reports."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from pokayoke.check.events import read_events
from pokayoke.check.formats import FORMATS, junit, markdown, sarif
from pokayoke.failing import FELL_SHORT, CommandError
from pokayoke_policies.serving import write_folder


@dataclass(frozen=True)
class Asked:
    """What was typed; `pack` is a policy pack's folder, without one ours judges."""

    stack: str
    pack: Path | None = None
    config: Path | None = None
    sarif: Path | None = None
    junit: Path | None = None
    summary: Path | None = None


def preview(asked: Asked) -> int:
    """Previews the stack of the working folder and writes what the pack said; 1 when the preview failed or a finding is
    mandatory.

    Raises:
        CommandError: there is no Pulumi CLI, or it ended before it told anything.
    """
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise CommandError("preview needs the Pulumi CLI: there is no `pulumi` on the PATH")
    with tempfile.TemporaryDirectory(prefix="pokayoke-preview-") as folder:
        log, own = Path(folder, "events.json"), Path(folder, "pack")
        if asked.pack is None:
            own.mkdir()
            write_folder(own)
        code = _run([pulumi, "preview", "--non-interactive", "--stack", asked.stack, *_pack(asked, own)], log)
        if not log.is_file():
            raise CommandError(f"pulumi preview told nothing (exit code {code})", code=FELL_SHORT)
        found, checked = read_events(log)
    refused = any(one.mandatory for one in found)
    reports = [(asked.junit, junit), (asked.summary, markdown)]
    if refused or not code:  # Of a preview that broke off, code scanning would take what is missing for mended.
        reports.append((asked.sarif, sarif))
    for file, form in reports:
        if file is not None:
            file.write_text(form(found, checked) + "\n", encoding="utf-8")
    typer.echo(FORMATS["text"](found, checked))
    return FELL_SHORT if code or refused else 0


def _pack(asked: Asked, own: Path) -> list[str]:
    said = ["--policy-pack", str(asked.pack or own)]
    return [*said, "--policy-pack-config", str(asked.config)] if asked.config else said


def _run(command: Sequence[str], log: Path) -> int:
    # The option goes with that variable: pulumi 3.260, pkg/cmd/pulumi/operations/preview.go.
    environment = {**os.environ, "PULUMI_DEBUG_COMMANDS": "true"}
    ran = subprocess.run([*command, "--event-log", str(log)], env=environment, check=False)  # noqa: S603
    return ran.returncode
