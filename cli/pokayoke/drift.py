"""`pokayoke drift`: what was changed in the account past the program, as `pulumi refresh` finds it.

It changes neither the account nor the state: the refresh is only previewed. What the program says by now and no `up`
has done yet is no drift; that `pulumi preview` tells.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pokayoke.failing import CommandError
from pokayoke_rehearsal.engine import paths
from pokayoke_rehearsal.report.words import resource

_LOG_WIDTH = 200
NONE, FOUND, UNKNOWN = 0, 1, 2


@dataclass(frozen=True)
class Changed:
    """A property that `was` as the program said and `is` something else by now; without a property, the resource is
    gone (`change` is then `delete`).
    """

    urn: str
    change: str
    property: str = ""
    was: Any = None
    now: Any = None


def drift(stack: str, *, as_json: bool) -> int:
    """Tells what was changed; gives the exit code.

    Raises:
        CommandError: there is no Pulumi CLI, or it says nothing that could be read.
    """
    found, errors = look(stack)
    changed = [row for step in found for row in rows(step)]
    if as_json:
        document = {"stack": stack, "drift": [asdict(row) for row in changed], "errors": errors}
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        # A log has no width of its own.
        console = Console(width=None if sys.stdout.isatty() else _LOG_WIDTH)
        console.print(_table(changed) if changed else f"{stack}: nothing was changed past the program", highlight=False)
    for error in errors:
        sys.stderr.write(f"{error}\n")
    return UNKNOWN if errors else FOUND if changed else NONE


def look(stack: str) -> tuple[list[Mapping[str, Any]], list[str]]:
    """The steps of a previewed refresh, and the errors that kept resources from being read.

    Raises:
        CommandError: there is no Pulumi CLI, or it says nothing that could be read.
    """
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise CommandError("drift needs the Pulumi CLI: there is no `pulumi` on the PATH")
    # Flags: pulumi 3.260, pkg/cmd/pulumi/operations/refresh.go.
    command = [pulumi, "refresh", "--preview-only", "--json", "--non-interactive", "--stack", stack]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - what the user installed
    try:
        said = cast("dict[str, Any]", json.loads(ran.stdout))
        steps = cast("list[Mapping[str, Any]]", said["steps"])
    except (ValueError, KeyError, TypeError):
        told = (ran.stderr or ran.stdout).strip()
        raise CommandError(f"pulumi refresh told nothing that could be read: {told or ran.returncode}") from None
    errors = [_error(one) for one in said.get("diagnostics") or () if one.get("severity") == "error"]
    if ran.returncode and not errors:
        errors = [ran.stderr.strip() or f"pulumi refresh ended with exit code {ran.returncode}"]
    return steps, errors


def rows(step: Mapping[str, Any]) -> Iterator[Changed]:
    """What one step of a refresh found, property by property."""
    urn, operation = str(step["urn"]), str(step["op"])
    if operation == "delete":
        yield Changed(urn, operation)
    if operation != "update":
        return
    for path in sorted(step.get("detailedDiff") or step.get("diffReasons") or ()):
        yield Changed(urn, operation, path, _at(step.get("oldState"), path), _at(step.get("newState"), path))


def _at(state: Mapping[str, Any] | None, path: str) -> Any:
    values = (paths.find(path, (state or {}).get(properties)) for properties in ("inputs", "outputs"))
    return next((value for value in values if value is not None), None)


def _error(diagnostic: Mapping[str, Any]) -> str:
    about = f"{resource(str(diagnostic['urn']))}: " if diagnostic.get("urn") else ""
    return about + str(diagnostic["message"]).removeprefix("error: ").strip()


def _table(changed: list[Changed]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("resource", "property", "was", "is"):
        table.add_column(title, overflow="fold")
    for row in changed:
        gone = row.change == "delete"
        was, now = ("there", "gone") if gone else (_text(row.was), _text(row.now))
        table.add_row(*map(Text, (resource(row.urn), row.property, was, now)))
    return table


def _text(value: Any) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
