"""What goes with a replacement: dependents that cannot outlive what they depend on, and a change of provider."""

from collections.abc import Callable, Mapping
from typing import Any

from .aliasing import moved
from .answers import Diff
from .base import Base, Seen
from .diffing import diff_resource, replace_on_changes
from .errors import Bail, EngineError
from .registry import without_internal
from .state import Resource
from .steps import Delete, Step
from .urns import split_reference
from .values import UNKNOWN


class Replacement:
    """Deletes first what must not exist twice, and before it whatever would have to be replaced for its sake."""

    def __init__(self, base: Base, seen: Seen, report: Callable[[str, str], None]) -> None:
        self._base = base
        self._seen = seen
        self._report = report

    async def delete_first(self, old: Resource, urn: str, *, preview: bool) -> list[Step]:
        """The deletions that come before the new one: dependents in reverse order, then `old` itself."""
        dependents: list[tuple[Resource, list[str]]] = []
        if not preview or old in self._base.graph:
            dependents = await self._dependents(old)
        dependents += [(resource, []) for resource in self._going_with(urn)]
        steps: list[Step] = []
        for dependent, keys in reversed(dependents):
            if dependent in self._seen.pending_deletes:
                continue
            self._seen.dependent_keys[dependent.urn] = keys
            if dependent.delete:
                steps.append(Delete(dependent, None, deletions=self._seen.deletes))
            else:
                if dependent.protect:
                    self._refuse(dependent, urn)
                steps.append(Delete(dependent, None, deletions=self._seen.deletes, replacing=True, first=True))
            self._seen.deletes[dependent.urn] = True
            self._seen.pending_deletes.add(dependent)
        await self._base.ensure_provider(old.provider)
        if not old.pending_replacement:
            self._seen.deletes[old.urn] = True
            steps.append(Delete(old, None, deletions=self._seen.deletes, replacing=True, first=True))
        return steps

    async def provider_changed(self, old: Resource, new: Resource, current: Mapping[str, str]) -> bool:
        """Whether the resource moves to a provider that cannot manage what the former one made."""
        if old.provider == new.provider:
            return False
        if not old.provider or not new.provider:
            return True
        before, _ = split_reference(old.provider)
        after, _ = split_reference(new.provider)
        if moved(before, current) == after != before:
            return False
        plugin = self._base.registry.get(new.provider)
        was, now = self._base.olds.get(before), self._seen.providers.get(after)
        if plugin is None or was is None or now is None:
            raise EngineError(f"failed to resolve provider reference: {old.provider}")
        diff = await plugin.diff_config(
            after, without_internal(was.inputs), was.outputs or {}, without_internal(now.inputs), ()
        )
        return diff.replaces

    async def _dependents(self, root: Resource) -> list[tuple[Resource, list[str]]]:
        """Which dependents a change of `root` would replace, and by which properties, in the state's order."""
        replaced = {root.urn}
        found: list[tuple[Resource, list[str]]] = []
        for dependent in self._base.graph.depending_on(root, ignoring=self._seen.registered()):
            keys = await self._replaced_with(dependent, replaced)
            if keys is not None:
                replaced.add(dependent.urn)
                found.append((dependent, keys))
        return found

    async def _replaced_with(self, resource: Resource, replaced: set[str]) -> list[str] | None:
        if not resource.custom or resource.external:
            return None
        if resource.provider_urn in replaced:
            await self._base.ensure_provider(resource.provider)
            return []
        if resource.deleted_with in replaced:
            return []
        inputs: dict[str, Any] = {}
        touched = False
        for key, value in resource.inputs.items():
            uncertain = any(urn in replaced for urn in resource.property_dependencies.get(key, ()))
            touched = touched or uncertain
            inputs[key] = UNKNOWN if uncertain else value
        if not touched:
            return None
        diff = await self._diff(resource, inputs)
        diff = replace_on_changes(diff, resource.replace_on_changes, init_errors=False)
        return diff.replace_keys if diff.replaces else None

    async def _diff(self, resource: Resource, inputs: dict[str, Any]) -> Diff:
        registry = self._base.registry
        if resource.is_provider:
            await registry.same(resource, checked=False)
            provider = registry
        else:
            await self._base.ensure_provider(resource.provider)
            found = registry.get(resource.provider)
            assert found is not None  # noqa: S101 it has just been loaded
            provider = found
        return await diff_resource(
            provider,
            resource.urn,
            resource.id,
            resource.inputs,
            resource.outputs or {},
            inputs,
            preview=True,
            ignored=resource.ignore_changes,
        )

    def _going_with(self, urn: str) -> list[Resource]:
        """What the options replace_with and deleted_with tie to `urn`."""
        tied: dict[str, Resource] = {}
        for known in (self._seen.news, self._base.olds):
            for resource in known.values():
                if resource.urn not in tied and (urn in resource.replace_with or resource.deleted_with == urn):
                    tied[resource.urn] = resource
        return list(tied.values())

    def _refuse(self, dependent: Resource, urn: str) -> None:
        message = (
            f'unable to replace resource "{dependent.urn}" as part of replacing "{urn}" as it is currently marked for'
            " protection. To unprotect the resource, remove the `protect` flag from the resource in the program and run"
            " `up`"
        )
        self._report(urn, message)
        self._seen.failed = True
        raise Bail(message)
