"""Server-side apply: who owns which field, what two appliers disagree about, and what an apply makes of an object.

The model is the API server's: a leaf, an atomic value, or an item of an associative list has owners; applying a value
that another owner set differently is a conflict unless forced; what a manager owned and no longer applies goes, if
nobody else owns it. Source: Kubernetes' documentation of server-side apply, and what a real 1.36 API server answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, clone, fields
from pokayoke_rehearsal.doubles.kubernetes.store.schemas import ANYTHING, Schema
from pokayoke_rehearsal.doubles.kubernetes.store.validation import list_entry

Path = tuple[str, ...]
"""Steps to an owned field: `.name` for a field, `[k="v"]` for an item of an associative list."""

FieldSet = frozenset[Path]

_SYSTEM_METADATA = frozenset(
    {"name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "selfLink"}
)


@dataclass(frozen=True, order=True)
class Manager:
    """Who wrote: its name, and `Apply` or `Update`; the same name with the other operation is somebody else."""

    name: str
    operation: str = "Apply"
    api_version: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f'"{self.name}"' if self.operation == "Apply" else f'"{self.name}" using {self.api_version}'


Owners = dict[Manager, FieldSet]


def owned_fields(schema: Schema, obj: Object) -> FieldSet:
    """The fields that an object sets, without those that only the server sets."""
    found = set(_leaves(schema, {key: value for key, value in obj.items() if key not in _TYPE}, ()))
    return frozenset(path for path in found if not _is_system(path))


def conflicts(
    schema: Schema, live: Object, applied: Object, owners: Owners, manager: Manager
) -> dict[Manager, list[Path]]:
    """The fields that others own and that the applied object would set to something else."""
    wanted = owned_fields(schema, applied)
    found: dict[Manager, list[Path]] = {}
    values = Values(schema, live), Values(schema, applied)
    for other, owned in sorted(owners.items()):
        if other == manager:
            continue
        disputed = [path for path in sorted(wanted & owned) if values[0].at(path) != values[1].at(path)]
        if disputed:
            found[other] = disputed
    return found


def conflict_error(found: dict[Manager, list[Path]]) -> ApiError:
    """The 409 that names each manager and its disputed fields."""
    count = sum(len(paths) for paths in found.values())
    plural = "conflict" if count == 1 else "conflicts"
    parts: list[str] = []
    for manager, paths in found.items():
        shown = ["".join(path) for path in paths]
        if len(shown) == 1:
            parts.append(f"conflict with {manager}: {shown[0]}")
        else:
            parts.append(f"conflicts with {manager}:\n" + "\n".join(f"- {path}" for path in shown))
    return ApiError(409, "Conflict", f"Apply failed with {count} {plural}: " + "\n".join(parts))


def merged(schema: Schema, live: Object, applied: Object) -> Object:
    """The live object with the applied fields laid over it."""
    return fields(_merge(schema, live, applied))


def without(schema: Schema, obj: Object, gone: FieldSet) -> Object:
    """The object without some owned fields, and without the maps and lists that this empties."""
    return fields(_drop(schema, obj, (), gone)) if gone else obj


def changed_fields(schema: Schema, old: Object, new: Object) -> FieldSet:
    """What an update changed or added: the updater owns it from now on."""
    before, after = Values(schema, old), Values(schema, new)
    return frozenset(path for path in owned_fields(schema, new) if before.at(path) != after.at(path))


class Values:
    """The values of an object by owned path."""

    def __init__(self, schema: Schema, obj: Object) -> None:
        self._values = dict(_valued(schema, {key: value for key, value in obj.items() if key not in _TYPE}, ()))

    def at(self, path: Path) -> Any:
        """The value at a path; an absent one is its own."""
        return self._values.get(path, _ABSENT)


def _leaves(schema: Schema, value: Any, path: Path) -> Iterator[Path]:
    for found, _ in _valued(schema, value, path):
        yield found


def _valued(schema: Schema, value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict) and value and not (schema.atomic and schema.type == "object"):
        for name, item in cast("dict[str, Any]", value).items():
            yield from _valued(schema.field(name) or ANYTHING, item, (*path, f".{name}"))
    elif isinstance(value, list) and value and schema.list_type != "atomic" and schema.items is not None:
        for item in cast("list[Any]", value):
            step = _item_step(schema, item)
            yield (*path, step), _PRESENT
            if isinstance(item, dict):
                yield from _valued(schema.items, item, (*path, step))
    else:
        yield path, value


def _item_step(schema: Schema, item: Any) -> str:
    if schema.list_type == "map" and isinstance(item, dict):
        return f"[{list_entry(schema, cast('dict[str, Any]', item))}]"
    return f"[={item!r}]"


def _merge(schema: Schema, live: Any, applied: Any) -> Any:
    if isinstance(live, dict) and isinstance(applied, dict) and not (schema.atomic and schema.type == "object"):
        result = dict(cast("dict[str, Any]", live))
        for name, item in cast("dict[str, Any]", applied).items():
            result[name] = _merge(schema.field(name) or ANYTHING, result.get(name), item)
        return result
    if (
        isinstance(live, list)
        and isinstance(applied, list)
        and schema.list_type != "atomic"
        and schema.items is not None
    ):
        return _merge_list(schema, cast("list[Any]", live), cast("list[Any]", applied))
    return clone(applied)


def _merge_list(schema: Schema, live: list[Any], applied: list[Any]) -> list[Any]:
    # The applier's order leads; what only others have keeps its place behind it.
    child = cast("Schema", schema.items)
    before = {_item_step(schema, item): item for item in live}
    result = [_merge(child, before.pop(_item_step(schema, item), None), item) for item in applied]
    return result + list(before.values())


def _drop(schema: Schema, value: Any, path: Path, gone: FieldSet) -> Any:
    if path in gone and not (isinstance(value, dict | list) and value and _is_granular(schema, value)):
        return _ABSENT
    if isinstance(value, dict) and value and _is_granular(schema, value):
        kept = {
            name: left
            for name, item in cast("dict[str, Any]", value).items()
            if (left := _drop(schema.field(name) or ANYTHING, item, (*path, f".{name}"), gone)) is not _ABSENT
        }
        return kept if kept or not path else _ABSENT
    if isinstance(value, list) and value and _is_granular(schema, value):
        return _drop_items(schema, cast("list[Any]", value), path, gone)
    return cast("Any", value)


def _drop_items(schema: Schema, value: list[Any], path: Path, gone: FieldSet) -> Any:
    child = cast("Schema", schema.items)
    kept: list[Any] = []
    for item in value:
        where = (*path, _item_step(schema, item))
        if where in gone:
            continue
        kept.append(_drop(child, item, where, gone) if isinstance(item, dict) else item)
    return kept or _ABSENT


def _is_granular(schema: Schema, value: Any) -> bool:
    if isinstance(value, dict):
        return not (schema.atomic and schema.type == "object")
    return schema.list_type != "atomic" and schema.items is not None


def _is_system(path: Path) -> bool:
    return path == (".metadata",) or (len(path) > 1 and path[0] == ".metadata" and path[1][1:] in _SYSTEM_METADATA)


_TYPE = ("apiVersion", "kind", "status")


class _Mark:
    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


_ABSENT = _Mark("absent")
_PRESENT = _Mark("present")
