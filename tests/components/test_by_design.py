"""Failures that are a way of working and no program that breaks: why nothing of ours can be their beginning.

The catalogue names each of these tests, and others beside them, as what shows it (`Failure.by_design`).
"""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from invariants import texts_in
from pydantic import ValidationError
from registrations import Registered

from pokayoke.app import app
from pokayoke_eks.config import load
from pokayoke_eks.dns.values import ExternalDnsValues
from pokayoke_eks.helm import Values
from pokayoke_eks.istio.values import IstiodValues
from pokayoke_eks.karpenter.values import KarpenterValues
from pokayoke_eks.load_balancer.values import LoadBalancerControllerValues

OURS = ("cli", "components", "infra", "policies", "rehearsal")
ASKS = {"confirm", "getpass", "input", "prompt"}
LIBRARIES = {"click", "getpass", "typer"}


def _sources(repository: Path, saying: str) -> Iterator[tuple[str, ast.Module]]:
    """The modules of ours whose text says so."""
    for room in OURS:
        for file in sorted((repository / room).rglob("*.py")):
            if re.search(saying, text := file.read_text()):
                yield str(file.relative_to(repository)), ast.parse(text)


# ansible-import-conflict: one program in one language


def test_both_environments_are_made_by_resources_alone_and_none_of_them_runs_another_tool(
    dev: Registered, prod: Registered
) -> None:
    """`ansible-import-conflict`: no `command:local:Command`, no `ansible:`, no provisioner: all that is done on the way
    is to wait."""
    dynamic = {one.type for made in (dev, prod) for one in made if one.type.startswith("pulumi-python:")}
    assert dynamic == {"pulumi-python:dynamic/pokayoke:Waiting"}
    packages = {one.type.partition(":")[0] for made in (dev, prod) for one in made}
    assert packages == {"aws", "eks", "kubernetes", "pokayoke-eks", "pulumi", "pulumi-python"}


def test_no_part_of_a_config_takes_the_tasks_of_a_second_layer(platforms: dict[str, Any]) -> None:
    """`ansible-import-conflict`"""
    tried = 0
    for environment in platforms.values():
        for path, spoilt in _with_tasks(environment):
            tried += 1
            errors = load(spoilt, today=date(2026, 11, 22)).errors
            assert any(str(error).startswith(path) for error in errors), path
    assert tried > 20


def _with_tasks(said: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """What is said, with tasks to import at one of its mappings after the other, and where that is."""
    if isinstance(said, dict):
        yield f"{path}.import_tasks".lstrip("."), {**said, "import_tasks": "site.yaml"}
        for key, value in said.items():
            for where, spoilt in _with_tasks(value, f"{path}.{key}"):
                yield where, {**said, key: spoilt}
    if isinstance(said, list):
        for at, value in enumerate(said):
            for where, spoilt in _with_tasks(value, f"{path}[{at}]"):
                yield where, [*said[:at], spoilt, *said[at + 1 :]]


# unattended-operation: nobody is asked, and nothing is ready because EC2 says so


def test_nothing_asks_but_the_one_command_that_removes_and_it_takes_yes_for_an_answer(repository: Path) -> None:
    """`unattended-operation`"""
    sources = _sources(repository, rf"\b({'|'.join(ASKS)})\b")
    asking = {file for file, tree in sources if any(_asks(node) for node in ast.walk(tree))}
    assert asking == {"cli/pokayoke/sweep/command.py"}
    command = typer.main.get_command(app)
    assert "--yes" in {option for it in command.commands["sweep"].params for option in it.opts}


def _asks(node: ast.AST) -> bool:
    """`input(...)`, or a question of a library's, called or handed on."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in ASKS
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in LIBRARIES
        and node.attr in ASKS
    )


def test_every_run_of_pulumi_that_is_ours_has_nobody_to_ask(repository: Path) -> None:
    """`unattended-operation`: each module that starts the CLI starts it with `--non-interactive`."""
    starting = {
        file: {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        for file, tree in _sources(repository, r"[\[(]\s*\"?pulumi\b\"?,")
        if any(_starts_pulumi(node) for node in ast.walk(tree))
    }
    assert {"cli/pokayoke/drift.py", "rehearsal/pokayoke_rehearsal/hosts/pulumi_cli.py"} <= starting.keys()
    assert [file for file, said in starting.items() if "--non-interactive" not in said] == []


def _starts_pulumi(node: ast.AST) -> bool:
    """A command line: a list or tuple whose first word is the CLI."""
    if not isinstance(node, ast.List | ast.Tuple) or len(node.elts) < 2:
        return False
    first = node.elts[0]
    return (isinstance(first, ast.Constant) and first.value == "pulumi") or (
        isinstance(first, ast.Name) and first.id == "pulumi"
    )


def test_what_runs_in_the_cluster_is_ready_when_kubernetes_says_so(dev: Registered, prod: Registered) -> None:
    """`unattended-operation`: EC2's status checks (`Initializing`) are behind; no wait looks at them."""
    for made in (dev, prod):
        waits = made.of_type("pulumi-python:dynamic/pokayoke:Waiting")
        before = {condition["kind"] for one in waits for condition in one.inputs["beforeReady"]}
        assert before == {"association-visible"}
        nodes = [one for one in made if re.search(r":(NodePool|EC2NodeClass)$", one.type)]
        assert nodes
        for one in nodes:
            assert one.inputs["metadata"]["annotations"]["pulumi.com/waitFor"] == "condition=Ready"


# untyped-helm-values: values are no text


@pytest.mark.parametrize("model", [ExternalDnsValues, IstiodValues, KarpenterValues, LoadBalancerControllerValues])
def test_text_is_no_chart_s_values(model: type[Values]) -> None:
    """`untyped-helm-values`: the logged YAML, with `webhook` inside `tolerations`, has no way in."""
    with pytest.raises(ValidationError, match="model_type"):
        model.model_validate("tolerations:\n  - key: dedicated\nwebhook:\n    enabled: false\n")


def test_no_release_of_either_environment_takes_yaml_text(dev: Registered, prod: Registered) -> None:
    """`untyped-helm-values`"""
    releases = [one for made in (dev, prod) for one in made.of_type("kubernetes:helm.sh/v3:Release")]
    assert len(releases) > 10
    for one in releases:
        assert "valueYamlFiles" not in one.inputs
        assert not [text for text in texts_in(one.inputs.get("values", {})) if "\n" in text], one.name
