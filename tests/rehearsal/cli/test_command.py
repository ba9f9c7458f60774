"""The command itself: what it needs, what it refuses, and how it says so."""

import json
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pokayoke import acts, checkout
from pokayoke.app import app
from pokayoke_rehearsal import requirements


def call(*arguments):
    return CliRunner().invoke(app, list(arguments))


def python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_help_comes_without_the_sdk_and_what_a_rehearsal_needs():
    code = (
        "import sys; import pokayoke.app\n"
        "print(sorted({'pulumi', 'grpc', 'moto', 'boto3', 'pydantic', 'asyncio', 'yaml'} & set(sys.modules)))"
    )
    assert python(code).stdout == "[]\n"


def test_without_its_extra_the_command_names_it():
    code = (
        "import sys; sys.modules['typer'] = None; sys.argv = ['pokayoke', 'rehearse', 'dev']\n"
        "from pokayoke.__main__ import main; main()"
    )
    ran = python(code)
    assert ran.returncode == 2
    assert ran.stderr.startswith("pokayoke: the command needs `typer`, which comes with an extra: ")
    assert "pip install 'pokayoke-eks[cli]'" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_without_its_extra_a_rehearsal_names_everything_that_is_missing(monkeypatch):
    monkeypatch.setattr(requirements, "find_spec", lambda name: None if name in ("moto", "flask") else object())
    result = call("rehearse", "dev")
    assert result.exit_code == 2
    assert result.stderr == (
        "pokayoke: the rehearsal needs flask, moto, which come with an extra: pip install 'pokayoke-eks[rehearse]'\n"
    )


@pytest.mark.parametrize("installed", ["3.271.9", "3.273.0", "4.272.0", "3.300.1"])
def test_another_version_of_the_sdk_than_the_known_one_is_refused(monkeypatch, installed):
    monkeypatch.setattr(requirements, "version", lambda _: installed)
    result = call("rehearse", "dev")
    assert result.exit_code == 2
    assert f"Pulumi's Python SDK 3.272, not that of {installed}, which is installed" in result.stderr


def test_the_known_version_of_the_sdk_is_the_range_of_the_extra(repository):
    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    (wanted,) = [one for one in project["optional-dependencies"]["rehearse"] if one.startswith("pulumi>")]
    lowest, highest = (".".join(map(str, bound)) for bound in (requirements.PULUMI_FROM, requirements.PULUMI_BELOW))
    assert wanted == f"pulumi>={lowest},<{highest}"


def test_what_is_checked_for_is_what_the_extra_brings(repository):
    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    brought = " ".join([*extras["cli"], *extras["policies"], *extras["rehearse"]]).replace("-", "_")
    assert [name for name in requirements._MODULES if name not in brought] == ["flask"]
    assert "moto[server]" in brought
    assert any("flask" in (need or "").lower() for need in metadata.requires("moto") or ())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--secret", "noequals"], "--secret noequals: KEY=VALUE is needed"),
        (["--fail", "@create"], "it names no resource"),
        (["--program", "nowhere"], "holds no Pulumi program"),
        (["--engine", "pulumi", "--fail", "x"], "--fail is for the embedded engine only"),
        (["--engine", "pulumi", "--keep"], "--keep is for the embedded engine only"),
        (["--policy-pack", "nowhere"], "is no policy pack"),
        (["--policy-pack-config", "a.json"], "--policy-pack-config: 1 for 0 policy packs; each takes one"),
        (["--policy-pack", "pack", "--policy-pack-config", "a.json"], "a.json: No such file or directory"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_two(options, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "__main__.py").touch()
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "PulumiPolicy.yaml").touch()
    result = call("rehearse", "dev", *(options if "--program" in options else [*options, "--program", "."]))
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_option_that_does_not_exist_is_exit_code_two():
    assert call("rehearse", "dev", "--until", "tomorrow").exit_code == 2


def test_outside_of_a_project_the_command_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = call("rehearse", "dev")
    assert result.exit_code == 2
    assert "no Pulumi.yaml in" in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_real_engine_that_is_not_there_is_missed_by_name(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "__main__.py").touch()
    result = call("rehearse", "dev", "--engine", "pulumi", "--program", str(tmp_path))
    assert result.exit_code == 1
    assert "--engine pulumi needs a `pulumi` on the PATH" in result.stderr


def test_the_schema_is_json_and_describes_the_platform():
    result = call("schema")
    assert result.exit_code == 0
    assert acts.PLATFORM in json.dumps(json.loads(result.stdout))


@pytest.mark.parametrize("command", ["test", "lint"])
def test_jobs_of_a_checkout_are_refused_elsewhere(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = call(command)
    assert result.exit_code == 2
    assert "in a checkout of pokayoke-eks only" in result.stderr


def test_lint_does_what_the_makefile_does_and_fails_when_one_check_fails(repository, monkeypatch):
    monkeypatch.chdir(repository / "cli")
    calls = []

    def run(command, *, cwd, check):
        calls.append((command, cwd, check))
        return subprocess.CompletedProcess(command, 3 if "pyright" in command[0] else 0)

    monkeypatch.setattr(checkout.subprocess, "run", run)
    assert checkout.run_lint() == 3
    lines = (repository / "Makefile").read_text()
    for command, cwd, _ in calls:
        assert cwd == repository
        program = Path(command[0])
        assert program.parent == Path(sys.executable).parent
        assert f"$(BIN)/{' '.join([program.name, *command[1:]])}\n" in lines
    assert len(calls) == 4


def test_tests_get_the_arguments_that_were_typed(repository, monkeypatch):
    monkeypatch.chdir(repository)
    calls = []
    monkeypatch.setattr(
        checkout.subprocess,
        "run",
        lambda command, **_: calls.append(command) or subprocess.CompletedProcess(command, 5),
    )
    assert call("test", "tests/unit", "-k", "cidr").exit_code == 5
    ((program, *arguments),) = calls
    assert Path(program).name == "pytest"
    assert arguments == ["-n", "2", "--dist", "worksteal", "tests/unit", "-k", "cidr"]
