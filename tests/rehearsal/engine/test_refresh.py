"""A refresh by the engine. What is expected here a real CLI (3.260) did with this program over this provider."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from pokayoke_rehearsal.doubles.base import (
    Call,
    Created,
    Difference,
    Double,
    Inputs,
    PartialError,
    ProviderError,
    difference,
)
from pokayoke_rehearsal.doubles.server import serve
from pokayoke_rehearsal.engine import Act, Engine, Result, Stack, StateFile
from pokayoke_rehearsal.engine.urns import name_of
from pokayoke_rehearsal.hosts.program import ProgramHost

PROGRAM = """
import pulumi
class Thing(pulumi.CustomResource):
    out: pulumi.Output[str]
    def __init__(self, name, opts=None, **inputs):
        super().__init__("live:index:Thing", name, {**inputs, "out": None}, opts)
class Group(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("live:index:Group", name)
        Thing("inside", pulumi.ResourceOptions(parent=self), color="red", tags={"x": "1"})
        self.register_outputs({})
a = Thing("changed", color="red", tags={"x": "1"})
b = Thing("gone", pulumi.ResourceOptions(depends_on=[a]), ref=a.out)
c = Thing("child", pulumi.ResourceOptions(parent=b, deleted_with=b), ref=b.out)
Thing("ignored", pulumi.ResourceOptions(ignore_changes=["color"]), color="blue")
Thing("hidden", color=pulumi.Output.secret("hush"), ref=c.out)
Thing("sick", color="pale")
Thing("unreadable", color="dark")
Group("group")
"""


class Live(Double):
    """Things that somebody may change past the program: `live` holds their inputs by name."""

    package = "live"

    def __init__(self) -> None:
        self.live: dict[str, Inputs] = {}

    def knows_type(self, token: str) -> bool:
        return True

    async def check_resource(self, call: Call, olds: Inputs | None, news: Inputs) -> Inputs:
        return {key: value for key, value in news.items() if value is not None}

    async def diff_resource(self, call: Call, old_inputs: Inputs, olds: Inputs, news: Inputs) -> Difference:
        return difference(old_inputs, news)

    async def create_resource(self, call: Call, inputs: Inputs) -> Created:
        self.live[call.name] = json.loads(json.dumps(inputs))
        return Created(f"{call.name}-id", {**inputs, "out": call.name})

    async def read_resource(self, call: Call, inputs: Inputs, state: Inputs) -> tuple[Inputs, Inputs] | None:
        if call.name == "unreadable":
            raise ProviderError("cannot be read")
        if call.name not in self.live:
            return None
        live = self.live[call.name]
        if call.name == "sick":
            raise PartialError(call.resource_id, {**live, "out": call.name}, "it is sick")
        return live, {**live, "out": call.name}


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, dict[str, Any]]:
    """What came of a refresh after changes, and the state that it left, by name."""
    return asyncio.run(_refresh(tmp_path_factory.mktemp("refresh")))


async def _refresh(folder: Path) -> tuple[Result, dict[str, Any]]:
    (folder / "program").mkdir()
    (folder / "program" / "__main__.py").write_text(PROGRAM)
    double, host = Live(), ProgramHost(folder / "program")
    server, address = await serve(double)
    engine = Engine(
        stack=Stack("live", "dev"), state=StateFile(folder / "state"), plugins={"live": address}, program=host
    )
    async with engine:
        assert (await engine.run(Act.UP)).ok
        double.live["changed"] = {"color": "green", "tags": {"y": "2"}}
        del double.live["gone"]
        for name in ("ignored", "hidden", "inside"):
            double.live[name]["color"] = "other"
        result = await engine.run(Act.REFRESH)
    await host.close()
    await server.stop(grace=None)
    state = json.loads((folder / "state" / "state.json").read_text())["deployment"]["resources"]
    return result, {name_of(one["urn"]): one for one in state}


def test_changes_are_counted_and_what_cannot_be_read_fails_without_keeping_others(refreshed: Any) -> None:
    result, state = refreshed
    assert not result.ok
    assert result.changes == {"same": 5, "update": 3, "delete": 1}
    assert [(name_of(failure.urn), failure.message) for failure in result.failed] == [("unreadable", "cannot be read")]
    assert state["unreadable"]["inputs"] == {"color": "dark"}


def test_every_difference_says_what_was_and_what_is_but_of_secrets(refreshed: Any) -> None:
    result, _ = refreshed
    assert {(name_of(one.urn), one.kind, one.path, one.was, one.now) for one in result.drift} == {
        ("changed", "update", "color", "red", "green"),
        ("changed", "update", "tags.x", "1", None),
        ("changed", "update", "tags.y", None, "2"),
        ("gone", "delete", "", None, None),
        ("hidden", "update", "color", "[secret]", "[secret]"),
        ("inside", "update", "color", "red", "other"),
    }


def test_the_state_takes_inputs_and_outputs_over_ignored_ones_too(refreshed: Any) -> None:
    _, state = refreshed
    assert state["changed"]["inputs"] == {"color": "green", "tags": {"y": "2"}}
    assert state["changed"]["outputs"] == {"color": "green", "tags": {"y": "2"}, "out": "changed"}
    assert state["ignored"]["inputs"] == {"color": "other"}


def test_nothing_depends_any_more_on_what_is_gone(refreshed: Any) -> None:
    _, state = refreshed
    assert "gone" not in state
    child = state["child"]
    assert not {"dependencies", "deletedWith", "propertyDependencies", "parent"} & child.keys()
    assert list(state["hidden"]["propertyDependencies"]) == ["ref"]


def test_what_is_not_well_is_warned_of_and_remembered(refreshed: Any) -> None:
    result, state = refreshed
    assert state["sick"]["initErrors"] == ["it is sick"]
    assert "Refreshed resource is in an unhealthy state:\n* it is sick" in [one.message for one in result.diagnostics]
