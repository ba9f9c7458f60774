"""Of which resource a stack policy lacks a value. A judge tells the property alone, often below some part of the
resource; so it is looked for among all that is not known yet."""

import re
from collections.abc import Iterator
from typing import Any, cast

from .eks import label
from .raw import UNKNOWN
from .stack import Stack

_MOST = 3
_PLACE = re.compile(r"\[\d+\]")


def lacking(stack: Stack, path: tuple[str, ...]) -> list[str]:
    """The URNs of the resources that may be meant: those that do not tell a property of this path yet, wherever it
    stands in them, or something above or below it."""
    wanted = f".{_PLACE.sub('', '.'.join(path))}."
    return list(dict.fromkeys(urn for urn, known in stack.once(_not_told) if _meet(known, wanted)))


def told_of(urns: list[str]) -> str:
    """Resources after the property that they lack: ` of 'web'`."""
    names = [f"'{label(urn)}'" for urn in urns[:_MOST]]
    more = f" or {len(urns) - _MOST} more" if len(urns) > _MOST else ""
    return f" of {' or '.join(names)}{more}" if names else ""


def _meet(unknown: str, wanted: str) -> bool:
    """Whether a path that is unknown leads past what is wanted, or ends on the way there."""
    ends = [unknown[found.start() :] for found in re.finditer(r"\.(?=.)", unknown)]
    return any(wanted.startswith(one) or one.startswith(wanted) for one in ends)


def _not_told(stack: Stack) -> list[tuple[str, str]]:
    return [(urn, path) for urn, member in stack.members.items() for path in _unknown(member.properties, ".")]


def _unknown(value: Any, path: str) -> Iterator[str]:
    """The paths of all that is unknown in a value, without places in lists: `.spec.containers.image.`."""
    if value is UNKNOWN:
        yield path
    elif isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            yield from _unknown(inner, f"{path}{key}.")
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _unknown(inner, path)
