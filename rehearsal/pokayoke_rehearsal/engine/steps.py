"""The operations of an act: what each asks of the provider and what it leaves in the state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from .errors import EngineError, PartialFailureError
from .faults import Faults
from .plugin import Plugin
from .registry import Registry
from .sources import Reading, Registration, settle
from .state import CREATING, DELETING, READING, UPDATING, Resource, now
from .values import UNKNOWN, equal

Provider = Plugin | Registry


class ProtectedError(EngineError):
    """A protected resource would be deleted; the act goes on with what does not depend on it."""

    def __init__(self, urn: str) -> None:
        super().__init__(
            f'resource "{urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the'
            " `protect` flag from the resource in the program and run `up`"
        )


class Surroundings(Protocol):
    """What a step needs of the act that it belongs to."""

    preview: bool
    registry: Registry
    faults: Faults

    def provider_of(self, resource: Resource) -> Provider: ...


@dataclass(eq=False)
class Step:
    """One operation. `logical` ones count in the summary.

    `pending` says how the journal calls it while it is under way.
    """

    old: Resource | None
    new: Resource | None
    operation: str = ""
    diffs: list[str] = field(default_factory=list[str])
    keys: list[str] = field(default_factory=list[str])
    logical: bool = True
    pending: str = ""

    @property
    def resource(self) -> Resource:
        found = self.new or self.old
        assert found is not None  # noqa: S101 every step has one of the two
        return found

    @property
    def urn(self) -> str:
        return self.resource.urn

    async def apply(self, act: Surroundings) -> None:
        """Does it. Raises EngineError when it failed; after a PartialFailureError there is state to keep."""

    def left(self) -> dict[str, Any]:
        """What a success changes in the state, as the journal takes it."""
        return {}

    def complete(self) -> None:
        """Answers whoever waits for the step."""


@dataclass(eq=False)
class _Registered(Step):
    """What a registration waits for; the new resource takes the place of the old one."""

    registration: Registration | None = None

    def left(self) -> dict[str, Any]:
        return {"new": self.new, "done": self.old}

    def complete(self) -> None:
        if self.registration is not None:
            settle(self.registration.done, self.new)


@dataclass(eq=False)
class Same(_Registered):
    """Nothing changes but what the engine itself keeps: names, dependencies, options."""

    def __post_init__(self) -> None:
        self.operation = "same"

    async def apply(self, act: Surroundings) -> None:
        old, new = _both(self)
        new.id, new.outputs = old.id, old.outputs
        if new.is_provider:
            known = new.copy()
            known.inputs = old.inputs
            await act.registry.same(known, checked=True)


@dataclass(eq=False)
class Create(_Registered):
    """A new resource, or the one that takes the place of `old`; then `keeps_old` says that the old one goes later."""

    keeps_old: bool = False

    def __post_init__(self) -> None:
        self.operation = "create-replacement" if self.old else "create"
        self.logical = self.old is None
        self.pending = CREATING

    async def apply(self, act: Surroundings) -> None:
        new = self.resource
        partial: PartialFailureError | None = None
        if new.custom:
            await act.faults.strike(new.urn, "create", preview=act.preview)
            provider = act.provider_of(new)
            try:
                made = await provider.create(
                    new.urn, new.inputs, preview=act.preview, timeout=new.custom_timeouts.get("create", 0)
                )
                new.id, new.outputs = made.id, made.outputs
            except PartialFailureError as error:
                partial = error
                new.id, new.outputs, new.init_errors = error.id, error.properties, error.reasons
        new.created = new.modified = now()
        if self.old and self.keeps_old:
            self.old.delete = True
        if partial is not None:
            raise partial

    def left(self) -> dict[str, Any]:
        if self.old is None:
            return {"new": self.new}
        if self.old.pending_replacement:
            return {"new": self.new, "done": self.old}
        return {"new": self.new, "changed": [self.old]}


@dataclass(eq=False)
class Update(_Registered):
    """A change in place."""

    ignored: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.operation = "update"
        self.pending = UPDATING

    async def apply(self, act: Surroundings) -> None:
        old, new = _both(self)
        new.id, new.created, new.modified = old.id, old.created, old.modified
        if not new.custom:
            return
        await act.faults.strike(new.urn, "update", preview=act.preview)
        provider = act.provider_of(new)
        try:
            changed = await provider.update(
                new.urn,
                old.id,
                old.inputs,
                old.outputs or {},
                new.inputs,
                preview=act.preview,
                timeout=new.custom_timeouts.get("update", 0),
                ignored=self.ignored,
            )
            new.outputs = changed.outputs
        except PartialFailureError as error:
            # What exists was not made with the new inputs.
            new.outputs, new.init_errors, new.inputs = error.properties, error.reasons, dict(old.inputs)
            raise
        finally:
            new.modified = now()


@dataclass(eq=False)
class Replace(Step):
    """Says that a resource is being replaced; the work is in the steps around it."""

    def __post_init__(self) -> None:
        self.operation = "replace"


@dataclass(eq=False)
class Delete(Step):
    """The end of a resource; `replacing` as a part of its replacement, `first` before the new one is there."""

    deletions: Mapping[str, bool] = field(default_factory=dict[str, bool])
    replacing: bool = False
    first: bool = False

    def __post_init__(self) -> None:
        if self.resource.external:
            self.operation = "discard-replaced" if self.replacing else "discard"
        else:
            self.operation = "delete-replaced" if self.replacing else "delete"
        self.logical = not self.replacing
        self.pending = DELETING

    async def apply(self, act: Surroundings) -> None:
        old = self.resource
        if old.protect and not self.replacing:
            raise ProtectedError(old.urn)
        spared = old.external or old.retain_on_delete or self.deletions.get(old.deleted_with, False) or not old.custom
        if not spared:
            await act.faults.strike(old.urn, "delete", preview=act.preview)
            if not act.preview:
                await act.provider_of(old).delete(
                    old.urn, old.id, old.inputs, old.outputs or {}, timeout=old.custom_timeouts.get("delete", 0)
                )
        if self.first:
            old.pending_replacement = True

    def left(self) -> dict[str, Any]:
        # What was deleted first stays until its replacement is there, or the next act would not know of it.
        return {"changed": [self.old]} if self.resource.pending_replacement else {"done": self.old}


@dataclass(eq=False)
class Forget(Step):
    """Drops what an earlier act deleted to replace it, since the program does not want it any more."""

    def __post_init__(self) -> None:
        self.operation = "remove-pending-replace"
        self.logical = False

    def left(self) -> dict[str, Any]:
        return {"done": self.old}


@dataclass(eq=False)
class Read(Step):
    """A look at a resource that the stack does not own; `replacing` when it owned one of that name until now."""

    reading: Reading | None = None
    replacing: bool = False

    def __post_init__(self) -> None:
        self.operation = "read-replacement" if self.replacing else "read"
        self.pending = READING

    async def apply(self, act: Surroundings) -> None:
        new = self.resource
        if new.id == UNKNOWN:
            new.outputs = {}
        else:
            found = await act.provider_of(new).read(new.urn, new.id, new.inputs, new.inputs)
            if found is None:
                raise EngineError(f"resource '{new.id}' does not exist")
            new.outputs, new.id = found.outputs, found.id or new.id
        # A read that shows nothing new does not count as a change.
        self.logical = bool(
            not self.replacing and self.old and self.old.outputs and not equal(self.old.outputs, new.outputs)
        )
        if self.old is not None:
            new.created, new.modified = self.old.created, self.old.modified
            if self.replacing:
                self.old.delete = True

    def left(self) -> dict[str, Any]:
        return {"new": self.new, "done": self.old}

    def complete(self) -> None:
        if self.reading is not None:
            settle(self.reading.done, self.new)


def _both(step: Step) -> tuple[Resource, Resource]:
    assert step.old is not None  # noqa: S101 such a step has both
    assert step.new is not None  # noqa: S101
    return step.old, step.new
