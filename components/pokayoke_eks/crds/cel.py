"""The CEL rules of a CRD (`x-kubernetes-validations`) as Python, with CEL's own treatment of what cannot be evaluated.

A rule is a function on plain JSON: the API server runs rules on objects that break their schema in lesser ways too
(a pattern, a bound), of which no model can be made. Source of order and wording: k8s.io/apiextensions-apiserver
v0.36.3, `pkg/apiserver/schema/cel/validation.go`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from ipaddress import ip_address
from typing import Any, cast

from .field_errors import FieldError, invalid
from .structural import json_type

_INT64 = 2**63
_DURATION = r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)"
_SECONDS = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "μs": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
}


class EvaluationError(Exception):
    """A rule met something that CEL has no value for; `str()` is CEL's text for it."""


@dataclass(frozen=True)
class Rule:
    """One rule: where it stands (`spec.taints[].key`), what it says when it is broken, whether a value keeps it."""

    path: str
    message: str
    holds: Callable[[Any], bool]


@dataclass(frozen=True)
class Transition:
    """One rule on a change, with `oldSelf`: whether a new value may follow an old one."""

    path: str
    message: str
    holds: Callable[[Any, Any], bool]


def rule_errors(rules: Sequence[Rule], obj: Any) -> Iterator[FieldError]:
    """The rules that an object breaks."""
    for rule in rules:
        for path, value in _located(obj, rule.path):
            yield from _error(path, value, rule.message, partial(rule.holds, value))


def transition_errors(transitions: Sequence[Transition], old: Any, new: Any) -> Iterator[FieldError]:
    """The rules that a change breaks; one with nothing before it breaks none."""
    for rule in transitions:
        before = dict(_located(old, rule.path))
        for path, value in _located(new, rule.path):
            if path in before:
                yield from _error(path, value, rule.message, partial(rule.holds, before[path], value))


def has(value: Mapping[str, Any], *names: str) -> bool:
    """CEL's `has`, of any of the names."""
    return any(name in value for name in names)


def get(value: Mapping[str, Any], name: str) -> Any:
    """A field that CEL reads. Raises `EvaluationError` where it is not there."""
    if name not in value:
        raise EvaluationError(f"no such key: {name}")
    return value[name]


def at(value: Sequence[Any], index: int) -> Any:
    """An item that CEL reads. Raises `EvaluationError` where there is none."""
    if index >= len(value):
        raise EvaluationError(f"index out of bounds: {index}")
    return value[index]


def integer(text: str) -> int:
    """CEL's `int(string)`. Raises `EvaluationError` for what Go's `ParseInt` does not read as 64 bits."""
    if re.fullmatch(r"[+-]?[0-9]+", text) is None or not -_INT64 <= int(text) < _INT64:
        raise EvaluationError("type conversion error from 'string' to 'int'")
    return int(text)


def is_ip(text: str) -> bool:
    """CEL's `isIP`, of Kubernetes' library: neither zones nor IPv4 addresses mapped into IPv6 are addresses to it."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return "%" not in text and (address.version == 4 or address.ipv4_mapped is None)


def duration(text: str) -> Fraction:
    """CEL's `duration(string)`, in seconds. Raises `EvaluationError` for what Go's `ParseDuration` does not read."""
    sign, unsigned = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if unsigned == "0":
        return Fraction(0)
    if re.fullmatch(f"({_DURATION})+", unsigned) is None:
        raise EvaluationError("type conversion error from 'string' to 'google.protobuf.Duration'")
    parts = re.findall(_DURATION, unsigned)
    return sign * sum((Fraction(f"0{number}") * _SECONDS[unit] for number, unit in parts), start=Fraction(0))


def every(items: Iterable[Any], keeps: Callable[[Any], bool]) -> bool:
    """CEL's `all`: one item that does not keep it decides, whatever could not be evaluated for others."""
    return not some(items, lambda item: not keeps(item))


def only_one(items: Iterable[Any], keeps: Callable[[Any], bool]) -> bool:
    """CEL's `exists_one`: what could not be evaluated for one item is not known of all."""
    return [keeps(item) for item in items].count(True) == 1


def some(items: Iterable[Any], keeps: Callable[[Any], bool]) -> bool:
    """CEL's `exists`: one item that keeps it decides, whatever could not be evaluated for others."""
    unknown: EvaluationError | None = None
    for item in items:
        try:
            if keeps(item):
                return True
        except EvaluationError as error:
            unknown = unknown or error
    if unknown is not None:
        raise unknown
    return False


def _error(path: str, value: Any, message: str, held: Callable[[], bool]) -> Iterator[FieldError]:
    try:
        if not held():
            yield invalid(path, value, message)
    except EvaluationError as error:
        yield FieldError(path, f'Invalid value: "{json_type(value)}": {error} evaluating rule: {message}')


def _located(value: Any, path: str, where: str = "") -> Iterator[tuple[str, Any]]:
    if not path:
        yield where, value
        return
    step, _, rest = path.partition(".")
    name, many = step.removesuffix("[]"), step.endswith("[]")
    if not isinstance(value, dict) or name not in value:
        return
    found: Any = cast("dict[str, Any]", value)[name]
    inside = f"{where}.{name}" if where else name
    if not many:
        yield from _located(found, rest, inside)
    elif isinstance(found, list):
        for index, item in enumerate(cast("list[Any]", found)):
            yield from _located(item, rest, f"{inside}[{index}]")
