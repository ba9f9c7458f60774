"""The jobs of the Makefile, for where there is no make."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pokayoke.failing import CommandError

_LINT = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("lint-imports",),
    ("pyright",),
)


def run_tests(arguments: Sequence[str]) -> int:
    """Runs pytest over the checkout, on two processes, and gives its exit code.

    Raises:
        CommandError: this is no checkout, or the developer's tools are not installed.
    """
    return _run(root_of_checkout(), ("pytest", "-n", "2", "--dist", "worksteal", *arguments))


def run_lint() -> int:
    """Runs every check, also after one has failed; 0 when all pass.

    Raises:
        CommandError: this is no checkout, or the developer's tools are not installed.
    """
    root = root_of_checkout()
    return max([_run(root, check) for check in _LINT])


def root_of_checkout() -> Path:
    """The root of the checkout around the working folder.

    Raises:
        CommandError: there is none.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        project = folder / "pyproject.toml"
        if project.is_file() and 'name = "pokayoke-eks"' in project.read_text(encoding="utf-8"):
            return folder
    raise CommandError("this works in a checkout of pokayoke-eks only")


def _run(root: Path, command: Sequence[str]) -> int:
    tool, *arguments = command
    program = shutil.which(tool, path=str(Path(sys.executable).parent))
    if program is None:
        raise CommandError(f"{tool} is not installed: pip install --editable '.[dev]'")
    sys.stdout.flush()
    return subprocess.run([program, *arguments], cwd=root, check=False).returncode  # noqa: S603
