"""An index of things in clusters, so that a policy does not go over all of them for each resource that it judges."""

from collections.abc import Hashable, Iterable
from typing import Any, Generic, TypeVar

One = TypeVar("One")
_ANY = object()
"""In the place of a cluster, every one."""


class Near(Generic[One]):
    """Things by a key each, in their order. `None` stands for a cluster that is not told: what is in it may be in any,
    and whoever asks for it may mean any."""

    def __init__(self, placed: Iterable[tuple[Any, Hashable, One]]) -> None:
        self._placed: dict[tuple[Hashable, Any], list[tuple[int, One]]] = {}
        self._found: dict[tuple[Hashable, Any], list[One]] = {}
        for place, (key, cluster, one) in enumerate(placed):
            for where in (cluster, _ANY):
                self._placed.setdefault((hashable(key), where), []).append((place, one))

    def of(self, cluster: Hashable, key: Any = None) -> list[One]:
        """The things of a key that may be in a cluster. Nobody changes the list."""
        asked = (hashable(key), _ANY if cluster is None else cluster)
        found = self._found.get(asked)
        if found is None:
            told, untold = (dict(self._placed.get(one, ())) for one in (asked, (asked[0], None)))
            both = {**told, **untold}
            found = self._found[asked] = [both[place] for place in sorted(both)]
        return found


def hashable(value: Any) -> Hashable:
    """What may be looked up in place of a value: itself, but for mappings and lists."""
    try:
        hash(value)
    except TypeError:
        return _ANY, repr(value)
    return value
