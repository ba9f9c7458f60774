"""The project's own workflows can be read by GitHub: `ci-workflow-invalid`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.y*ml"))
BROKEN = "name: ci\non: push\njobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n{heredoc}"
HEREDOC = "          cat > check.py <<EOF\nimport sys\nprint(sys.version)\nEOF\n"
INDENTED = "          cat > check.py <<EOF\n            import sys\n            print(sys.version)\n          EOF\n"


def jobs(file: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(file.read_text())["jobs"].values())


def scripts(workflow: dict[str, Any]) -> list[str]:
    """The steps that hold a program instead of calling one."""
    runs = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    assert runs
    return [run for run in runs if "\n" in run.strip() or "<<" in run]


def valid(*files: Path) -> tuple[int, str]:
    """What the linter says of workflows; its schema is the one that it brings."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    ran = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def test_every_workflow_is_one_by_github_s_schema() -> None:
    assert {file.name for file in FILES} == {"ci.yml", "drift.yml", "preview.yml"}
    assert valid(*FILES) == (0, "ok -- validation done\n")


def test_a_heredoc_that_is_not_indented_is_no_workflow(tmp_path: Path) -> None:
    """As logged: `while scanning a simple key`, `could not find expected ':'`."""
    broken = tmp_path / "ci.yml"
    broken.write_text(BROKEN.format(heredoc=HEREDOC))
    code, told = valid(broken)
    assert code != 0, told
    with pytest.raises(yaml.scanner.ScannerError, match="could not find expected ':'"):
        yaml.safe_load(broken.read_text())


def test_a_heredoc_that_is_indented_is_seen_all_the_same() -> None:
    """The log's remedy: YAML reads it, and the program in it is indented, which Python refuses."""
    workflow = yaml.safe_load(BROKEN.format(heredoc=INDENTED))
    (script,) = scripts(workflow)
    program = script.partition("\n")[2].partition("EOF")[0]
    with pytest.raises(IndentationError):
        compile(program, "check.py", "exec")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_step_calls_one_command_and_is_given_nothing_that_somebody_else_wrote(file: Path) -> None:
    """No heredocs, no scripts in YAML; what comes from outside comes by the environment, where no shell reads it."""
    assert scripts(yaml.safe_load(file.read_text())) == []
    runs = [step["run"] for job in jobs(file) for step in job["steps"] if "run" in step]
    outside = re.compile(r"\$\{\{\s*(inputs|github|secrets|vars|steps)\b")
    assert [run for run in runs if outside.search(run)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_job_ends_by_itself_and_may_no_more_than_it_says(file: Path) -> None:
    assert yaml.safe_load(file.read_text())["permissions"] == {"contents": "read"}
    for job in jobs(file):
        assert 0 < job["timeout-minutes"] <= 30
        assert all(step["with"]["persist-credentials"] is False for step in job["steps"] if "checkout" in str(step))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_action_is_a_commit_whatever_its_tags_come_to_name(file: Path) -> None:
    used = re.findall(r"^ +(?:- )?uses: (.*)$", file.read_text(), re.MULTILINE)
    assert used
    assert [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


def test_whoever_calls_the_preview_is_told_of_each_input_and_a_fork_gets_no_role() -> None:
    workflow = yaml.safe_load((FOLDER / "preview.yml").read_text())
    called = workflow[True]["workflow_call"]  # `on` is a boolean to YAML 1.1
    assert all(one["description"] for one in (*called["inputs"].values(), *called["secrets"].values()))
    (job,) = workflow["jobs"].values()
    assert "github.event.pull_request.head.repo.full_name == github.repository" in job["if"]
    given = json.dumps(job)
    assert [name for name in called["inputs"] if f"inputs.{name}" not in given] == []
    assert [name for name in called["secrets"] if f"secrets.{name}" not in given] == []


def test_the_page_calls_the_preview_with_the_rights_that_it_asks_for() -> None:
    page = (FOLDER.parents[1] / "docs" / "policies.md").read_text()
    (told,) = (one for one in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "preview.yml@" in one)
    (caller,) = yaml.safe_load(told)["jobs"].values()
    workflow = yaml.safe_load((FOLDER / "preview.yml").read_text())
    called = workflow[True]["workflow_call"]
    assert caller["permissions"] == workflow["jobs"]["preview"]["permissions"]
    assert {name for name, one in called["inputs"].items() if one.get("required")} <= caller["with"].keys()
    assert caller["with"].keys() <= called["inputs"].keys()


def test_what_workflows_call_is_there() -> None:
    """Targets of the Makefile, commands of ours, files of the checkout."""
    called = {
        step["run"].split()[0]: step["run"]
        for file in FILES
        for job in jobs(file)
        for step in job["steps"]
        if "run" in step
    }
    assert called.keys() == {".ci/run", "make", "pip", "pokayoke", "pulumi"}
    assert (FOLDER.parents[1] / ".ci" / "run").is_file()
    assert re.search(rf"^{called['make'].split()[1]}:", (FOLDER.parents[1] / "Makefile").read_text(), re.MULTILINE)
