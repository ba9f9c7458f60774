"""What the real engine did, the embedded one does."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from recordings import Run, normalised, sorted_dependencies
from theatre import Theatre

SHARED = Path(__file__).parents[4] / "shared" / "data" / "engine"
CASES = sorted(path.parent.name for path in SHARED.glob("*/recorded.json"))


@pytest.mark.upstream
@pytest.mark.parametrize("case", CASES or ["none found"])
def test_the_embedded_engine_does_what_the_real_one_did(case: str, shared: Path, theatre: Theatre) -> None:
    folder = shared / "data" / "engine" / case
    recorded = json.loads((folder / "recorded.json").read_text())["recorded"]
    steps = json.loads((folder / "steps.json").read_text())["steps"]

    async def play() -> None:
        async with theatre.player_of(folder) as player:
            for number, (step, wanted) in enumerate(zip(steps, recorded, strict=True)):
                parallel = 1 if step.get("serial") else 8
                run = await player.play(step["command"], step["step"], parallel=parallel, **step.get("config", {}))
                assert _told(run, wanted) == wanted_facts(wanted), f"act {number}: {step}"
                _assert_order(run, wanted)

    theatre.run(play())


def wanted_facts(wanted: dict[str, Any]) -> dict[str, Any]:
    facts = {
        "exit": wanted["exit"],
        "summary": wanted["summary"],
        "failed": _sorted(wanted["failed"]),
        "steps": _sorted(wanted["steps"]),
        "calls": _sorted(wanted["calls"]),
        "diagnostics": _sorted(_gist(item["severity"], item["text"], item["urn"]) for item in wanted["diagnostics"]),
    }
    if "stackOutputs" in wanted:
        facts["stackOutputs"] = wanted["stackOutputs"]
    if "state" in wanted:
        facts["state"] = sorted_dependencies(wanted["state"])
    return facts


def _told(run: Run, wanted: dict[str, Any]) -> dict[str, Any]:
    result = run.result
    told: dict[str, Any] = {
        "exit": 0 if result.ok else 1,
        "summary": dict(result.changes),
        "failed": _sorted({"op": item.operation, "urn": item.urn} for item in result.failed),
        "steps": _sorted(_step(item.operation, item.urn, item.diffs, item.replace_keys) for item in result.steps),
        "calls": _sorted(run.calls),
        "diagnostics": _sorted(
            _gist(item.severity, item.message, item.urn)
            for item in result.diagnostics
            if item.severity in ("warning", "error")
        ),
    }
    if "stackOutputs" in wanted:
        told["stackOutputs"] = dict(result.outputs)
    if "state" in wanted:
        told["state"] = sorted_dependencies(normalised(run.state))
    return told


def _step(operation: str, urn: str, diffs: tuple[str, ...], keys: tuple[str, ...]) -> dict[str, Any]:
    step: dict[str, Any] = {"op": operation, "urn": urn}
    if diffs:
        step["diffs"] = list(diffs)
    if keys:
        step["replaceKeys"] = list(keys)
    return step


def _gist(severity: str, text: str, urn: str) -> dict[str, str]:
    """A diagnostic as a fact: how bad, about what, and the first words, which name the matter."""
    first = text.splitlines()[0]
    return {"severity": severity, "urn": urn, "gist": first}


def _sorted(items: Any) -> list[Any]:
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))


def _assert_order(run: Run, wanted: dict[str, Any]) -> None:
    """Whatever the recording shows to depend on one another was asked for in the recording's order."""
    ours = [_label(call) for call in run.calls]
    theirs = [_label(call) for call in wanted["calls"]]
    assert Counter(ours) == Counter(theirs)
    needs = {resource["urn"]: set(_needs(resource)) for resource in run.state.get("resources", ())}
    names = {urn: urn.rsplit("::", 1)[1] for urn in needs}
    for urn, found in needs.items():
        for other in found & needs.keys():
            later, earlier = ("Create", names[urn]), ("Create", names[other])
            if later in ours and earlier in ours:
                assert ours.index(earlier) < ours.index(later)


def _needs(resource: dict[str, Any]) -> list[str]:
    return [*resource.get("dependencies", ()), resource.get("parent", "")]


def _label(call: dict[str, Any]) -> tuple[str, str]:
    return call["call"], call.get("name", json.dumps(call.get("args"), sort_keys=True))
