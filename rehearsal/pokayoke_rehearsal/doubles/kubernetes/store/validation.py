"""Whether an object fits the schema of its kind, in the words of an API server (a real one of 1.36 was asked)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, cast

from pokayoke_rehearsal.doubles.kubernetes.store.errors import (
    ApiError,
    FieldError,
    invalid_value,
    required,
    shown,
    too_long,
    too_many,
    unsupported,
)
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object, items, name_of, namespace_of, text
from pokayoke_rehearsal.doubles.kubernetes.store.schemas import Schema

_TYPE_META = ("apiVersion", "kind", "metadata")


def typed_patch_error(kind: Kind, schema: Schema, obj: Object, *, types: bool) -> ApiError | None:
    """Server-side apply's refusal of fields that the schema does not know and, with `types`, of values of a wrong type.

    The server answers with 500 here, not 422.
    """
    texts = [f"{path}: {problem}" for path, problem in _untyped(schema, obj, "", types)]
    if not texts:
        return None
    listed = texts[0] if len(texts) == 1 else "errors:\n" + "\n".join(f"  {text}" for text in texts)
    where = f"{namespace_of(obj)}/{name_of(obj)}"
    return ApiError(500, "InternalError", f"failed to create typed patch object ({where}; {kind}): {listed}")


def structural_errors(schema: Schema, obj: Object) -> list[FieldError]:
    """What of the object breaks the schema: required fields, types, enums, patterns, bounds."""
    errors = [
        error
        for name, value in obj.items()
        if name not in _TYPE_META and (child := schema.field(name)) is not None
        for error in _check(child, value, name)
    ]
    missing = [required(name) for name in schema.required if name not in obj and name not in _TYPE_META]
    return missing + errors


def fits_type(schema: Schema, value: Any) -> bool:
    """Whether a value is of the schema's type."""
    expected = schema.type
    if expected == "int-or-string":
        return isinstance(value, str) or _is_whole(value)
    if expected == "quantity":
        return isinstance(value, str) or _is_number(value)
    if expected == "integer":
        return _is_whole(value)
    if expected == "number":
        return _is_number(value)
    python = _PYTHON.get(expected)
    return python is None or isinstance(value, python)


def _untyped(schema: Schema, value: Any, path: str, types: bool) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    if not fits_type(schema, value):
        if types:
            yield path, _mismatch(schema, value)
        return
    if isinstance(value, dict):
        for name, item in cast("dict[str, Any]", value).items():
            child = schema.field(name)
            if child is not None:
                yield from _untyped(child, item, f"{path}.{name}", types)
            elif schema.closed:
                yield f"{path}.{name}", "field not declared in schema"
    elif isinstance(value, list) and schema.items is not None:
        yield from _untyped_list(schema, cast("list[Any]", value), path, types)


def _untyped_list(schema: Schema, value: list[Any], path: str, types: bool) -> Iterator[tuple[str, str]]:
    child = cast("Schema", schema.items)
    seen: set[str] = set()
    for index, item in enumerate(value):
        where = f"{path}[{index}]"
        if schema.list_type == "map" and schema.list_keys and isinstance(item, dict):
            entry = list_entry(schema, cast("dict[str, Any]", item))
            where = f"{path}[{entry}]"
            if entry in seen:
                yield path, f"duplicate entries for key [{entry}]"
            seen.add(entry)
        yield from _untyped(child, item, where, types)


def list_entry(schema: Schema, item: dict[str, Any]) -> str:
    """An item of an associative list as server-side apply names it: `containerPort=80,protocol="TCP"`."""
    present = [(key, item.get(key, _KEY_DEFAULTS.get(key))) for key in schema.list_keys]
    return ",".join(f"{key}={shown(value)}" for key, value in present if value is not None)


def _check(schema: Schema, value: Any, path: str) -> Iterator[FieldError]:
    if value is None:
        return
    if not fits_type(schema, value):
        actual = shown(_json_type(value))
        expected = {"int-or-string": "integer,string", "quantity": "integer,string"}.get(schema.type, schema.type)
        yield FieldError(path, f"Invalid value: {actual}: {path} in body must be of type {expected}: {actual}", True)
        return
    yield from _check_enum(schema, value, path)
    if isinstance(value, str):
        yield from _check_text(schema, value, path)
    elif isinstance(value, bool):
        return
    elif isinstance(value, int | float):
        yield from _check_number(schema, value, path)
    elif isinstance(value, list):
        yield from _check_list(schema, cast("list[Any]", value), path)
    elif isinstance(value, dict):
        yield from _check_map(schema, cast("dict[str, Any]", value), path)


def _check_enum(schema: Schema, value: Any, path: str) -> Iterator[FieldError]:
    allowed = items(schema.raw.get("enum"))
    if allowed and value not in allowed:
        yield unsupported(path, value, allowed)


def _check_text(schema: Schema, value: str, path: str) -> Iterator[FieldError]:
    raw = schema.raw
    if "maxLength" in raw and len(value) > raw["maxLength"]:
        yield too_long(path, raw["maxLength"])
    if "minLength" in raw and len(value) < raw["minLength"]:
        yield invalid_value(path, value, f"{path} in body should be at least {raw['minLength']} chars long")
    if schema.pattern is not None and not schema.pattern.search(value):
        yield invalid_value(path, value, f"{path} in body should match '{text(raw.get('pattern'))}'")


def _check_number(schema: Schema, value: float, path: str) -> Iterator[FieldError]:
    low, high, step = (schema.raw.get(key) for key in ("minimum", "maximum", "multipleOf"))
    if low is not None and (value < low or (schema.raw.get("exclusiveMinimum") and value == low)):
        yield invalid_value(path, value, f"{path} in body should be greater than or equal to {low}")
    if high is not None and (value > high or (schema.raw.get("exclusiveMaximum") and value == high)):
        yield invalid_value(path, value, f"{path} in body should be less than or equal to {high}")
    if step and math.remainder(value, step) != 0:
        yield invalid_value(path, value, f"{path} in body should be a multiple of {step}")
    bound = _WIDTHS.get(text(schema.raw.get("format")))
    if bound is not None and not -bound <= value < bound:
        yield invalid_value(path, value, f"must fit {schema.raw['format']}")


def _check_list(schema: Schema, value: list[Any], path: str) -> Iterator[FieldError]:
    raw = schema.raw
    if "maxItems" in raw and len(value) > raw["maxItems"]:
        yield too_many(path, len(value), raw["maxItems"])
    if "minItems" in raw and len(value) < raw["minItems"]:
        yield invalid_value(path, len(value), f"{path} in body should have at least {raw['minItems']} items")
    if schema.items is not None:
        for index, item in enumerate(value):
            yield from _check(schema.items, item, f"{path}[{index}]")


def _check_map(schema: Schema, value: dict[str, Any], path: str) -> Iterator[FieldError]:
    raw = schema.raw
    if "maxProperties" in raw and len(value) > raw["maxProperties"]:
        yield too_many(path, len(value), raw["maxProperties"])
    if "minProperties" in raw and len(value) < raw["minProperties"]:
        detail = f"{path} in body should have at least {raw['minProperties']} properties"
        yield invalid_value(path, len(value), detail)
    for name in schema.required:
        if value.get(name) is None and not (name in value and _nullable(schema.field(name))):
            yield required(f"{path}.{name}")
    for name, item in value.items():
        child = schema.field(name)
        if child is not None:
            yield from _check(child, item, f"{path}.{name}")


def _nullable(schema: Schema | None) -> bool:
    return schema is not None and bool(schema.raw.get("nullable"))


def _mismatch(schema: Schema, value: Any) -> str:
    # The words of structured-merge-diff, which prints what it got in Go's way.
    if schema.type in ("integer", "number"):
        return f"expected numeric (int or float), got {_json_type(value)}"
    expected = {"object": "map", "array": "list", "boolean": "boolean"}.get(schema.type, schema.type)
    return f"expected {expected}, got &{{{value if isinstance(value, str | int | float) else _json_type(value)}}}"


def _json_type(value: Any) -> str:
    for name, python in _NAMES:
        if isinstance(value, python):
            return name
    return "null"


def _is_whole(value: Any) -> bool:
    return not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_PYTHON: dict[str, type] = {"object": dict, "array": list, "string": str, "boolean": bool}
_NAMES: tuple[tuple[str, type], ...] = (
    ("boolean", bool),
    ("integer", int),
    ("number", float),
    ("string", str),
    ("object", dict),
    ("array", list),
)
_WIDTHS = {"int32": 2**31, "int64": 2**63}

# Part of a list's key and yet left out by most: the API server fills it in before it looks for the item.
_KEY_DEFAULTS = {"protocol": "TCP"}
