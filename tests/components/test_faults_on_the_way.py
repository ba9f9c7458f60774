"""Whatever fails on the way up, or down, is taken up where it failed, and nothing is left in the end."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ON_THE_WAY_UP = (
    "aws:sqs:Queue",
    "aws:iam:Policy@create",
    "aws:eks:PodIdentityAssociation",
    "kubernetes:helm.sh/v3:Release",
    "demo-karpenter@create",
    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
    "kubernetes:karpenter.sh/v1:NodePool",
)
"""In the order in which they are made, so that each fault finds the one before it mended."""
ON_THE_WAY_DOWN = (
    "kubernetes:karpenter.sh/v1:NodePool@delete",
    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass@delete",
    "kubernetes:helm.sh/v3:Release@delete",
)


@pytest.fixture
def program(repository: Path, tmp_path: Path) -> Path:
    unwanted = shutil.ignore_patterns(".pokayoke", "__pycache__")
    return Path(shutil.copytree(repository / "examples" / "node-pools", tmp_path / "program", ignore=unwanted))


def rehearse(program: Path, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "pokayoke", "rehearse", "dev", "--json", "--program", str(program), *options]
    done = subprocess.run(command, capture_output=True, text=True, cwd=program, timeout=300)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_an_up_that_fails_anywhere_goes_on_from_there(program: Path) -> None:
    created = 0
    for fault in ON_THE_WAY_UP:
        told = rehearse(program, "--until", "up", "--fail", fault)
        up = told["acts"][-1]
        assert (told["ok"], up["name"], up["ok"]) == (False, "up", False), fault
        created += up["summary"].get("create", 0)
    told = rehearse(program)
    acts = {one["name"]: one for one in told["acts"]}
    assert told["ok"], told["shortcomings"]
    assert 0 < acts["up"]["summary"]["create"] < 10 < created
    assert set(acts["second up"]["summary"]) == {"same"}


def test_a_destroy_that_fails_anywhere_goes_on_from_there(program: Path) -> None:
    for fault in ON_THE_WAY_DOWN:
        told = rehearse(program, "--fail", fault)
        assert (told["ok"], told["acts"][-1]["name"], told["acts"][-1]["ok"]) == (False, "destroy", False), fault
    told = rehearse(program)
    assert told["ok"], told["shortcomings"]
