"""`pokayoke preview` over what a Pulumi CLI 3.260 writes to its event log."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from pokayoke.app import app

URN = "urn:pulumi:dev::shop::aws:eks/cluster:Cluster::main"
FINDING = {
    "resourceUrn": URN,
    "message": "The cluster is billed for extended support.\nsupportType | left out",
    "color": "raw",
    "policyName": "extended-support",
    "policyPackName": "pokayoke-eks",
    "enforcementLevel": "mandatory",
}
STEP = {"resourcePreEvent": {"metadata": {"op": "create", "urn": URN}}}

Preview = Callable[..., Result]


@pytest.fixture
def preview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Preview:
    """Calls the command with a CLI on the PATH that writes these events; its own call and pack are kept beside."""

    def run(*options: str, events: tuple[dict[str, Any], ...] = (STEP,), code: int = 0, log: bool = True) -> Result:
        (tmp_path / "told").write_text("\n".join(map(json.dumps, events)))
        cli = tmp_path / "pulumi"
        cli.write_text(
            f'#!/bin/sh\necho "$PULUMI_DEBUG_COMMANDS $@" > "{tmp_path}/called"\n'
            f'while [ $# -gt 0 ]; do case "$1" in\n'
            f'--event-log) {"cp" if log else "true"} "{tmp_path}/told" "$2";;\n'
            f'--policy-pack) cp -r "$2" "{tmp_path}/pack";; esac; shift; done\nexit {code}\n'
        )
        cli.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        return CliRunner().invoke(app, ["preview", "dev", *options])

    return run


def test_the_pack_that_came_with_the_command_judges_a_stack_of_anybody_s(preview: Preview, tmp_path: Path) -> None:
    assert preview().exit_code == 0
    called = (tmp_path / "called").read_text()
    assert called.startswith("true preview --non-interactive --stack dev --policy-pack ")
    assert (tmp_path / "pack" / "PulumiPolicy.yaml").read_text().endswith("runtime: python\n")
    assert "pokayoke_policies" in (tmp_path / "pack" / "__main__.py").read_text()


def test_findings_are_written_for_code_scanning_for_tests_and_for_people(preview: Preview, tmp_path: Path) -> None:
    files = {option: tmp_path / f"found.{option}" for option in ("sarif", "junit", "summary")}
    options = [part for option, file in files.items() for part in (f"--{option}", str(file))]
    done = preview(*options, events=(STEP, {"policyEvent": FINDING}), code=1)
    assert done.exit_code == 1
    assert "Pulumi.yaml: mandatory: aws:eks/cluster:Cluster main: " in done.output
    assert json.loads(files["sarif"].read_text())["runs"][0]["results"][0]["ruleId"] == "extended-support"
    assert 'failures="1"' in files["junit"].read_text()
    table = files["summary"].read_text()
    assert "1 resources checked, 1 findings" in table
    assert "| mandatory | `extended-support` |" in table
    assert "supportType &#124; left out |" in table


def test_a_pack_of_one_s_own_and_its_configuration_are_passed_on(preview: Preview, tmp_path: Path) -> None:
    own, config = tmp_path / "own", tmp_path / "own.json"
    own.mkdir()
    assert preview("--policy-pack", str(own), "--policy-pack-config", str(config)).exit_code == 0
    assert f"--policy-pack {own} --policy-pack-config {config} --event-log" in (tmp_path / "called").read_text()


@pytest.mark.parametrize(("said", "passed"), [("own.json", True), ("", False)], ids=["a-file", "nothing"])
def test_a_workflow_passes_the_configuration_on_by_the_environment(
    preview: Preview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, passed: bool
) -> None:
    monkeypatch.setenv("POKAYOKE_POLICY_PACK_CONFIG", said)
    assert preview().exit_code == 0
    assert (f" --policy-pack-config {said} " in (tmp_path / "called").read_text()) is passed
    assert ("--policy-pack-config" in (tmp_path / "called").read_text()) is passed


def test_a_preview_that_fails_without_a_finding_fails(preview: Preview) -> None:
    assert preview(code=255).exit_code == 1


def test_a_preview_that_broke_off_leaves_code_scanning_as_it_was(preview: Preview, tmp_path: Path) -> None:
    advice = {"policyEvent": {**FINDING, "enforcementLevel": "advisory"}}
    options = [part for name in ("sarif", "junit", "summary") for part in (f"--{name}", str(tmp_path / name))]
    assert preview(*options, events=(STEP, advice), code=255).exit_code == 1
    assert [name for name in ("sarif", "junit", "summary") if (tmp_path / name).exists()] == ["junit", "summary"]
    assert preview(*options, events=(STEP, advice)).exit_code == 0
    assert (tmp_path / "sarif").exists()


def test_a_cli_that_tells_nothing_is_a_clear_error(preview: Preview) -> None:
    done = preview(code=255, log=False)
    assert done.exit_code == 1
    assert "pulumi preview told nothing (exit code 255)" in done.output


def test_without_a_cli_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = CliRunner().invoke(app, ["preview", "dev"])
    assert done.exit_code == 2
    assert "there is no `pulumi` on the PATH" in done.output
