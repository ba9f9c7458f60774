"""How the component, which is written in TypeScript, reads its arguments and writes its documents.

A value is anything an argument can hold: plain data, an `Output`, a resource, or a tree of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

import pulumi
from pulumi.output import Unknown

Value = Any
Args = Mapping[str, Value]


def given(value: Value) -> bool:
    """Whether JavaScript takes the value for true: an output or an empty list too, but not an empty string or 0."""
    if isinstance(value, pulumi.Output | pulumi.Resource | Mapping | list):
        return True
    return bool(value)


def first(*values: Value) -> Value:
    """The first value that was given at all, false and 0 included."""
    return next((value for value in values if value is not None), None)


def nested(args: Args, name: str) -> Args:
    """The object under that name, an empty one where none was given."""
    return args.get(name) or {}


def tidy(value: Value) -> Value:
    """The value without the entries of objects that hold nothing: they are not sent."""
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, Value]", value).items()
        return {key: tidy(item) for key, item in entries if item is not None}
    if isinstance(value, list):
        return [tidy(item) for item in cast("list[Value]", value)]
    return value


def joined(*values: Value) -> pulumi.Output[Any]:
    """One output of all the values, each unwrapped at every depth, that depends on what they depend on."""
    return pulumi.Output.all(*values)


def output(value: Value) -> pulumi.Output[Any]:
    """The value as an output, unwrapped at every depth."""
    return pulumi.Output.from_input(value)


def pick(value: Value, *keys: str) -> pulumi.Output[Any]:
    """The value under a path of keys, looked up even while other parts are unknown; nothing where a key is missing."""
    found = output(value)
    for key in keys:
        found = found.apply(_member(key), True)
    return found


def merged(*values: Value) -> pulumi.Output[Any]:
    """One object of several, the later ones winning, those not given left out."""

    def merge(parts: list[Mapping[str, Value] | None]) -> dict[str, Value]:
        return {key: item for part in parts for key, item in (part or {}).items()}

    return joined(*values).apply(merge)


def json_text(value: Value, *, sort: bool = False) -> str:
    """JSON as `JSON.stringify` writes it, keys in their order or sorted at every depth."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=sort)


def js_text(value: Value) -> str:
    """A scalar in a JavaScript template string; there are only floats on the wire, and whole ones have no fraction."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json_text(value) if isinstance(value, bool | float) else str(value)


def _member(key: str) -> Callable[[Any], Any]:
    def look(value: Any) -> Any:
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Mapping):
            return cast("Mapping[str, Value]", value).get(key)
        return None if value is None else value.out(key)

    return look
