"""What is looked up by key and cluster is found in its order, with what may be in any cluster."""

from collections.abc import Iterator
from typing import Any

import pytest

from pokayoke_policies.near import Found, Near, hashable

THINGS = [
    ("a", "one", 1),
    ("a", None, 2),
    ("b", "one", 3),
    ("a", "two", 4),
    ("a", "one", 5),
    ([1], "one", 6),
    ({"x": []}, None, 7),
]


@pytest.mark.parametrize(
    ("cluster", "key", "found"),
    [
        ("one", "a", [1, 2, 5]),
        ("two", "a", [2, 4]),
        ("three", "a", [2]),
        (None, "a", [1, 2, 4, 5]),
        ("one", "b", [3]),
        ("two", "b", []),
        (None, "c", []),
        ("one", [1], [6]),
        ("two", {"x": []}, [7]),
        ("two", {"x": [1]}, []),
    ],
    ids=["own", "other", "unheard-of", "any", "only-told", "none", "no-key", "list", "mapping", "another-mapping"],
)
def test_things_are_found_by_key_in_a_cluster_or_in_any(cluster: str | None, key: Any, found: list[int]) -> None:
    near = Near(iter(THINGS))
    assert list(near.of(cluster, key)) == found
    assert len(near.of(cluster, key)) == len(found)
    assert [near.of(cluster, key)[place] for place in range(len(found))] == found
    with pytest.raises(IndexError):
        near.of(cluster, key)[len(found)]


def test_things_without_a_key_are_found_without_one() -> None:
    assert list(Near((None, where, where) for where in ("one", None)).of("one")) == ["one", None]


def test_what_was_found_is_gone_through_as_far_as_somebody_asks() -> None:
    looked: list[int] = []

    class Placed(list[tuple[int, int]]):
        def __iter__(self) -> Iterator[tuple[int, int]]:
            for place, one in super().__iter__():
                looked.append(place)
                yield place, one

    found = Found(Placed((place, place) for place in range(0, 100, 2)), Placed((place, place) for place in (1, 51)))
    assert found[1] == 1
    assert looked == [0, 1, 2]


def test_what_may_be_looked_up_stands_for_itself() -> None:
    assert hashable("a") == "a"
    assert hashable([1]) != "[1]"
    assert hashable([1]) == hashable([1]) != hashable([2])
