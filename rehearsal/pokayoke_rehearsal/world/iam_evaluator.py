"""What IAM allows: identity policies and trust policies, judged statement by statement.

moto's own judge answers a denial where a statement's condition does not hold, so that one statement vetoes another.
Here a statement that does not hold says nothing, and an explicit denial beats every allowance (IAM user guide, "Policy
evaluation logic" and "IAM JSON policy elements: Condition operators").
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

Value = str | Sequence[str]


@dataclass(frozen=True)
class Request:
    """One action on one resource. Keys of the context are compared without regard to case, as IAM does."""

    action: str
    resource: str
    context: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Condition keys with their values; a list for keys with many values (`aws:TagKeys`)."""
    principal: str = ""
    """The service that asks, for trust policies: their statements name who may."""


def allows(documents: Iterable[str], request: Request) -> bool:
    """Whether the documents together allow the request; a document that cannot be read allows nothing."""
    effects = {text(statement, "Effect") for statement in _statements(documents) if _holds(statement, request)}
    return "Allow" in effects and "Deny" not in effects


def denies(documents: Iterable[str], request: Request) -> bool:
    """Whether a statement denies the request outright, whatever others allow."""
    return any(
        text(statement, "Effect") == "Deny" and _holds(statement, request) for statement in _statements(documents)
    )


Statement = Mapping[str, Any]


def _statements(documents: Iterable[str]) -> Iterable[Statement]:
    for document in documents:
        yield from _read(document)


@cache
def _read(document: str) -> tuple[Statement, ...]:
    try:
        parsed: Any = json.loads(document)
    except ValueError:
        return ()
    found: Any = cast("dict[str, Any]", parsed).get("Statement") if isinstance(parsed, dict) else None
    return tuple(cast("dict[str, Any]", item) for item in listed(found) if isinstance(item, dict))


def _holds(statement: Statement, request: Request) -> bool:
    return (
        _names_principal(statement, request.principal)
        and _covers(statement, "Action", request.action, request, sensitive=False)
        and (bool(request.principal) or _covers(statement, "Resource", request.resource, request, sensitive=True))
        and all(
            _condition_holds(operator, key, listed(wanted), request)
            for operator, keys in mapping(statement, "Condition").items()
            for key, wanted in cast("dict[str, Any]", keys).items()
        )
    )


def _names_principal(statement: Statement, principal: str) -> bool:
    if not principal:
        return True
    stated = statement.get("Principal")
    named: list[Any] = [] if not isinstance(stated, dict) else listed(cast("dict[str, Any]", stated).get("Service"))
    return stated == "*" or principal in named


def _covers(statement: Statement, element: str, actual: str, request: Request, *, sensitive: bool) -> bool:
    if f"Not{element}" in statement:
        return not _any_matches(listed(statement[f"Not{element}"]), actual, request, sensitive=sensitive)
    return _any_matches(listed(statement.get(element)), actual, request, sensitive=sensitive)


def _any_matches(patterns: Sequence[Any], actual: str, request: Request, *, sensitive: bool) -> bool:
    return any(_like(filled, actual, sensitive=sensitive) for one in patterns if (filled := _filled(one, request)))


def _condition_holds(operator: str, key: str, wanted: Sequence[Any], request: Request) -> bool:
    qualifier, _, plain = operator.rpartition(":")
    actual = _values(request, key)
    if plain == "Null":
        return (not actual) == (str(wanted[0]).lower() == "true")
    plain, optional = (plain[:-8], True) if plain.endswith("IfExists") else (plain, False)
    if not actual:
        return optional or qualifier == "ForAllValues" or (not qualifier and plain in _NEGATED)
    compare = _OPERATORS.get(plain)
    if compare is None:
        return False
    expected = [filled for one in wanted if (filled := _filled(one, request)) is not None]
    met = [any(compare(one, value) for one in expected) for value in actual]
    if plain in _NEGATED:
        met = [all(compare(one, value) for one in expected) for value in actual]
    return any(met) if qualifier == "ForAnyValue" else all(met)


def _values(request: Request, key: str) -> list[str]:
    wanted = key.lower()
    for name, value in request.context.items():
        if name.lower() == wanted:
            return [value] if isinstance(value, str) else list(value)
    return []


def _filled(pattern: Any, request: Request) -> str | None:
    """The pattern with its policy variables filled in; None when one has no value, and then nothing matches."""
    stated = str(pattern)
    if "${" not in stated:
        return stated
    missing = False

    def fill(found: re.Match[str]) -> str:
        nonlocal missing
        name, _, default = found.group(1).partition(",")
        if name in ("*", "?", "$"):
            return f"\x00{ord(name):03d}"
        values = _values(request, name.strip())
        if len(values) == 1:
            return values[0]
        missing = missing or not default
        return default.strip().strip("'")

    filled = re.sub(r"\$\{([^}]+)\}", fill, stated)
    return None if missing else filled


def _like(pattern: str, actual: str, *, sensitive: bool = True) -> bool:
    if pattern == "*":
        return True
    return _compiled(pattern, sensitive=sensitive).fullmatch(actual) is not None


@cache
def _compiled(pattern: str, *, sensitive: bool) -> re.Pattern[str]:
    parts = re.split(r"(\*|\?|\x00\d{3})", pattern)
    expression = "".join(".*" if part == "*" else "." if part == "?" else re.escape(_literal(part)) for part in parts)
    return re.compile(expression, 0 if sensitive else re.IGNORECASE)


def _literal(part: str) -> str:
    return chr(int(part[1:])) if part.startswith("\x00") else part


def _arn_like(pattern: str, actual: str) -> bool:
    # Each of the six parts is compared by itself: a star in one does not reach into the next.
    wanted, found = pattern.split(":", 5), actual.split(":", 5)
    return len(wanted) == len(found) and all(map(_like, wanted, found))


def _number(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    def compared(wanted: str, actual: str) -> bool:
        try:
            return compare(float(actual), float(wanted))
        except ValueError:
            return False

    return compared


def _not(compare: Callable[[str, str], bool]) -> Callable[[str, str], bool]:
    return lambda wanted, actual: not compare(wanted, actual)


def _same(wanted: str, actual: str) -> bool:
    return _literal_text(wanted) == actual


def _same_but_for_case(wanted: str, actual: str) -> bool:
    return _literal_text(wanted).lower() == actual.lower()


def _literal_text(filled: str) -> str:
    return re.sub(r"\x00\d{3}", lambda found: _literal(found.group()), filled)


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": _same,
    "StringNotEquals": _not(_same),
    "StringEqualsIgnoreCase": _same_but_for_case,
    "StringNotEqualsIgnoreCase": _not(_same_but_for_case),
    "StringLike": _like,
    "StringNotLike": _not(_like),
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "ArnNotEquals": _not(_arn_like),
    "ArnNotLike": _not(_arn_like),
    "Bool": _same_but_for_case,
    "NumericEquals": _number(lambda actual, wanted: actual == wanted),
    "NumericNotEquals": _number(lambda actual, wanted: actual != wanted),
    "NumericLessThan": _number(lambda actual, wanted: actual < wanted),
    "NumericLessThanEquals": _number(lambda actual, wanted: actual <= wanted),
    "NumericGreaterThan": _number(lambda actual, wanted: actual > wanted),
    "NumericGreaterThanEquals": _number(lambda actual, wanted: actual >= wanted),
}
# These hold for a key that is not there. Dates and addresses are not compared: no context here carries any.
_NEGATED = frozenset(name for name in _OPERATORS if "Not" in name) | {"DateNotEquals", "NotIpAddress"}


def listed(value: Any) -> list[Any]:
    """IAM takes one value in place of a list of one."""
    if value is None:
        return []
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def text(statement: Statement, element: str) -> str:
    """The text under an element, empty when there is none."""
    found = statement.get(element)
    return found if isinstance(found, str) else ""


def mapping(statement: Statement, element: str) -> dict[str, Any]:
    """The map under an element, empty when there is none."""
    found = statement.get(element)
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}
