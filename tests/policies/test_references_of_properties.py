"""What a property refers to, and what of it is known."""

from typing import Any

import pytest

from pokayoke_policies.raw import (
    UNKNOWN,
    NotKnownError,
    known_list,
    known_mappings_at,
    list_at,
    list_of,
    mapping_at,
    mapping_of,
    mappings_at,
    stated,
)
from pokayoke_policies.references import is_given, names_others, referred, referring, region_of, texts_in
from pokayoke_policies.stack import Member, Stack

SUBNET, VPC = "aws:ec2/subnet:Subnet", "aws:ec2/vpc:Vpc"


def one(name: str, kind: str = SUBNET, said: dict[str, Any] | None = None, **more: Any) -> Member:
    return Member(name, kind, lambda: said or {}, **more)


def test_a_property_refers_to_what_its_value_comes_from_and_to_what_it_names() -> None:
    member = one("a", VPC, {"ids": ["subnet-1", UNKNOWN]}, sources={"ids": ("b", "gone"), "other": ("c",)})
    stack = Stack([member, one("b"), one("c"), one("d", said={"id": "subnet-1"}), one("e", VPC, {"arn": "subnet-1"})])
    assert [found.urn for found in referred(stack, member, "ids", SUBNET)] == ["b", "d"]
    assert [found.urn for found in referred(stack, member, "ids", SUBNET, VPC)] == ["b", "d", "e"]
    assert referred(stack, member, "nothing", SUBNET) == []


def test_what_refers_to_a_resource_is_found_from_its_other_end() -> None:
    users = [one(name, VPC, {"ids": ["subnet-1"]}) for name in ("x", "y")]
    stack = Stack([*users, one("z", SUBNET, {"ids": ["subnet-1"]}), one("d", said={"id": "subnet-1"}), one("e")])
    assert [found.urn for found in referring(stack, VPC, "ids", stack.members["d"])] == ["x", "y"]
    assert [found.urn for found in referring(stack, SUBNET, "ids", stack.members["d"])] == ["z"]
    assert referring(stack, VPC, "ids", stack.members["e"]) == []
    assert referring(stack, VPC, "others", stack.members["d"]) == []


@pytest.mark.parametrize(
    ("said", "sources", "others"),
    [
        (["subnet-1"], (), False),
        (["subnet-1", "subnet-9"], (), True),
        ([UNKNOWN], ("d",), False),
        ([UNKNOWN], ("holder",), True),
        ([UNKNOWN], ("empty",), False),
        ([UNKNOWN], ("gone",), False),
        (None, (), False),
    ],
    ids=["own", "of-others", "from-one", "from-a-component", "from-another", "gone", "none"],
)
def test_ids_that_nothing_of_the_stack_carries_are_of_others(said: Any, sources: Any, others: bool) -> None:
    member = one("a", VPC, {"ids": said}, sources={"ids": sources})
    holder, empty = one("holder", "example:index:Network"), one("empty", "example:index:Network")
    inside = one("inner", parent="holder")
    stack = Stack([member, one("d", said={"id": "subnet-1"}), holder, inside, empty])
    assert names_others(stack, member, "ids", SUBNET) == others
    assert not names_others(stack, member, "none", SUBNET)


def test_every_text_in_a_value_counts() -> None:
    assert list(texts_in({"a": ["x", {"b": "y"}, 1, UNKNOWN], "c": None})) == ["x", "y"]


@pytest.mark.parametrize(
    ("said", "provider", "region"),
    [
        ({"region": "eu-west-1"}, {"region": "ap-northeast-2"}, "eu-west-1"),
        ({}, {"region": "ap-northeast-2"}, "ap-northeast-2"),
        ({"region": UNKNOWN}, {"region": "ap-northeast-2"}, "ap-northeast-2"),
        ({"region": ""}, {}, None),
        ({}, {"region": UNKNOWN}, None),
    ],
    ids=["own", "the-providers", "own-not-known", "empty", "not-known"],
)
def test_a_resource_is_in_its_own_region_or_in_its_providers(said: Any, provider: Any, region: str | None) -> None:
    assert region_of(one("a", said=said, provider_properties=lambda: provider)) == region


def test_what_is_not_known_yet_is_given() -> None:
    assert [is_given(value) for value in (UNKNOWN, "a", [1], "", [], None)] == [True, True, True, False, False, False]


SAID: dict[str, Any] = {
    "map": {"a": 1, "lost": UNKNOWN, "list": [{"b": 2}, "text"], "dim": [{"b": UNKNOWN}], "dark": [UNKNOWN]},
    "text": "x",
}


def test_values_are_read_by_their_paths() -> None:
    assert stated(SAID, "map", "a") == 1
    assert stated(SAID, "map", "none") is stated(SAID, "none", "a") is stated(SAID, "text", "a") is None
    assert mapping_at(SAID, "map")["a"] == 1
    assert mapping_at(SAID, "text") == mapping_at(SAID, "none") == mapping_of([]) == {}
    assert list_at(SAID, "map", "list") == [{"b": 2}, "text"]
    assert list_at(SAID, "text") == list_at(SAID, "none") == list_of({}) == []
    assert mappings_at(SAID, "map", "list") == known_mappings_at(SAID, "map", "list") == [{"b": 2}, {}]
    assert mappings_at(SAID, "map", "dim") == [{"b": UNKNOWN}]
    assert [known_list(value) for value in ([1], UNKNOWN, None)] == [[1], [], []]


@pytest.mark.parametrize(
    ("read", "path"),
    [
        (stated, ("map", "lost")),
        (stated, ("map", "lost", "deeper")),
        (mapping_at, ("map", "lost")),
        (list_at, ("map", "lost")),
        (mappings_at, ("map", "lost")),
        (mappings_at, ("map", "dark")),
        (known_mappings_at, ("map", "dark")),
        (known_mappings_at, ("map", "dim")),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else value.__name__,
)
def test_what_is_not_known_is_named_by_the_path_that_was_asked_for(read: Any, path: tuple[str, ...]) -> None:
    with pytest.raises(NotKnownError) as caught:
        read(SAID, *path)
    assert caught.value.path == path
    assert str(caught.value) == ".".join(path)


@pytest.mark.parametrize("read", [mapping_of, list_of], ids=["mapping", "list"])
def test_a_value_that_is_not_known_is_named_as_its_reader_calls_it(read: Any) -> None:
    with pytest.raises(NotKnownError) as caught:
        read(UNKNOWN, "a", "b")
    assert caught.value.path == ("a", "b")


def test_what_is_not_known_says_so() -> None:
    assert repr(UNKNOWN) == "UNKNOWN"
