"""The embedded engine as a stage: nothing is needed but this package."""

import asyncio
import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pokayoke_rehearsal.hosts.company import Company
from pokayoke_rehearsal.hosts.lock import locked
from pokayoke_rehearsal.plan import PlannedAct, Remains, Story
from pokayoke_rehearsal.protection import refusal
from pokayoke_rehearsal.rehearse import Request, Tell

if TYPE_CHECKING:
    from pokayoke_rehearsal.engine import Engine, Result, Stack

_LOCK = "lock"
_DESTROYING = "destroying"


class EmbeddedStage:
    """Our engine in this process, the program, the packs and the world in theirs.

    State and world stay in the request's folder when they are to be kept, or when an act failed and something stands:
    the next rehearsal of the stack goes on from there. Otherwise nothing stays.
    """

    def __init__(self, request: Request, tell: Tell) -> None:
        self.resumed = False
        self.destroy_unfinished = False
        self._request = request
        self._tell = tell
        self._held = AsyncExitStack()
        self._company: Company | None = None
        self._engine: Engine | None = None
        self._stack: Stack | None = None

    async def start(self) -> None:
        """Starts or finds the processes.

        Raises:
            HostError: one of them did not start, or another rehearsal of the stack is running.
        """
        request = self._request
        company = Company(request.project, request.directory, packs=request.packs, output=self._tell.output)
        self._held.enter_context(locked(request.directory / _LOCK))
        self._company = company
        await self._settle(company)
        await company.start()
        # The SDK behind the engine takes half a second to import; the processes warm up meanwhile.
        from pokayoke_rehearsal.engine import Engine, Stack, StateFile
        from pokayoke_rehearsal.spoken_faults import spoken

        self._stack = stack = Stack(
            project=request.project.name,
            name=request.stack,
            config=request.config.values,
            secret_keys=request.config.secret_keys,
        )
        state = StateFile(request.directory)
        if request.clear_pending_creates:
            for urn in state.clear_pending_creates():
                self._tell.note(f"no longer pending: the creation of {urn}")
        plugins: dict[str, str] = {}
        engine = Engine(
            stack=stack,
            state=state,
            plugins=plugins,
            program=company.program,
            policy_settings=[config.settings for config in request.pack_configs],
            faults=[spoken(fault) for fault in request.faults],
            observe=self._tell.event,
        )
        self._engine = await self._held.enter_async_context(engine)
        previews = company.prepare_analyzers(engine.address, stack, dry_run=True)
        plugins.update(await company.plugins())
        engine.lookout = lookout = company.lookout()
        self._held.push_async_callback(lookout.close)
        await asyncio.gather(previews, company.program.warm())

    async def run(self, planned: PlannedAct) -> "Result":
        """Performs an act; a destroy is refused as `pulumi destroy` refuses it, by its preview."""
        from pokayoke_rehearsal.engine import Act

        assert self._engine is not None and self._stack is not None  # noqa: S101, PT018 - started
        engine = self._engine
        engine.stack = _config_of(planned, self._stack)
        if planned.act == "destroy":
            refused = refusal(await self.resources())
            return refused or await self._destroy(engine)
        if planned.act == "refresh":
            return await engine.run(Act.REFRESH)
        engine.analyzers = await self._analyzers(planned)
        return await engine.run(Act(planned.act))

    def cancel(self) -> None:
        """Ends the act that runs."""
        if self._engine is not None:
            self._engine.cancel()

    async def resources(self) -> Sequence[Mapping[str, Any]]:
        """What the state file holds."""
        return _resources(self._request.directory)

    async def leftovers(self) -> Remains:
        """What the world holds."""
        assert self._company is not None  # noqa: S101 - started
        return await self._company.leftovers()

    async def operate(self) -> Story:
        """Has the world tell what lives in it."""
        assert self._company is not None  # noqa: S101 - started
        return await self._company.operate()

    async def change_by_hand(self) -> Mapping[str, str]:
        """Has the world change something."""
        assert self._company is not None  # noqa: S101 - started
        return await self._company.change_by_hand(await self.resources())

    async def close(self, *, failed: bool) -> Path | None:
        """Ends the processes; keeps world and state when that was asked for or a failure left something standing."""
        directory = self._request.directory
        if self._company is None:
            await self._held.aclose()
            return None
        keep = self._request.keep or (failed and _stands(directory))
        async with self._held:
            await self._company.close(keep_world=keep)
            if not keep:
                _remove(directory)
        return directory if keep else None

    async def _destroy(self, engine: "Engine") -> "Result":
        from pokayoke_rehearsal.engine import Act

        mark = self._request.directory / _DESTROYING
        mark.touch()
        result = await engine.run(Act.DESTROY)
        if result.ok:
            mark.unlink()
        return result

    async def _analyzers(self, planned: PlannedAct) -> Sequence[str]:
        assert self._engine is not None and self._stack is not None and self._company is not None  # noqa: S101, PT018
        plan, address = self._request.plan, self._engine.address
        # Packs for an act to come start while this one runs.
        for coming in plan[plan.index(planned) :][:2]:
            if coming.act == "up":
                self._company.prepare_analyzers(address, _config_of(coming, self._stack), dry_run=False)
        return await self._company.analyzers(address, self._engine.stack, dry_run=planned.act == "preview")

    async def _settle(self, company: Company) -> None:
        """Finds out what an earlier call left: a world with its state; a state without its world is worth nothing."""
        directory, fresh = self._request.directory, self._request.fresh
        living = await company.living_world()
        stands = _stands(directory)
        if living and not fresh:
            self.resumed = stands
            self.destroy_unfinished = stands and (directory / _DESTROYING).exists()
            if self.destroy_unfinished:
                self._tell.note("going on with the destroy that an earlier rehearsal did not finish (--fresh drops it)")
            elif stands:
                self._tell.note("going on from an earlier rehearsal: its world and state are still there")
            return
        if stands and not fresh:
            self._tell.note("an earlier rehearsal left a state, but its world is gone: starting anew")
        await company.end_world()
        _empty(directory)


def _config_of(planned: PlannedAct, stack: "Stack") -> "Stack":
    return replace(stack, config={**stack.config, **planned.config}) if planned.config else stack


def _resources(directory: Path) -> list[dict[str, Any]]:
    try:
        exported = json.loads((directory / "state.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return exported["deployment"].get("resources") or []


def _stands(directory: Path) -> bool:
    """Whether something that a provider made stands, or may stand since an act was cut off."""
    return (directory / "journal.jsonl").exists() or any(
        resource.get("custom") and not resource["type"].startswith("pulumi:providers:")
        for resource in _resources(directory)
    )


def _empty(directory: Path) -> None:
    for file in directory.glob("*"):
        if file.name != _LOCK:
            file.unlink()


def _remove(directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    with suppress(OSError):
        directory.parent.rmdir()
