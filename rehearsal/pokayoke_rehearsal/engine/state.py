"""What the engine knows of a resource, and the snapshot of a stack in the shape of `pulumi stack export`."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from . import urns
from .secrets import Vault
from .values import RESOURCE, SIGNATURE, PropertyMap, map_values, marked, signature

VERSION = 3
CREATING, UPDATING, DELETING, READING = "creating", "updating", "deleting", "reading"


def _strings() -> list[str]:
    return []


@dataclass(eq=False, slots=True)
class Resource:
    """A resource of the state; two of the same URN may live side by side while one replaces the other."""

    urn: str
    type: str
    custom: bool
    id: str = ""
    inputs: PropertyMap = field(default_factory=dict[str, Any])
    outputs: PropertyMap | None = None
    parent: str = ""
    provider: str = ""
    protect: bool = False
    external: bool = False
    delete: bool = False
    pending_replacement: bool = False
    retain_on_delete: bool = False
    deleted_with: str = ""
    import_id: str = ""
    created: str = ""
    modified: str = ""
    dependencies: list[str] = field(default_factory=_strings)
    property_dependencies: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    replace_with: list[str] = field(default_factory=_strings)
    init_errors: list[str] = field(default_factory=_strings)
    additional_secret_outputs: list[str] = field(default_factory=_strings)
    aliases: list[str] = field(default_factory=_strings)
    ignore_changes: list[str] = field(default_factory=_strings)
    replace_on_changes: list[str] = field(default_factory=_strings)
    hide_diff: list[str] = field(default_factory=_strings)
    custom_timeouts: dict[str, float] = field(default_factory=dict[str, float])
    replacement_trigger: Any = None

    @property
    def name(self) -> str:
        return urns.name_of(self.urn)

    @property
    def is_provider(self) -> bool:
        return urns.is_provider_type(self.type)

    @property
    def provider_urn(self) -> str:
        """The URN of the provider resource that manages this one; empty for components and providers."""
        return urns.split_reference(self.provider)[0] if self.provider else ""

    def needs(self) -> Iterator[str]:
        """The URNs on which it depends other than by its parent and provider, possibly more than once."""
        yield from self.dependencies
        for found in self.property_dependencies.values():
            yield from found
        if self.deleted_with:
            yield self.deleted_with
        yield from self.replace_with

    def copy(self) -> "Resource":
        return replace(self)

    def same_as(self, other: "Resource") -> bool:
        """Whether the state file would say the same of both."""
        return all(getattr(self, name) == getattr(other, name) for name in _FIELDS)

    def export(self, vault: Vault) -> dict[str, Any]:
        exported: dict[str, Any] = {"urn": self.urn, "custom": self.custom}
        for name, key in _EXPORTED.items():
            value = getattr(self, name)
            if value:
                special = name in _SEALED and marked(value)
                exported[key] = vault.seal(map_values(value, _reference)) if special else value
        return exported

    @classmethod
    def load(cls, exported: Mapping[str, Any], vault: Vault) -> "Resource":
        found: dict[str, Any] = {
            name: map_values(vault.open(exported[key]), _inner_reference) if name in _SEALED else exported[key]
            for name, key in _EXPORTED.items()
            if key in exported
        }
        return cls(urn=exported["urn"], custom=bool(exported.get("custom")), **found)


def _reference(item: Any) -> Any:
    """References to resources as the state file spells them."""
    if signature(item) != RESOURCE:
        return item
    spelled = {SIGNATURE: RESOURCE, "urn": item["urn"], "packageVersion": item.get("packageVersion", "")}
    return {**spelled, "id": item["id"]} if "id" in item else spelled


def _inner_reference(item: Any) -> Any:
    """References to resources as the wire spells them, where an empty version is left out."""
    if signature(item) == RESOURCE and not item.get("packageVersion"):
        return {key: value for key, value in item.items() if key != "packageVersion"}
    return item


_SEALED = {"inputs", "outputs", "replacement_trigger"}
_SPELLED = {"import_id": "importID"}
_FIELDS = [part.name for part in fields(Resource)]
_EXPORTED = {
    name: _SPELLED.get(name) or name.split("_")[0] + "".join(word.capitalize() for word in name.split("_")[1:])
    for name in _FIELDS
    if name not in ("urn", "custom")
}


@dataclass(slots=True)
class PendingOperation:
    """An operation that was under way when the engine ended: whether it happened is not known."""

    resource: Resource
    kind: str


@dataclass(slots=True)
class Snapshot:
    """The resources of a stack, each after all on which it depends, and the operations whose end nobody saw."""

    resources: list[Resource] = field(default_factory=list[Resource])
    pending: list[PendingOperation] = field(default_factory=list[PendingOperation])

    def export(self, vault: Vault) -> dict[str, Any]:
        deployment: dict[str, Any] = {
            "manifest": {"time": now(), "magic": "", "version": "pokayoke"},
            "secrets_providers": {"type": "key-file"},
            "resources": [resource.export(vault) for resource in self.resources],
            "pending_operations": [
                {"resource": operation.resource.export(vault), "type": operation.kind} for operation in self.pending
            ],
            "metadata": {},
        }
        return {"version": VERSION, "deployment": deployment}

    @classmethod
    def load(cls, exported: Mapping[str, Any], vault: Vault) -> "Snapshot":
        if exported.get("version") != VERSION:
            raise ValueError(f"the state is of version {exported.get('version')}, this engine reads version {VERSION}")
        deployment = exported["deployment"]
        return cls(
            [Resource.load(item, vault) for item in deployment.get("resources") or ()],
            [
                PendingOperation(Resource.load(item["resource"], vault), item["type"])
                for item in deployment.get("pending_operations") or ()
            ],
        )


def warning_of(pending: Sequence[PendingOperation]) -> str:
    """What is said of operations whose end nobody saw."""
    listed = "".join(f"  * {operation.resource.urn}, interrupted while {operation.kind}\n" for operation in pending)
    return (
        f"Attempting to deploy or update resources with {len(pending)} pending operations from previous deployment.\n"
        f"{listed}The engine was killed while it waited for them: whether they happened is not known."
    )


def now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
