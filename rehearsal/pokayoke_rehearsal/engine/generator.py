"""Which steps lead from the state to what the program wants, one registration at a time."""

import json
import os

from .aliasing import Aliasing
from .analysis import Analysis
from .answers import Checked, Diff
from .base import Base, Seen
from .diffing import diff_resource, ignore_changes, replace_on_changes
from .errors import Bail, DiffUnavailable, EngineError
from .events import Diagnostic, Observer
from .goal import Goal
from .replacement import Replacement
from .sources import Reading, Registration
from .state import Resource
from .steps import Create, Provider, Read, Replace, Same, Step, Update
from .values import contains_unknowns, equal, mask, reveal


class Generator:
    """Decides on create, update, replace or nothing, by the provider's check and diff and by the resource's options."""

    def __init__(
        self, base: Base, seen: Seen, aliasing: Aliasing, analysis: Analysis, observe: Observer, *, preview: bool
    ) -> None:
        self._base = base
        self._seen = seen
        self._aliasing = aliasing
        self._analysis = analysis
        self._observe = observe
        self._preview = preview
        self._replacement = Replacement(base, seen, self._report)

    async def register(self, registration: Registration) -> list[Step]:
        """The steps for a registration. Raises Bail (what was wrong has been reported) or EngineError."""
        goal = registration.goal
        urn = self._claim(goal.parent, goal.type, goal.name)
        old, valid = self._find(urn, goal)
        new = _wanted(urn, goal, old)
        new.aliases = [self._aliasing.former[urn]] if urn in self._aliasing.former else []
        self._seen.goals[urn] = goal
        if new.is_provider:
            for name in (urn, *new.aliases):
                self._seen.providers[name] = new

        provider = self._provider(new)
        recreating = urn in self._seen.deletes
        seed = os.urandom(32)
        if provider is not None:
            valid = await self._check(provider, goal, old, new, fresh=recreating, seed=seed) and valid
        await self._analysis.remediate(new, goal, self._seen.provider_of(new))
        if not await self._analysis.admits(new, goal, self._seen.provider_of(new)) or not valid:
            raise Bail(f"resource {urn} is invalid")

        if recreating and old is not None:
            return self._recreate(registration, old, new)
        if old is not None and old.external:
            # It was only read until now: it is not the stack's to change, so a new one takes its place.
            self._seen.creates.add(urn)
            return [
                Create(old, new, registration=registration, keeps_old=True),
                Replace(old, new),
            ]
        if old is not None:
            return await self._compare(registration, provider, old, new, seed)
        self._seen.creates.add(urn)
        return [Create(None, new, registration=registration)]

    def read(self, reading: Reading) -> list[Step]:
        """The step for a resource that the program looks at."""
        urn = self._claim(reading.parent, reading.type, reading.name)
        if not reading.id:
            raise EngineError(f"Expected an ID for {urn}")
        old = self._base.olds.get(urn)
        new = Resource(
            urn,
            reading.type,
            custom=True,
            id=reading.id,
            inputs=reading.properties,
            parent=reading.parent,
            provider=reading.provider,
            external=True,
            dependencies=reading.dependencies,
            additional_secret_outputs=reading.additional_secret_outputs,
        )
        if old is not None and not old.external and old.id != reading.id:
            self._seen.replaces.add(urn)
            return [Read(old, new, reading=reading, replacing=True), Replace(old, new)]
        self._seen.reads.add(urn)
        return [Read(old, new, reading=reading)]

    def _claim(self, parent: str, kind: str, name: str) -> str:
        if parent and parent not in self._seen.urns:
            raise EngineError(f"could not find parent resource {parent}")
        urn = self._base.urn(parent, kind, name)
        if urn in self._seen.urns:
            self._report(urn, f"Duplicate resource URN '{urn}'; try giving it a unique name")
            raise Bail(urn)
        self._seen.urns.add(urn)
        return urn

    def _find(self, urn: str, goal: Goal) -> tuple[Resource | None, bool]:
        """The resource of the state that this registration continues, and whether its names are free."""
        valid = True
        aliasing = self._aliasing
        if (other := aliasing.current.get(urn)) is not None:
            valid = False
            self._report(urn, f"Duplicate resource URN '{urn}' conflicting with alias on resource with URN '{other}'")
        for name in (urn, *aliasing.candidates(goal.name, goal.type, goal.parent, goal.aliases)):
            old = self._base.olds.get(name)
            if old is None:
                continue
            if name != urn:
                for taken in [urn] * (name in self._seen.urns) + [aliasing.current.get(name)]:
                    if taken is not None:
                        valid = False
                        self._report(
                            urn,
                            f"Duplicate resource alias '{name}' applied to resource with URN '{urn}'"
                            f" conflicting with resource with URN '{taken}'",
                        )
                aliasing.take(urn, name)
                self._base.registry.alias(urn, name)
            return old, valid
        return None, valid

    def _provider(self, new: Resource) -> Provider | None:
        if not new.custom:
            return None
        if new.is_provider:
            return self._base.registry
        found = self._base.registry.get(new.provider)
        if found is None:
            self._report(new.urn, f"unknown provider '{new.provider}' for resource '{new.urn}'")
            raise Bail(new.urn)
        return found

    async def _check(
        self, provider: Provider, goal: Goal, old: Resource | None, new: Resource, *, fresh: bool, seed: bytes
    ) -> bool:
        """Has the provider complete the inputs; False when it refused some."""
        if fresh or old is None or old.external:
            checked = await provider.check(new.urn, {}, goal.properties, preview=self._preview, seed=seed)
        else:
            inputs = ignore_changes(new.inputs, old.inputs, goal.ignore_changes, lambda text: self._tell(new.urn, text))
            checked = await provider.check(new.urn, old.inputs, inputs, preview=self._preview, seed=seed)
        # The refusals are told with the values that were refused.
        accepted = self._accept(checked, new)
        new.inputs = checked.inputs
        return accepted

    def _accept(self, checked: Checked, new: Resource) -> bool:
        for name, reason in checked.failures:
            about = f"{new.type} resource '{new.name}'"
            if name:
                value = json.dumps(mask(new.inputs.get(name)))
                self._report(new.urn, f"{about}: property {name} value {{{value}}} has a problem: {reason}")
            else:
                self._report(new.urn, f"{about} has a problem: {reason}")
        return not checked.failures

    def _recreate(self, registration: Registration, old: Resource, new: Resource) -> list[Step]:
        """What was deleted earlier in this act because of what it depends on is wanted again."""
        self._seen.deletes.pop(new.urn, None)
        self._seen.replaces.add(new.urn)
        keys = self._seen.dependent_keys.get(new.urn, [])
        return [Replace(old, new), Create(old, new, keys=keys, registration=registration)]

    async def _compare(
        self, registration: Registration, provider: Provider | None, old: Resource, new: Resource, seed: bytes
    ) -> list[Step]:
        goal = registration.goal
        urn = new.urn
        triggered = self._triggered(old, new)
        try:
            diff = Diff(True) if triggered else await self._diff(provider, goal, old, new)
        except DiffUnavailable as unavailable:
            self._observe(Diagnostic("warning", str(unavailable), urn))
            diff = Diff(True)
        diff = replace_on_changes(diff, goal.replace_on_changes, init_errors=bool(old.init_errors))
        if diff.changed or old.pending_replacement:
            if diff.replaces or triggered or old.pending_replacement:
                return await self._replace(registration, provider, old, new, diff, seed)
            self._seen.updates.add(urn)
            return [Update(old, new, diffs=diff.keys, registration=registration, ignored=goal.ignore_changes)]
        if old.init_errors:
            # It exists but was never ready: an update without a change has the provider wait for it again.
            self._seen.updates.add(urn)
            return [Update(old, new, diffs=diff.keys, registration=registration, ignored=goal.ignore_changes)]
        self._seen.sames.add(urn)
        return [Same(old, new, registration=registration)]

    async def _diff(self, provider: Provider | None, goal: Goal, old: Resource, new: Resource) -> Diff:
        if any(urn in self._seen.replaces for urn in new.replace_with):
            return Diff(True, replace_keys=["replaceWith"])
        if new.deleted_with in self._seen.replaces:
            return Diff(True, replace_keys=["deletedWith"])
        if await self._replacement.provider_changed(old, new, self._aliasing.current):
            return Diff(True, replace_keys=["provider"])
        if provider is None:
            wanted = ignore_changes(new.inputs, old.inputs, goal.ignore_changes, lambda text: self._tell(new.urn, text))
            return Diff(not equal(old.inputs, wanted))
        return await diff_resource(
            provider,
            new.urn,
            old.id,
            old.inputs,
            old.outputs or {},
            new.inputs,
            preview=self._preview,
            ignored=goal.ignore_changes,
        )

    async def _replace(
        self,
        registration: Registration,
        provider: Provider | None,
        old: Resource,
        new: Resource,
        diff: Diff,
        seed: bytes,
    ) -> list[Step]:
        goal = registration.goal
        if new.protect and old.protect:
            message = (
                f'unable to replace resource "{new.urn}"\nas it is currently marked for protection. To unprotect the'
                " resource, remove the `protect` flag from the resource in the program and run `up`"
            )
            self._report(new.urn, message)
            self._seen.failed = True
            if not self._preview:
                raise Bail(message)
        self._seen.replaces.add(new.urn)
        if provider is not None:
            # What was filled in for the old one is not for the new one.
            checked = await provider.check(new.urn, {}, goal.properties, preview=self._preview, seed=seed)
            if not self._accept(checked, new):
                raise Bail(new.urn)
            new.inputs = checked.inputs
        first = diff.delete_before_replace if goal.delete_before_replace is None else goal.delete_before_replace
        if not first:
            return [
                Create(old, new, diffs=diff.keys, keys=diff.replace_keys, registration=registration, keeps_old=True),
                Replace(old, new, diffs=diff.keys, keys=diff.replace_keys),
            ]
        return [
            *await self._replacement.delete_first(old, new.urn, preview=self._preview),
            Replace(old, new, diffs=diff.keys, keys=diff.replace_keys),
            Create(old, new, diffs=diff.keys, keys=diff.replace_keys, registration=registration),
        ]

    def _triggered(self, old: Resource, new: Resource) -> bool:
        before, after = reveal(old.replacement_trigger), reveal(new.replacement_trigger)
        if contains_unknowns(after) and not self._preview:
            message = f"replacement trigger contains unknowns for {new.urn}"
            self._report(new.urn, message)
            raise Bail(message)
        if contains_unknowns(before) or contains_unknowns(after):
            return True
        return before is not None and after is not None and not equal(before, after)

    def _report(self, urn: str, message: str) -> None:
        self._observe(Diagnostic("error", message, urn))

    def _tell(self, urn: str, message: str) -> None:
        self._observe(Diagnostic("info", message, urn))


def _wanted(urn: str, goal: Goal, old: Resource | None) -> Resource:
    return Resource(
        urn,
        goal.type,
        goal.custom,
        inputs=goal.properties,
        parent=goal.parent,
        provider=goal.provider,
        protect=bool(goal.protect),
        retain_on_delete=bool(goal.retain_on_delete),
        deleted_with=goal.deleted_with,
        created=old.created if old else "",
        modified=old.modified if old else "",
        dependencies=goal.dependencies,
        property_dependencies=goal.property_dependencies,
        replace_with=goal.replace_with,
        additional_secret_outputs=goal.additional_secret_outputs,
        ignore_changes=goal.ignore_changes,
        replace_on_changes=goal.replace_on_changes,
        hide_diff=goal.hide_diff,
        custom_timeouts=dict(goal.custom_timeouts),
        replacement_trigger=goal.replacement_trigger,
    )
