"""The dev platform survives a fault at every kind of its resources and ends where a run without faults ends.

It stands once, and whatever else is to be seen of the whole platform is seen there: its architecture as it is drawn,
and that the program of today replaces and deletes nothing of what a release made.
"""

import asyncio
import json
import runpy
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pokayoke_rehearsal.engine import Act, Engine, Fault, Result, Stack, StateFile
from pokayoke_rehearsal.hosts.company import Company
from pokayoke_rehearsal.project import Project

FAULT = "a fault of the provider"
GIVEN_UP = {
    "0.1.0": {
        f"aws:iam/rolePolicyAttachment:RolePolicyAttachment demo-dev-ap-northeast-2-{role}-AmazonEKS_CNI_Policy"
        for role in ("system-nodes", "nodes")
    }
}
"""By release, what it made and today's program does without: the changelog says so, and what to do where it is
protected."""


class Life:
    """The dev stack over one engine and one world."""

    def __init__(self, engine: Engine, company: Company, directory: Path, plugins: Mapping[str, str]) -> None:
        self._engine, self._company, self._directory, self._plugins = engine, company, directory, plugins

    async def run(self, act: Act, faults: list[Fault] | None = None) -> Result:
        self._engine.faults = faults or []
        return await self._engine.run(act)

    async def run_until_done(self, act: Act, targets: set[str], operation: Any) -> set[str]:
        """Repeats an act in which every target fails at its first try and not again; those that did fail.

        The faults are late: whatever does not need their targets goes on and meets its own, so that a few tries do.
        """
        failed: set[str] = set()
        while True:
            faults = [Fault(one, operation, FAULT, late=True) for one in sorted(targets - failed)]
            result = await self.run(act, faults)
            if result.ok:
                return failed
            struck = {failure.urn for failure in result.failed if failure.message == FAULT}
            assert struck, [one.message for one in result.diagnostics]
            assert not struck & failed
            if not result.deadlock:
                # What has waited in vain for a target fails with it, and nothing else does.
                assert struck == {failure.urn for failure in result.failed}, result.failed
            failed |= struck

    def resources(self) -> list[dict[str, Any]]:
        return json.loads((self._directory / "state.json").read_text())["deployment"].get("resources") or []

    async def plan_over(self, state: str) -> set[tuple[str, str]]:
        """The operations and types of a preview that starts from another state, whose account is this one; of a
        resource that would be deleted, `type name`."""
        begun = self._directory / "begun"
        begun.mkdir(exist_ok=True)
        for ours, theirs in zip(_of_the_account(self.resources()), _of_the_account(_recorded(state)), strict=True):
            state = state.replace(theirs, ours)
        (begun / "state.json").write_text(state)
        async with Engine(
            stack=self._engine.stack, state=StateFile(begun), plugins=self._plugins, program=self._company.program
        ) as engine:
            result = await engine.run(Act.PREVIEW)
        assert result.ok, [one.message for one in result.diagnostics]
        return {(step.operation, _told(step.operation, step.urn)) for step in result.steps}

    async def left(self) -> list[str]:
        return [str(one) for one in (await self._company.leftovers()).world]


@asynccontextmanager
async def life_of(folder: Path, directory: Path) -> AsyncIterator[Life]:
    project = Project.around(folder)
    config = project.config_of("dev", secrets={})
    company = Company(project, directory, packs=(), output=lambda _: None)
    plugins: dict[str, str] = {}
    stack = Stack(project=project.name, name="dev", config=config.values)
    try:
        await company.start()
        engine = Engine(stack=stack, state=StateFile(directory), plugins=plugins, program=company.program)
        async with engine:
            plugins.update(await company.plugins())
            engine.lookout = lookout = company.lookout()
            yield Life(engine, company, directory, plugins)
            await lookout.close()
    finally:
        await company.close(keep_world=False)


def test_a_fault_at_every_kind_of_resource_is_resumed_to_the_same_end(repository: Path, tmp_path: Path) -> None:
    asyncio.run(_platform(repository, tmp_path))


def test_a_fault_at_either_peer_of_a_database_leaves_nothing_in_the_way(repository: Path, tmp_path: Path) -> None:
    asyncio.run(_peers(repository / "examples" / "two-region-dsql", tmp_path))


async def _platform(repository: Path, tmp_path: Path) -> None:
    async with life_of(repository, tmp_path) as life:
        assert (await life.run(Act.UP)).ok
        undisturbed = life.resources()
        _require_drawn(repository, undisturbed)
        await _require_releases_live_on(repository, life)
        refreshed = await life.run(Act.REFRESH)
        assert set(refreshed.changes) == {"same"}, refreshed.drift
        assert (await life.run(Act.DESTROY)).ok
        targets = _targets(
            undisturbed, also=("kubernetes:helm.sh/v3:Release", "pulumi-python:dynamic/pokayoke:Waiting")
        )
        assert len(targets) > 50
        await _disturb(life, targets, undisturbed)


async def _peers(example: Path, tmp_path: Path) -> None:
    async with life_of(example, tmp_path) as life:
        assert (await life.run(Act.UP)).ok
        undisturbed = life.resources()
        assert (await life.run(Act.DESTROY)).ok
        targets = _targets(undisturbed, also=(_DSQL, _PEERING))
        for target in sorted(urn for urn in targets if _kind(urn) == _DSQL):
            # Alone: what its peer has done by then must be no obstacle.
            await _disturb(life, {target}, undisturbed)
        for target in sorted(urn for urn in targets if _kind(urn) == _PEERING):
            # Its peer is half peered then, which the provider takes up no more: it can only go.
            halved = await life.run(Act.UP, [Fault(target, "create", FAULT)])
            assert target in {failure.urn for failure in halved.failed}
            assert await life.run_until_done(Act.DESTROY, set(), "delete") == set()
            assert life.resources() == []
            assert await life.left() == []


_DSQL, _PEERING = "aws:dsql/cluster:Cluster", "aws:dsql/clusterPeering:ClusterPeering"


async def _disturb(life: Life, targets: set[str], undisturbed: list[dict[str, Any]]) -> None:
    """Up and destroy with a fault at each target, one try after the other."""
    assert await life.run_until_done(Act.UP, targets, "create") == targets
    assert _shape(life.resources()) == _shape(undisturbed)
    assert set((await life.run(Act.UP)).changes) == {"same"}

    assert await life.run_until_done(Act.DESTROY, targets, "delete") == targets
    assert life.resources() == []
    assert await life.left() == []


def _targets(resources: list[dict[str, Any]], *, also: tuple[str, ...]) -> set[str]:
    """The first of every kind, and all of some."""
    kinds: dict[str, str] = {}
    managed = [one for one in resources if one.get("custom") and not _is_provider(one["type"])]
    for one in managed:
        kinds.setdefault(one["type"], one["urn"])
    return {*kinds.values(), *(one["urn"] for one in managed if one["type"] in also)}


def _require_drawn(repository: Path, resources: list[dict[str, Any]]) -> None:
    """The architecture page shows the components that stand, and what each needs."""
    drawn = runpy.run_path(str(repository / "docs" / "generator" / "architecture.py"))["diagram"](resources)
    assert drawn in (repository / "docs" / "architecture.md").read_text(), "run `make docs`"


def _recorded(state: str) -> list[dict[str, Any]]:
    return json.loads(state)["deployment"]["resources"]


def _of_the_account(resources: list[dict[str, Any]]) -> tuple[str, str]:
    """What a program finds there and did not make: the API server of its cluster, and the zone above its own."""
    by_name = {(one["type"], one["urn"].rpartition("::")[2]): one for one in resources}
    cluster = next(one for (kind, _), one in by_name.items() if kind == "aws:eks/cluster:Cluster")
    delegation = by_name["aws:route53/record:Record", "demo-dev-delegation"]
    return cluster["outputs"]["endpoint"], delegation["inputs"]["zoneId"]


async def _require_releases_live_on(repository: Path, life: Life) -> None:
    """Every version that was released has its recording (`make recorded`, docs/operations.md)."""
    recorded = {file.stem: file.read_text() for file in (repository / "tests" / "recorded").glob("*.json")}
    version = tomllib.loads((repository / "pyproject.toml").read_text())["project"]["version"]
    assert version in recorded, "run `make recorded`"
    for name, state in recorded.items():
        plan = await life.plan_over(state)
        assert ("same", "aws:ec2/vpc:Vpc") in plan
        assert {operation for operation, _ in plan} <= {"same", "update", "create", "read", "delete"}, (name, plan)
        assert {one for operation, one in plan if operation == "delete"} <= GIVEN_UP.get(name, set()), (name, plan)
    # A state of other names, that a plan over it does tell.
    other = (
        recorded[version].replace("alias/demo-dev-eks", "alias/another").replace("Policy::demo-dev", "Policy::other")
    )
    plan = await life.plan_over(other)
    assert ("replace", "aws:kms/alias:Alias") in plan
    assert [one for operation, one in plan if operation == "delete" and one.startswith("aws:iam/policy:Policy ")]


def _shape(resources: list[dict[str, Any]]) -> Mapping[str, Any]:
    """What two runs have in common: every resource, its inputs' and outputs' names, and what it hangs on."""
    return {
        one["urn"]: (
            sorted(one.get("inputs", {})),
            sorted(one.get("outputs", {})),
            sorted(one.get("dependencies", [])),
            one.get("parent"),
            one.get("initErrors"),
        )
        for one in resources
    }


def _kind(urn: str) -> str:
    return urn.split("::")[2].rsplit("$", 1)[-1]


def _told(operation: str, urn: str) -> str:
    return f"{_kind(urn)} {urn.rpartition('::')[2]}" if operation == "delete" else _kind(urn)


def _is_provider(kind: str) -> bool:
    return kind.startswith("pulumi:providers:")
