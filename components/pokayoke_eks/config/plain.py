"""Whatever a caller hands in becomes plain data first, copied, within limits; later code meets no foreign object."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network
from typing import Any, TypeGuard, cast

from ..rules.finding import Finding, shown
from .base import Model
from .errors import ConfigError, join

MOST_VALUES = 2_000
DEEPEST = 12
LONGEST_TEXT = 2_000
LARGEST_NUMBER = 10**12

# The built-in types' own methods: what a subclass makes of them is not asked.
_text_of = cast("Callable[[object], str]", str.__str__)
_number_of = cast("Callable[[object], int]", int.__int__)
_pairs_of = cast("Callable[[object], Iterable[tuple[object, object]]]", cast("Any", dict).items)
_items_of = {
    list: cast("Callable[[object], Iterable[object]]", cast("Any", list).__iter__),
    tuple: cast("Callable[[object], Iterable[object]]", cast("Any", tuple).__iter__),
}


class Copy:
    """A plain copy of `raw` (dicts, lists, text, numbers, switches, ranges), and an error for what cannot be copied."""

    def __init__(self, raw: object) -> None:
        self.errors: list[ConfigError] = []
        self._left = MOST_VALUES
        self.value: object = self._copy(raw, "", 0)
        if self._left <= 0:
            self.value, self.errors = None, []
            self._refuse("", f"it holds more than {MOST_VALUES} values", "A platform needs a few dozen.")

    def _copy(self, raw: object, path: str, depth: int) -> object:
        self._left -= 1
        kind = type(raw)
        if self._left <= 0:
            return None
        if kind in (bool, float, type(None), IPv4Network):
            return raw
        if issubclass(kind, str):
            return self._text(_text_of(raw), path)
        if issubclass(kind, int):
            return self._number(_number_of(raw), path)
        if issubclass(kind, Model):
            return self._copy(cast("Model", raw).spelt(), path, depth)
        if not issubclass(kind, (dict, list, tuple)):
            return self._refuse(
                path,
                f"an object of type {shown(kind.__name__)} is no plain data",
                "Write text, numbers, lists and mappings; outputs of resources do not pass through the config.",
            )
        if depth == DEEPEST:
            return self._refuse(path, "it is nested too deeply", f"No config is more than {DEEPEST} levels deep.")
        if issubclass(kind, dict):
            return self._mapping(_pairs_of(raw), path, depth)
        return self._list(_items_of[list if issubclass(kind, list) else tuple](raw), path, depth)

    def _list(self, raw: Iterable[object], path: str, depth: int) -> list[object]:
        copy: list[object] = []
        for index, item in enumerate(raw):
            if self._left <= 0:
                break
            copy.append(self._copy(item, join(path, index), depth + 1))
        return copy

    def _mapping(self, raw: Iterable[tuple[object, object]], path: str, depth: int) -> dict[str, object]:
        copy: dict[str, object] = {}
        for key, value in raw:
            if self._left <= 0:
                break
            if not issubclass(type(key), str):
                self._refuse(path, f"a key is {kind_of(key)}, not text", "Write every key as text, in quotes.")
                continue
            name = self._text(_text_of(key), path)
            if name is not None:
                copy[name] = self._copy(value, join(path, name), depth + 1)
        return copy

    def _text(self, text: str, path: str) -> str | None:
        if len(text) > LONGEST_TEXT:
            return self._refuse(path, f"it is {len(text)} characters long", f"Nothing here needs over {LONGEST_TEXT}.")
        if not text.isprintable():
            return self._refuse(path, f"{shown(text)} holds characters that cannot be printed", "Take them out.")
        return text

    def _number(self, number: int, path: str) -> int | None:
        if abs(number) > LARGEST_NUMBER:
            return self._refuse(path, "the number is beyond anything that is counted here", "Write a smaller one.")
        return number

    def _refuse(self, path: str, problem: str, remedy: str) -> None:
        self.errors.append(ConfigError.at(path, Finding(problem, remedy)))


def is_mapping(value: object) -> TypeGuard[dict[str, object]]:
    """Whether plain data is a mapping."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    """Whether plain data is a list."""
    return isinstance(value, list)


def kind_of(value: object) -> str:
    """What a value is, in YAML's words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"the switch {str(value).lower()}"
        case float() | int():
            return f"the number {value}" if abs(value) <= LARGEST_NUMBER else "a number"
        case str():
            return f"the text {shown(value)}" if value else "empty text"
        case list() | tuple():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return f"an object of type {shown(type(value).__name__)}"
