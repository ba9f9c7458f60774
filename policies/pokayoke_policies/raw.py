"""Raw properties as plain data. The SDK hands out proxies that raise at unknown values, that are no dicts or lists, and
whose numbers are all floats; a judge gets dicts and lists, with `UNKNOWN` where preview cannot tell yet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar, cast

from pulumi_policy.proxy import UnknownValueError

_One = TypeVar("_One")
_Told = TypeVar("_Told")


class Unknown:
    """The type of `UNKNOWN`."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
"""Stands for a value that only `up` will tell."""


class NotKnownError(Exception):
    """A judge needs a value that preview cannot tell."""

    def __init__(self, path: tuple[str, ...]) -> None:
        self.path = path
        super().__init__(".".join(path))


def over(ones: Iterable[_One], judge: Callable[[_One], Iterable[_Told]]) -> Iterator[_Told]:
    """What is said of each. Raises `NotKnownError` after the last where one could not be judged."""
    unknown: NotKnownError | None = None
    for one in ones:
        try:
            yield from judge(one)
        except NotKnownError as error:
            unknown = error
    if unknown is not None:
        raise unknown


def plain(properties: Any) -> dict[str, Any]:
    """The properties as dicts, lists and scalars."""
    return cast("dict[str, Any]", _plain(properties))


def stated(properties: Mapping[str, Any], *path: str) -> Any:
    """The value at a path, or None where any part of it is absent. Raises `NotKnownError` where it is unknown."""
    value: Any = properties
    for key in path:
        if not isinstance(value, dict):
            return None
        value = cast("dict[str, Any]", value).get(key)
        if value is UNKNOWN:
            raise NotKnownError(path)
    return value


def mapping_of(value: Any, *path: str) -> dict[str, Any]:
    """A value that should be a mapping; an empty one for anything else. Raises `NotKnownError` where it is unknown."""
    if value is UNKNOWN:
        raise NotKnownError(path)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def list_of(value: Any, *path: str) -> list[Any]:
    """The same for a list."""
    if value is UNKNOWN:
        raise NotKnownError(path)
    return cast("list[Any]", value) if isinstance(value, list) else []


def known_list(value: Any) -> list[Any]:
    """A list, empty where it is not known yet or is none."""
    return [] if value is UNKNOWN else list_of(value)


def mapping_at(properties: Mapping[str, Any], *path: str) -> dict[str, Any]:
    """The mapping at a path, by the same rules."""
    return mapping_of(stated(properties, *path))


def list_at(properties: Mapping[str, Any], *path: str) -> list[Any]:
    """The list at a path."""
    return list_of(stated(properties, *path))


def mappings_at(properties: Mapping[str, Any], *path: str) -> list[dict[str, Any]]:
    """The entries of the list at a path, each as a mapping."""
    return [mapping_of(one, *path) for one in list_at(properties, *path)]


def known_mappings_at(properties: Mapping[str, Any], *path: str) -> list[dict[str, Any]]:
    """The same where all is known that they say; raises `NotKnownError` where it is not."""
    found = mappings_at(properties, *path)
    if any(UNKNOWN in one.values() for one in found):
        raise NotKnownError(path)
    return found


def entries_at(
    properties: Mapping[str, Any], path: tuple[str, ...], *keys: str
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """What the lists at `keys` below a path hold, each with its own path: `("spec", "containers[0]")`."""
    for key in keys:
        for index, entry in enumerate(list_at(properties, *path, key)):
            yield (*path, f"{key}[{index}]"), entry


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        mapping = cast("Mapping[str, Any]", value)
        return {key: _member(mapping, key) for key in list(mapping)}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        sequence = cast("Sequence[Any]", value)
        return [_member(sequence, index) for index in range(len(sequence))]
    return value


def _member(parent: Any, key: str | int) -> Any:
    try:
        return _plain(parent[key])
    except UnknownValueError:
        return UNKNOWN
