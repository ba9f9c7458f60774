"""What server-side apply refuses before it validates anything: fields that no schema declares, values of another type.

The server answers these with 500, not with 422 (asked of one of 1.36). Source of the wording: structured-merge-diff v6,
`typed/validate.go`. A null passes as any type: it means that the field is left out.
"""

from collections.abc import Iterator
from typing import Any, cast

from . import go_text
from .schema import Schema


def type_errors(schema: Schema, value: Any, path: str = "") -> Iterator[str]:
    """Each complaint as the server words it, path first: all of them, where the server, which goes through maps in no
    order, may stop early."""
    if value is None or schema.get("x-kubernetes-preserve-unknown-fields") or "x-kubernetes-int-or-string" in schema:
        return
    match schema["type"]:
        case "object" if isinstance(value, dict):
            yield from _map_errors(schema, cast("dict[str, Any]", value), path)
        case "array" if isinstance(value, list):
            yield from _list_errors(schema, cast("list[Any]", value), path)
        case "string" if isinstance(value, str) or (_is_any_scalar(schema) and not isinstance(value, dict | list)):
            return
        case "boolean" if isinstance(value, bool):
            return
        case "integer" if isinstance(value, int | float) and not isinstance(value, bool):
            return
        case expected:
            yield f"{path}: {_mismatch('scalar' if _is_any_scalar(schema) else expected, value)}"


def _map_errors(schema: Schema, value: dict[str, Any], path: str) -> Iterator[str]:
    for name, one in value.items():
        declared = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
        if declared is None:
            yield f"{path}.{name}: field not declared in schema"
        else:
            yield from type_errors(declared, one, f"{path}.{name}")


def _list_errors(schema: Schema, value: list[Any], path: str) -> Iterator[str]:
    if schema.get("x-kubernetes-list-type") == "map":
        yield from _keyed_list_errors(schema, value, path)
        return
    is_set = schema.get("x-kubernetes-list-type") == "set"
    for index, one in enumerate(value):
        unfit = _NOT_IN_SETS.get(type(one).__name__) if is_set else None
        if unfit is not None:
            yield f"{path}: element {index}: {unfit}"
            return
        if is_set and one in value[:index]:
            yield f"{path}: duplicate entries for key [={go_text.syntax(one)}]"
        yield from type_errors(
            schema["items"], one, f"{path}[={go_text.syntax(one)}]" if is_set else f"{path}[{index}]"
        )


def _keyed_list_errors(schema: Schema, value: list[Any], path: str) -> Iterator[str]:
    (key,) = schema["x-kubernetes-list-map-keys"]
    seen: list[Any] = []
    for index, item in enumerate(value):
        if item is None:
            yield f"{path}: element {index}: associative list with keys may not have a null element"
            return
        if not isinstance(item, dict):
            yield f"{path}: element {index}: associative list with keys may not have non-map elements"
            return
        named = cast("dict[str, Any]", item).get(key)
        if key not in item:
            omitted = f'omits all key fields ["{key}"] (and doesn\'t have default values for any key fields)'
            yield f"{path}: element {index}: associative list with keys has an element that {omitted}"
            return
        step = f"[{key}={go_text.key(named)}]"
        if named in seen:
            yield f"{path}: duplicate entries for key {step}"
        seen.append(named)
        yield from type_errors(schema["items"], item, f"{path}{step}")


_NOT_IN_SETS = {
    "NoneType": "associative list without keys has an element that's an explicit null",
    "dict": "associative list without keys has an element that's a map type",
    "list": "not supported: associative list with lists as elements",
}


def _is_any_scalar(schema: Schema) -> bool:
    # Server-side apply has no type for a text with this format.
    return schema.get("format") == "date-time"


def _mismatch(expected: str, value: Any) -> str:
    match expected:
        case "string":
            return f"expected string, got &value.valueUnstructured{{Value:{go_text.syntax(value)}}}"
        case "integer":
            return f"expected numeric (int or float), got {go_text.type_name(value)}"
        case _:
            name = {"object": "map", "array": "list", "scalar": "any scalar"}.get(expected, expected)
            return f"expected {name}, got &{{{go_text.plain(value)}}}"
