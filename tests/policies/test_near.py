"""What is looked up by key and cluster is found in its order, with what may be in any cluster."""

from typing import Any

import pytest

from pokayoke_policies.near import Near, hashable

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
    assert near.of(cluster, key) == found
    assert near.of(cluster, key) is near.of(cluster, key)


def test_things_without_a_key_are_found_without_one() -> None:
    assert Near((None, where, where) for where in ("one", None)).of("one") == ["one", None]


def test_what_may_be_looked_up_stands_for_itself() -> None:
    assert hashable("a") == "a"
    assert hashable([1]) != "[1]"
    assert hashable([1]) == hashable([1]) != hashable([2])
