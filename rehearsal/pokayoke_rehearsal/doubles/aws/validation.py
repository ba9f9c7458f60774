"""Holds API parameters to botocore's service model before anything is called: names, types, enums, lengths, patterns.

botocore itself checks names and types only, at call time; AWS checks the rest on its side, which moto mostly does not.
The texts are AWS's.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import re
from functools import cache
from typing import Any

from pokayoke_rehearsal.doubles.base import UNKNOWN


def violations(shape: Any, value: Any, path: str = "") -> list[str]:
    """What is wrong with the value of a botocore shape, one text each; unknown values are taken as right."""
    if value is UNKNOWN or shape is None:
        return []
    kind = shape.type_name
    if kind == "structure":
        return _structure(shape, value, path)
    if kind == "list":
        if not isinstance(value, list):
            return [f"{path} must be a list"]
        found = [
            text for index, item in enumerate(value) for text in violations(shape.member, item, f"{path}.{index + 1}")
        ]
        return found + _bounds(shape, len(value), path, value)
    if kind == "map":
        if not isinstance(value, dict):
            return [f"{path} must be a map"]
        return [text for key, item in value.items() for text in violations(shape.value, item, f"{path}.{key}")]
    if kind == "string":
        return _string(shape, value, path)
    if kind in ("integer", "long"):
        if isinstance(value, bool) or not isinstance(value, int):
            return [f"{path} must be a whole number, got {value!r}"]
        return _bounds(shape, value, path, value)
    if kind == "boolean" and not isinstance(value, bool):
        return [f"{path} must be true or false, got {value!r}"]
    return []


def _structure(shape: Any, value: Any, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path} must be an object"]
    found = [f"{_at(path, name)} is required" for name in shape.required_members if name not in value]
    for name, item in value.items():
        member = shape.members.get(name)
        if member is None:
            found.append(f"{_at(path, name)} is not a parameter of this operation")
        else:
            found += violations(member, item, _at(path, name))
    return found


def _string(shape: Any, value: Any, path: str) -> list[str]:
    if not isinstance(value, str):
        return [f"{path} must be a string, got {value!r}"]
    allowed = shape.enum
    if allowed and value not in allowed:
        return [_failed(value, path, f"Member must satisfy enum value set: [{', '.join(allowed)}]")]
    found = _bounds(shape, len(value), path, value)
    pattern = _compiled(shape.metadata.get("pattern"))
    if not found and pattern is not None and not pattern.fullmatch(value):
        found = [_failed(value, path, f"Member must satisfy regular expression pattern: {shape.metadata['pattern']}")]
    return found


def _bounds(shape: Any, size: int, path: str, value: Any) -> list[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    what = "value" if isinstance(value, int) else "length"
    if least is not None and size < least:
        return [_failed(value, path, f"Member must have {what} greater than or equal to {least}")]
    if most is not None and size > most:
        return [_failed(value, path, f"Member must have {what} less than or equal to {most}")]
    return []


def _failed(value: Any, path: str, constraint: str) -> str:
    return f"Value '{value}' at '{path}' failed to satisfy constraint: {constraint}"


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name[:1].lower() + name[1:]


@cache
def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern) if pattern else None
    except re.error:
        # Some of AWS's patterns are Java's and mean nothing to Python.
        return None
