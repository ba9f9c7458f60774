"""A refresh: what providers read of each resource goes into the state, and what differs from it is told.

As the real engine does it without `--run-program` (pulumi 3.260, pkg/resource/deploy/deployment_executor.go): all
resources beside one another, and a failure stops no other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import paths
from .answers import Diff, State
from .base import Base
from .diffing import diff_resource
from .errors import PartialFailureError
from .events import Diagnostic, Drift, Observer
from .executor import Executor
from .plugin import Plugin
from .state import CREATING, Resource, Snapshot, now
from .steps import Step, Surroundings
from .values import equal, mask

_INVERTED = {"ADD": "DELETE", "DELETE": "ADD", "ADD_REPLACE": "DELETE_REPLACE", "DELETE_REPLACE": "ADD_REPLACE"}


@dataclass(eq=False)
class Refresh(Step):
    """Reads one resource; its operation becomes what the reading came to: same, update or delete."""

    observe: Observer = lambda _: None
    diff: Diff = field(default_factory=lambda: Diff(False))

    def __post_init__(self) -> None:
        self.operation = "refresh"

    async def apply(self, act: Surroundings) -> None:
        old = self.resource
        if not old.custom or old.is_provider or old.pending_replacement:
            self.operation = "same"
            return
        provider = act.provider_of(old)
        assert isinstance(provider, Plugin)  # noqa: S101 providers manage no resources but themselves
        reasons: list[str] = []
        try:
            found = await provider.read(old.urn, old.id, old.inputs, old.outputs or {})
        except PartialFailureError as error:
            reasons, found = error.reasons, State(error.id, error.properties, error.inputs)
            listed = "".join(f"\n* {reason}" for reason in reasons)
            self.observe(Diagnostic("warning", f"Refreshed resource is in an unhealthy state:{listed}", old.urn))
        if found is None or not found.id:
            self.new, self.operation = None, "delete"
            return
        self.new = new = old.copy()
        new.id, new.outputs, new.init_errors = found.id, found.outputs, reasons
        new.inputs = old.inputs if found.inputs is None else found.inputs
        if not equal(new.inputs, old.inputs) or not equal(new.outputs, old.outputs):
            new.modified = now()
        self.operation = "update" if await self._differs(provider, old, new, preview=act.preview) else "same"

    async def _differs(self, provider: Plugin, old: Resource, new: Resource, *, preview: bool) -> bool:
        if old.external:
            return not equal(old.outputs, new.outputs)
        # What an `up` of an unchanged program would change, seen from the other side.
        self.diff = await diff_resource(
            provider,
            new.urn,
            new.id,
            new.inputs,
            new.outputs or {},
            old.inputs,
            preview=preview,
            ignored=old.ignore_changes,
        )
        self.diff.detailed = {path: _INVERTED.get(kind, kind) for path, kind in self.diff.detailed.items()}
        self.diffs = self.diff.keys
        return self.diff.changed is not False

    def drift(self) -> Iterator[Drift]:
        """What differs, property by property; a deletion is one difference without a property."""
        old, new = self.old, self.new
        if self.operation == "delete":
            yield Drift(self.urn, "delete")
        if self.operation != "update" or old is None or new is None:
            return
        for text in sorted(self.diff.detailed or dict.fromkeys(self.diff.keys)) or [""]:
            yield Drift(self.urn, "update", text, _at(old, text), _at(new, text))


async def refresh(base: Base, executor: Executor, observe: Observer) -> tuple[Snapshot, list[Drift]]:
    """Refreshes all resources; gives the state that comes of it and what differed from the old one."""
    steps: dict[Resource, Refresh] = {}
    for resource in base.resources:
        await base.ensure_provider(resource.provider)
        steps[resource] = Refresh(resource, resource, observe=observe)
    await executor.run_together(steps.values())
    left = _rebuilt([step.new for step in steps.values() if step.new is not None])
    return Snapshot(left), [found for step in steps.values() for found in step.drift()]


def after_refresh(refreshed: Snapshot, before: Snapshot) -> Snapshot:
    """The refreshed state; that something was being created when the engine was killed, a refresh cannot know."""
    return Snapshot(refreshed.resources, [one for one in before.pending if one.kind == CREATING])


def _rebuilt(resources: Sequence[Resource]) -> list[Resource]:
    """The resources without dependencies on what is gone."""
    standing: set[str] = set()
    rebuilt: list[Resource] = []
    for resource in resources:
        kept = resource.copy()
        kept.dependencies = [urn for urn in kept.dependencies if urn in standing]
        kept.property_dependencies = {
            key: left
            for key, found in kept.property_dependencies.items()
            if (left := [urn for urn in found if urn in standing])
        }
        kept.replace_with = [urn for urn in kept.replace_with if urn in standing]
        kept.deleted_with = kept.deleted_with if kept.deleted_with in standing else ""
        kept.parent = kept.parent if kept.parent in standing else ""
        rebuilt.append(kept)
        standing.add(kept.urn)
    return rebuilt


def _at(resource: Resource, text: str) -> Any:
    """What a path names among the inputs, or else among the outputs."""
    if not text:
        return None
    value = paths.find(text, mask(resource.inputs))
    return paths.find(text, mask(resource.outputs or {})) if value is None else value
