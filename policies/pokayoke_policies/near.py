"""An index of things in clusters, so that a policy does not go over all of them for each resource that it judges."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import Any, Generic, TypeVar

One = TypeVar("One")
_ANY = object()
"""In the place of a cluster, every one."""


class Found(Sequence[One]):
    """What was found, in its order: put together as far as somebody goes through it, as of many clusters each may have
    the same many things of which no cluster is told."""

    def __init__(self, *lists: Sequence[tuple[int, One]]) -> None:
        self._lists = lists
        """Each in its order, with places."""

    def __len__(self) -> int:
        return sum(map(len, self._lists))

    def __iter__(self) -> Iterator[One]:
        return (one for _, one in merge(*self._lists))

    def __getitem__(self, index: Any) -> Any:
        """By number from the first on."""
        found: list[Any] = list(islice(self, index + 1))
        return found[index]


class Near(Generic[One]):
    """Things by a key each, in their order. `None` stands for a cluster that is not told: what is in it may be in any,
    and whoever asks for it may mean any."""

    def __init__(self, placed: Iterable[tuple[Any, Hashable, One]]) -> None:
        self._placed: dict[tuple[Hashable, Any], list[tuple[int, One]]] = {}
        for place, (key, cluster, one) in enumerate(placed):
            for where in (cluster, _ANY):
                self._placed.setdefault((hashable(key), where), []).append((place, one))

    def of(self, cluster: Hashable, key: Any = None) -> Found[One]:
        """The things of a key that may be in a cluster."""
        asked = hashable(key)
        where = (_ANY,) if cluster is None else (cluster, None)
        return Found(*(self._placed.get((asked, one), []) for one in where))


def hashable(value: Any) -> Hashable:
    """What may be looked up in place of a value: itself, but for mappings and lists."""
    try:
        hash(value)
    except TypeError:
        return _ANY, repr(value)
    return value
