"""Each part can be used, with what it needs, in a program of twenty lines."""

import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from registrations import record

EXAMPLES = {
    "network": {"pokayoke-eks:index:Network"},
    "cluster": {"pokayoke-eks:index:Network", "pokayoke-eks:index:Cluster"},
    "workload-identity": {"pokayoke-eks:index:WorkloadIdentity"},
    "karpenter": {"pokayoke-eks:index:Karpenter"},
    "node-pools": {"pokayoke-eks:index:Karpenter", "pokayoke-eks:index:NodePools"},
}


def test_every_example_is_tested(repository: Path) -> None:
    assert {one.parent.name for one in (repository / "examples").glob("*/__main__.py")} == EXAMPLES.keys()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_twenty_lines_that_work(repository: Path, name: str) -> None:
    program = repository / "examples" / name / "__main__.py"
    assert len(program.read_text().splitlines()) <= 20
    made = record(lambda: runpy.run_path(str(program), run_name="__main__"))
    assert EXAMPLES[name] <= {one.type for one in made}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_a_project_of_its_own(repository: Path, name: str) -> None:
    project = yaml.safe_load((repository / "examples" / name / "Pulumi.yaml").read_text())
    assert project["name"] == f"example-{name}"
    assert (repository / "examples" / name / project["runtime"]["options"]["virtualenv"]).resolve() == (
        repository / ".venv"
    ).resolve()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_lives_and_leaves_nothing(repository: Path, tmp_path: Path, name: str) -> None:
    program = shutil.copytree(
        repository / "examples" / name, tmp_path / name, ignore=shutil.ignore_patterns(".pokayoke", "__pycache__")
    )
    command = [sys.executable, "-m", "pokayoke", "rehearse", "dev", "--json", "--program", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    told = json.loads(done.stdout)
    acts = {one["name"]: one for one in told["acts"]}
    assert set(acts["second up"]["summary"]) == {"same"}
    assert not told["shortcomings"]
