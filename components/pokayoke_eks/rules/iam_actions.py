"""What IAM documents allow, as far as it shows without a request: actions only, neither resources nor conditions.

Source of the forms: IAM user guide, "IAM JSON policy elements: Action, NotAction, Effect".
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, cast

from .json_text import from_json

Statement = Mapping[str, Any]


def statements(document: object) -> list[Statement]:
    """The statements of a document, given as text or as a mapping; none of what is no document."""
    parsed = from_json(document)
    said: Any = cast("Mapping[str, Any]", parsed).get("Statement") if isinstance(parsed, Mapping) else None
    return [cast("Statement", one) for one in _list(said) if isinstance(one, Mapping)]


def of_service(service: str, names: str) -> frozenset[str]:
    """Actions of a service, as policies name them; `names` stand in one text."""
    return frozenset(f"{service}:{name}" for name in names.split())


def not_allowed(actions: Iterable[str], given: Iterable[Statement]) -> list[str]:
    """Those of the actions that no statement allows, or that one denies whatever the resource and the request."""
    told = list(given)
    allowing = [one for one in told if one.get("Effect") == "Allow"]
    denying = [one for one in told if one.get("Effect") == "Deny" and not one.get("Condition") and _is_of_all(one)]
    return sorted(
        action
        for action in actions
        if not any(_names(one, action) for one in allowing) or any(_names(one, action) for one in denying)
    )


def _names(statement: Statement, action: str) -> bool:
    if "NotAction" in statement:
        return not any(_matches(one, action) for one in _texts(statement["NotAction"]))
    return any(_matches(one, action) for one in _texts(statement.get("Action")))


def _is_of_all(statement: Statement) -> bool:
    return "*" in _texts(statement.get("Resource"))


@cache
def _pattern(written: str) -> re.Pattern[str]:
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split(r"([*?])", written))
    return re.compile("".join(parts), re.IGNORECASE)


def _matches(written: str, action: str) -> bool:
    return _pattern(written).fullmatch(action) is not None


def _texts(value: object) -> list[str]:
    return [one for one in _list(value) if isinstance(one, str)]


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [] if value is None else [value]
