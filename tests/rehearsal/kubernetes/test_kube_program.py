"""A whole program over the double: the real SDK, the embedded engine, the wire between them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kube_provider import ENDPOINT, NAME, REGION, config_map, kubeconfig, node

from pokayoke_rehearsal.doubles.kubernetes import KubernetesDouble
from pokayoke_rehearsal.doubles.server import serve
from pokayoke_rehearsal.engine import Act, Engine, Result, Stack, StateFile
from pokayoke_rehearsal.hosts.program import ProgramHost
from pokayoke_rehearsal.world.model import World

PROGRAM = Path(__file__).parent / "program"
PROJECT = "objects"


@dataclass
class Life:
    """What the program's acts did."""

    results: list[Result]
    state: str
    """As it was written after the first `up`."""
    widgets: dict[str, Any]
    """Name and spec of the custom objects after the first `up`."""
    left: list[Any]


async def live(directory: Path) -> Life:
    """Previews, updates twice without a change and once with one, and destroys."""
    double = KubernetesDouble(World(), admits=lambda *_: True)
    double.manifests.add("https://example.com/known.yaml", lambda _: [config_map("known")])
    double.stores.created(REGION, NAME, "1.36", ENDPOINT)
    double.stores.addon_installed(REGION, NAME, "vpc-cni", "v1")
    double.stores.nodes_joined(REGION, NAME, [node()])
    found = double.stores.at(ENDPOINT)
    assert found is not None
    server, address = await serve(double)
    program = ProgramHost(PROGRAM)

    async def run(act: Act, step: int) -> Result:
        config = {f"{PROJECT}:kubeconfig": kubeconfig(), f"{PROJECT}:step": str(step)}
        engine = Engine(
            stack=Stack(PROJECT, "dev", config),
            state=StateFile(directory),
            plugins={"kubernetes": address},
            program=program,
        )
        async with engine:
            return await engine.run(act)

    try:
        results = [await run(Act.PREVIEW, 1), await run(Act.UP, 1)]
        state = (directory / "state.json").read_text(encoding="utf-8")
        widgets = {obj["metadata"]["name"]: obj["spec"] for obj in found.cluster.list("example.com", "Widget")}
        results += [await run(Act.UP, 1), await run(Act.UP, 2), await run(Act.DESTROY, 2)]
    finally:
        await program.close()
        await server.stop(grace=None)
    return Life(results, state, widgets, double.stores.leftovers())


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    return asyncio.run(live(tmp_path_factory.mktemp("state")))


def test_a_program_lives_its_whole_life_and_leaves_nothing(life: Life) -> None:
    for result in life.results:
        assert result.ok, result.diagnostics
    preview, up, again, changed, _ = life.results
    # Stack, provider, namespace, config map, secret, deployment, release; a group, its definition and widget, another
    # widget; a file and its config map
    assert preview.changes == up.changes == {"create": 13}
    assert up.outputs["settings"].startswith("settings-")
    assert (up.outputs["status"], up.outputs["ready"]) == ("deployed", 1)
    assert set(again.changes) == {"same"}
    assert changed.changes["update"] == 1
    assert changed.outputs["ready"] == 2
    assert life.left == []


def test_objects_of_a_group_come_after_the_definition_beside_them(life: Life) -> None:
    assert life.widgets == {"first": {"size": 3}, "second": {"size": 4}}


def test_secrets_stay_out_of_the_state(life: Life) -> None:
    assert "settings-" in life.state
    assert "s3cret" not in life.state
    assert "czNjcmV0" not in life.state
