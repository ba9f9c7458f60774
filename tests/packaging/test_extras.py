"""What a command imports comes with the extra that brings the command."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement

OURS = {"pokayoke": "cli", "pokayoke_eks": "components", "pokayoke_policies": "policies"}
OURS |= {"pokayoke_rehearsal": "rehearsal"}
NAMED = {"dns": "dnspython", "google": "protobuf", "grpc": "grpcio", "yaml": "pyyaml", "ruamel": "ruamel.yaml"}
"""Distributions that are called otherwise than what they bring."""
IN_CI = ("check.command", "check.events", "check.configs", "check.preview", "check.state", "check.manifests", "drift")


def file_of(repository: Path, module: str) -> Path | None:
    path = repository / OURS[module.partition(".")[0]] / Path(*module.split("."))
    return next((one for one in (path / "__init__.py", path.with_suffix(".py")) if one.is_file()), None)


def imports(file: Path, module: str) -> Iterator[str]:
    """What a module imports as it is imported itself."""
    package = module.split(".") if file.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            yield source
            yield from (f"{source}.{one.name}" for one in node.names)


def others(repository: Path, modules: list[str]) -> set[str]:
    """The packages of others that modules need, also by way of ours."""
    left, seen, found = modules, set[str](), set[str]()
    while left:
        one = left.pop()
        top = one.partition(".")[0]
        if top not in OURS:
            found |= {top} - sys.stdlib_module_names
            continue
        steps = one.split(".")
        for name in (".".join(steps[: end + 1]) for end in range(len(steps))):
            file = file_of(repository, name)
            if file is not None and name not in seen:
                seen.add(name)
                left.extend(imports(file, name))
    return found


def brought(repository: Path, extra: str) -> set[str]:
    """The distributions that an extra brings, and what these need."""
    said = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    stated = [*said["dependencies"], *said["optional-dependencies"][extra]]
    left, seen = [Requirement(one) for one in stated], set[str]()
    while left:
        one = left.pop()
        if one.name == "pokayoke-eks":
            left += [Requirement(more) for extra in one.extras for more in said["optional-dependencies"][extra]]
        elif one.name not in seen and (one.marker is None or one.marker.evaluate({"extra": ""})):
            seen.add(one.name)
            left += [Requirement(more) for more in requires(one.name) or ()]
    return {name.lower().replace("_", "-") for name in seen}


def test_what_runs_in_ci_needs_no_rehearsal(repository: Path) -> None:
    """`preview.yml` asks its callers for `pokayoke-eks[cli]`."""
    needed = others(repository, [f"pokayoke.{command}" for command in IN_CI])
    assert {"pulumi", "cryptography", "typer"} <= needed
    assert {NAMED.get(one, one.replace("_", "-")) for one in needed} - brought(repository, "cli") == set()
