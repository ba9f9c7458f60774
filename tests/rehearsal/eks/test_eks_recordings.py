"""The recordings of the real component in `../shared/data/eks`, whichever cases they hold."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from eks_monitor import RecordingMonitor
from eks_recording import functions, record, references, run

DATA = Path(__file__).parents[4] / "shared" / "data" / "eks" / "cluster-children.json"
CASES: dict[str, Any] = json.loads(DATA.read_text())["cases"] if DATA.exists() else {}
COMPARED = ("type", "name", "parent", "custom", "sdk_version", "provider", "providers", "ignoreChanges", "inputs")

pytestmark = pytest.mark.upstream


class RecordedClouds(RecordingMonitor):
    """Answers with the ids and physical names of a recording, so that what is computed from them is comparable too."""

    def __init__(self, case: dict[str, Any]) -> None:
        super().__init__()
        self._recorded = {(item["type"], item["name"]): item for item in case["resources"]}
        self._outputs: dict[str, Any] = {}
        for key, outputs in case["component_outputs"].items():
            self._outputs |= outputs if key.startswith("eks:index:Cluster::") else {}

    def _create(self, kind: str, name: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        recorded = self._recorded.get((kind, name), {})
        checked = recorded.get("inputs_after_check")
        names = checked if isinstance(checked, dict) else {}
        physical = next((value for key, value in names.items() if key == "name" or key.endswith("Name")), None)
        _, computed = super()._create(kind, name, {**inputs, "name": physical} if physical else inputs)
        id_ = recorded.get("id") or ""
        if kind.endswith(":SecurityGroupRule"):
            computed["securityGroupRuleId"] = id_.replace("sgrule-", "sgr-")
        if kind == "aws:eks/cluster:Cluster":
            # The group that EKS makes by itself: an output where the component made none.
            computed["vpcConfig"]["clusterSecurityGroupId"] = self._outputs["clusterSecurityGroupId"]
        return id_, computed


@pytest.fixture(params=CASES or [None])
def case(request: pytest.FixtureRequest, shared: Path) -> dict[str, Any]:
    return CASES[request.param]


@pytest.fixture
def monitor(case: dict[str, Any], double: str):
    mine = [item for item in case["resources"] if item["registered_by"] == "program"]
    with RecordedClouds(case) as monitor:
        run(double, [(item["type"], item["name"], item["inputs"]) for item in mine], monitor)
        yield monitor


def test_the_double_registers_what_the_component_registered(case: dict[str, Any], monitor: RecordingMonitor) -> None:
    recorded = {_key(item): _comparable(item) for item in case["resources"] if item["registered_by"] != "program"}
    ours = {_key(found): _comparable(found) for found in map(record, monitor.registered)}
    programs = {_key(item) for item in case["resources"] if item["registered_by"] == "program"}

    assert {key: ours[key] for key in ours if key not in programs} == recorded


def test_the_double_declares_the_dependencies_of_the_component(case: dict[str, Any], monitor: RecordingMonitor) -> None:
    recorded = {_key(item): sorted(item.get("dependsOn", [])) for item in case["resources"]}
    ours = {_key(found): found.get("dependsOn", []) for found in map(record, monitor.registered)}
    children = [_key(item) for item in case["resources"] if item["registered_by"] != "program"]

    assert {key: ours[key] for key in children} == {key: recorded[key] for key in children}


def test_the_double_invokes_the_functions_of_the_component(case: dict[str, Any], monitor: RecordingMonitor) -> None:
    recorded = [_masked({**item, "provider": item["provider"].rpartition("::")[2]}) for item in case["invokes"]]
    ours = [_masked({**item, "provider": item["provider"].rpartition("::")[2]}) for item in functions(monitor)]

    assert sorted(map(_text, ours)) == sorted(set(map(_text, recorded)))


def test_the_double_registers_the_outputs_of_the_component(case: dict[str, Any], monitor: RecordingMonitor) -> None:
    ours = {_key(record(entry)): _masked(references(entry.outputs)) for entry in monitor.registered}
    recorded = {key: _masked(value) for key, value in case["component_outputs"].items()}
    # An Addon registers none; what the monitor holds of it is the double's answer.
    assert {key: ours[key] for key, value in recorded.items() if value} == {
        key: value for key, value in recorded.items() if value
    }


def _key(item: dict[str, Any]) -> str:
    return f"{item['type']}::{item['name']}"


def _comparable(item: dict[str, Any]) -> dict[str, Any]:
    return _masked({key: item[key] for key in COMPARED if item.get(key)})


def _masked(value: Any) -> Any:
    """The value without the image ids that the recording's SSM made up."""
    return json.loads(re.sub(r"ami-[0-9a-f]{17}", "ami-*", json.dumps(value)))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
