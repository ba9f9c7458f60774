"""The dev platform survives a fault at every kind of its resources and ends where a run without faults ends."""

import asyncio
import json
import runpy
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pokayoke_rehearsal.engine import Act, Engine, Fault, Result, Stack, StateFile
from pokayoke_rehearsal.hosts.company import Company
from pokayoke_rehearsal.project import Project

FAULT = "a fault of the provider"


class Life:
    """The dev stack over one engine and one world."""

    def __init__(self, engine: Engine, company: Company, directory: Path) -> None:
        self._engine, self._company, self._directory = engine, company, directory

    async def run(self, act: Act, faults: list[Fault] | None = None) -> Result:
        self._engine.faults = faults or []
        return await self._engine.run(act)

    async def run_until_done(self, act: Act, kinds: set[str], operation: Any) -> set[str]:
        """Repeats an act, in which every kind fails at its first try and not again; the kinds that did fail."""
        failed: set[str] = set()
        while not (result := await self.run(act, [Fault(one, operation, FAULT) for one in sorted(kinds - failed)])).ok:
            now = {_kind(failure.urn) for failure in result.failed}
            assert now, [one.message for one in result.diagnostics]
            assert not now & failed, "a kind failed without a fault"
            failed |= now
        return failed

    def resources(self) -> list[dict[str, Any]]:
        return json.loads((self._directory / "state.json").read_text())["deployment"].get("resources") or []

    async def left(self) -> list[str]:
        return [str(one) for one in (await self._company.leftovers()).world]


@asynccontextmanager
async def dev(repository: Path, directory: Path) -> AsyncIterator[Life]:
    project = Project.around(repository)
    config = project.config_of("dev", secrets={})
    company = Company(project, directory, packs=(), output=lambda _: None)
    plugins: dict[str, str] = {}
    stack = Stack(project=project.name, name="dev", config=config.values)
    try:
        await company.start()
        engine = Engine(stack=stack, state=StateFile(directory), plugins=plugins, program=company.program)
        async with engine:
            plugins.update(await company.plugins())
            yield Life(engine, company, directory)
    finally:
        await company.close(keep_world=False)


def test_a_fault_at_every_kind_of_resource_is_resumed_to_the_same_end(repository: Path, tmp_path: Path) -> None:
    asyncio.run(_live(repository, tmp_path))


async def _live(repository: Path, tmp_path: Path) -> None:
    async with dev(repository, tmp_path) as life:
        assert (await life.run(Act.UP)).ok
        undisturbed = _shape(life.resources())
        _require_drawn(repository, life.resources())
        kinds = {one["type"] for one in life.resources() if one.get("custom") and not _is_provider(one["type"])}
        assert len(kinds) > 20
        assert (await life.run(Act.DESTROY)).ok

        assert await life.run_until_done(Act.UP, kinds, "create") == kinds
        assert _shape(life.resources()) == undisturbed
        assert set((await life.run(Act.UP)).changes) == {"same"}

        assert await life.run_until_done(Act.DESTROY, kinds, "delete") == kinds
        assert life.resources() == []
        assert await life.left() == []


def _require_drawn(repository: Path, resources: list[dict[str, Any]]) -> None:
    """The architecture page shows the components that stand, and what each needs."""
    drawn = runpy.run_path(str(repository / "docs" / "generator" / "architecture.py"))["diagram"](resources)
    assert drawn in (repository / "docs" / "architecture.md").read_text(), "run `make docs`"


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


def _is_provider(kind: str) -> bool:
    return kind.startswith("pulumi:providers:")
