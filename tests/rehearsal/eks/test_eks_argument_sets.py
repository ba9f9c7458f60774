"""What the double registers for eks_programs.py is what the real component registered (eks_recorded.json)."""

import json
from pathlib import Path
from typing import Any

import pytest
from eks_monitor import RecordingMonitor
from eks_programs import CASES, UNSERVED_BY_NEWER_SDKS
from eks_recording import children, functions, run

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "eks_recorded.json").read_text())


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("mode", ["up", "preview"])
def test_the_double_registers_what_the_component_registers(name: str, mode: str, double: str) -> None:
    with RecordingMonitor(preview=mode == "preview") as monitor:
        run(double, CASES[name], monitor)

    recorded = RECORDED["cases"][name][mode]
    expected = [RECORDED["children"][index] for index in recorded["children"]]
    ours = {key: _comparable(item, name) for key, item in children(monitor, CASES[name]).items()}
    assert ours == {f"{item['type']}::{item['name']}": _comparable(item, name) for item in expected}
    invoked = [RECORDED["functions"][index] for index in recorded["functions"]]
    assert sorted(map(_text, functions(monitor))) == sorted(map(_text, invoked))


def test_every_program_was_recorded() -> None:
    assert list(RECORDED["cases"]) == list(CASES)


def _comparable(item: dict[str, Any], name: str) -> dict[str, Any]:
    if item["custom"] or name not in UNSERVED_BY_NEWER_SDKS:
        return item
    # The SDK of those recordings did not send what a component was made with.
    return {key: value for key, value in item.items() if key not in ("inputs", "dependsOn")}


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
