"""`pokayoke drift` over what a Pulumi CLI 3.260 told of a previewed refresh."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from pokayoke.app import app

URN = "urn:pulumi:dev::shop::aws:ec2/securityGroup:SecurityGroup::{}"


def step(operation: str, name: str, was: dict[str, Any], now: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"op": operation, "urn": URN.format(name), "oldState": {"inputs": was, "outputs": {}}}
    if now is not None:
        told["newState"] = {"inputs": now, "outputs": {}}
    return {**told, "detailedDiff": None, **more}


SAME = step("refresh", "same", {"name": "a"}, {"name": "a"})
GONE = step("delete", "gone", {"name": "b"}, None)
RETAGGED = step(
    "update",
    "web",
    {"tags": {"team": "a"}, "secret": "[secret]"},
    {"tags": {"team": "b", "by.hand": "yes"}, "secret": "[secret]"},
    diffReasons=["tags", "secret"],
    detailedDiff={
        "tags.team": {"kind": "update", "inputDiff": True},
        'tags["by.hand"]': {"kind": "add", "inputDiff": True},
        "secret": {"kind": "update", "inputDiff": True},
    },
)
REFUSED = {"urn": URN.format("web"), "message": "error: Preview failed: AccessDenied\n", "severity": "error"}

Drift = Callable[..., Result]


@pytest.fixture
def drift(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drift:
    """Calls the command with a CLI on the PATH that tells these steps; the call itself is noted in `called`."""

    def run(*steps: dict[str, Any], code: int = 0, diagnostics: Any = (), text: str = "", options: Any = ()) -> Result:
        said = text or json.dumps({"steps": steps, "diagnostics": list(diagnostics), "changeSummary": {}})
        (tmp_path / "told.json").write_text(said)
        cli = tmp_path / "pulumi"
        cli.write_text(f'#!/bin/sh\necho "$@" > "{tmp_path}/called"\ncat "{tmp_path}/told.json"\nexit {code}\n')
        cli.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        return CliRunner().invoke(app, ["drift", "dev", *options])

    return run


def test_nothing_that_was_changed_is_exit_code_0_and_the_account_is_only_read(drift: Drift, tmp_path: Path) -> None:
    ran = drift(SAME)
    assert (ran.exit_code, ran.stdout) == (0, "dev: nothing was changed past the program\n")
    called = (tmp_path / "called").read_text().split()
    assert called[0] == "refresh"
    assert {"--preview-only", "--non-interactive", "--stack", "dev"} <= {*called}


def test_what_was_changed_is_a_table_and_exit_code_1(drift: Drift) -> None:
    ran = drift(SAME, RETAGGED, GONE)
    assert ran.exit_code == 1
    lines = [line.split() for line in ran.stdout.splitlines()]
    assert lines[0] == ["resource", "property", "was", "is"]
    assert lines[1:] == [
        ["aws:ec2:SecurityGroup", "web", "secret", "[secret]", "[secret]"],
        ["aws:ec2:SecurityGroup", "web", "tags.team", "a", "b"],
        ["aws:ec2:SecurityGroup", "web", 'tags["by.hand"]', "-", "yes"],
        ["aws:ec2:SecurityGroup", "gone", "there", "gone"],
    ]


def test_the_document_says_the_same(drift: Drift) -> None:
    ran = drift(RETAGGED, GONE, options=["--json"])
    document = json.loads(ran.stdout)
    assert ran.exit_code == 1
    assert [(row["change"], row["property"], row["was"], row["now"]) for row in document["drift"]] == [
        ("update", "secret", "[secret]", "[secret]"),
        ("update", "tags.team", "a", "b"),
        ("update", 'tags["by.hand"]', None, "yes"),
        ("delete", "", None, None),
    ]


def test_a_resource_that_could_not_be_read_is_exit_code_2_beside_what_was_found(drift: Drift) -> None:
    ran = drift(GONE, code=1, diagnostics=[REFUSED])
    assert ran.exit_code == 2
    assert "gone" in ran.stdout
    assert ran.stderr == "aws:ec2:SecurityGroup web: Preview failed: AccessDenied\n"


def test_what_is_no_answer_is_an_error(drift: Drift, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = drift(text="error: no stack named 'dev' found", code=255)
    assert ran.exit_code == 2
    assert "no stack named 'dev' found" in ran.stderr
    monkeypatch.setenv("PATH", "")
    without = CliRunner().invoke(app, ["drift", "dev"])
    assert without.exit_code == 2
    assert "there is no `pulumi` on the PATH" in without.stderr
