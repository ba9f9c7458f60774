"""What must hold of the checkout itself."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml


@pytest.fixture(scope="module")
def tracked(repository: Path) -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=repository, capture_output=True, text=True, check=True).stdout
    return [repository / line for line in listed.splitlines() if (repository / line).is_file()]


def test_imports_point_one_way(repository: Path) -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_no_tracked_file_names_a_path_of_one_machine(tracked: list[Path], repository: Path) -> None:
    pattern = re.compile(r"(^|[^A-Za-z0-9_.])/(?:work|root|farm)/", re.MULTILINE)
    here = Path(__file__)
    found = [
        str(file.relative_to(repository))
        for file in tracked
        if file != here and pattern.search(file.read_text(errors="replace"))
    ]
    assert found == []


def test_no_source_file_is_longer_than_a_head_can_hold(tracked: list[Path], repository: Path) -> None:
    long = {
        str(f.relative_to(repository)): n
        for f in tracked
        if f.suffix == ".py" and (n := len(f.read_text().splitlines())) > 400
    }
    assert long == {}


def test_the_lock_pins_every_package_with_a_hash_and_names_no_host(repository: Path) -> None:
    lock = (repository / "requirements.lock").read_text()
    pins = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert pins
    assert [pin.splitlines()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []
    assert "://" not in lock


def test_the_workflow_does_what_the_ci_script_does(repository: Path) -> None:
    workflow = yaml.safe_load((repository / ".github/workflows/ci.yml").read_text())
    steps = workflow["jobs"]["check"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == [".ci/run"]
    assert workflow["permissions"] == {"contents": "read"}
