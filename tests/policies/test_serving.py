"""The pack as Pulumi starts it: whole, mandatory, and from a folder that needs nothing else."""

import runpy
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from analyzing import TODAY
from pulumi_policy import EnforcementLevel

from pokayoke_policies import serving
from pokayoke_policies.pack import policies


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is done to start the pack, in place of doing it."""
    done: list[Any] = []
    monkeypatch.setattr(serving, "PolicyPack", lambda **said: done.append(said))
    monkeypatch.setattr(serving, "policies", lambda today: done.append(today) or policies(today))
    monkeypatch.setattr(serving, "share_deserialisation", lambda: done.append("shared"))
    monkeypatch.setattr(serving.analyzer, "install", lambda: done.append("installed"))
    return done


def test_every_policy_is_served_and_a_failure_stops_the_preview(started: list[Any]) -> None:
    serving.serve()
    *before, today, said = started
    assert sorted(before) == ["installed", "shared"]
    assert isinstance(today, date)
    assert said["name"] == "pokayoke-eks"
    assert said["enforcement_level"] is EnforcementLevel.MANDATORY
    assert [one.name for one in said["policies"]] == [one.name for one in policies(TODAY)]
    chosen = policies(TODAY)[:1]
    serving.serve(chosen, name="ours")
    assert (started[-1]["name"], started[-1]["policies"]) == ("ours", chosen)


def test_a_folder_is_one_that_pulumi_takes_for_a_pack(tmp_path: Path, started: list[Any]) -> None:
    serving.write_folder(tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["PulumiPolicy.yaml", "__main__.py"]
    project = yaml.safe_load((tmp_path / "PulumiPolicy.yaml").read_text())
    assert (project["runtime"], project["version"]) == ("python", version("pokayoke-eks"))
    runpy.run_path(str(tmp_path / "__main__.py"))
    assert len(started) == 4
