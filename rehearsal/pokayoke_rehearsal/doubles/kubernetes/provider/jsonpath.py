"""JSONPath as `pulumi.com/waitFor` takes it: `jsonpath={.status.phase}=Running`.

Names, indices, `[*]` and filters such as `[?(@.type=="Ready")]`, which may be joined by `&&` or `||`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.store.objects import fields, items

_STEP = re.compile(
    r"""\.(?P<name>[A-Za-z_][\w-]*|\*)"""
    r"""|\[(?P<index>-?\d+)\]|\[(?P<all>\*)\]|\['(?P<single>[^']*)'\]|\["(?P<double>[^"]*)"\]"""
    r"""|\[\?\((?P<filter>.*?)\)\]"""
)
_COMPARISON = re.compile(r"""@(?P<path>(?:\.[\w-]+)+)\s*(?P<operator>==|!=)\s*(?P<value>"[^"]*"|'[^']*'|[\w.-]+)""")


class JsonPathError(Exception):
    """The expression cannot be read."""


@dataclass(frozen=True)
class Match:
    """Whether an object satisfies an expression, and what was found there."""

    holds: bool
    message: str


@dataclass(frozen=True)
class JsonPath:
    """A path and the value wanted there; an empty value is satisfied by anything."""

    path: str
    value: str

    @classmethod
    def parse(cls, expression: str) -> JsonPath:
        """Reads what follows `jsonpath=`; raises JsonPathError in the provider's words."""
        parts = expression.replace("==", "\0").split("=")
        if len(parts) > 2:
            raise JsonPathError(f'format should be {{.path}}=value or {{.path}}, got "{expression}"')
        path, value = parts[0].replace("\0", "=="), parts[1].replace("\0", "==") if len(parts) == 2 else ""
        if len(parts) == 2 and not value:
            raise JsonPathError(f"{path}= requires a value")
        if path.startswith("'") and path.endswith("'"):
            raise JsonPathError(f"{path} should omit shell quotes")
        if not re.fullmatch(r"\{.*\}", path):
            raise JsonPathError(f"{path} should be wrapped in brackets {{ ... }}")
        list(_steps(path))
        return cls(path, value)

    def match(self, obj: Any) -> Match:
        """Whether the object has the wanted value at the path."""
        found = [obj]
        for step in _steps(self.path):
            found = [inner for value in found for inner in _take(step, value)]
        wanted = f"Waiting for {self.path}={self.value}" if self.value else f"Waiting for {self.path}"
        if not found:
            return Match(False, f"{self.path} selected nothing")
        if not self.value:
            return Match(True, "")
        if isinstance(found[0], dict | list):
            raise JsonPathError(f'"{self.path}" has a non-primitive value')
        actual = {True: "true", False: "false"}.get(found[0], found[0]) if isinstance(found[0], bool) else found[0]
        return Match(str(actual) == self.value, f'{wanted} (found "{actual}")')


def _steps(path: str) -> Iterator[re.Match[str]]:
    rest = path[1:-1].strip().removeprefix("$")
    while rest:
        matched = _STEP.match(rest)
        if matched is None:
            raise JsonPathError(f'parsing "{path}": unexpected {rest[:20]!r}')
        yield matched
        rest = rest[matched.end() :]


def _take(step: re.Match[str], value: Any) -> list[Any]:
    name = step["name"] or step["single"] or step["double"]
    if step["all"] or name == "*":
        return list(fields(value).values()) if isinstance(value, dict) else items(value)
    if name is not None:
        return [fields(value)[name]] if name in fields(value) else []
    if step["index"] is not None:
        listed, index = items(value), int(step["index"])
        return [listed[index]] if -len(listed) <= index < len(listed) else []
    return [item for item in items(value) if _holds(step["filter"], item)]


def _holds(condition: str, item: Any) -> bool:
    return any(all(_compares(part, item) for part in option.split("&&")) for option in condition.split("||"))


def _compares(comparison: str, item: Any) -> bool:
    matched = _COMPARISON.fullmatch(comparison.strip())
    if matched is None:
        raise JsonPathError(f"cannot read the filter {comparison.strip()!r}")
    value: Any = item
    for name in matched["path"].split(".")[1:]:
        value = fields(value).get(name)
    equal = str(value) == matched["value"].strip("\"'")
    return equal == (matched["operator"] == "==")
