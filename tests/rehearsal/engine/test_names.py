"""URNs, aliases, property paths and what packages are called."""

import pytest

from pokayoke_rehearsal.engine import paths, urns
from pokayoke_rehearsal.engine.aliasing import Aliasing
from pokayoke_rehearsal.engine.defaults import Package
from pokayoke_rehearsal.engine.errors import EngineError
from pokayoke_rehearsal.engine.goal import Alias
from pokayoke_rehearsal.engine.options import seconds
from pokayoke_rehearsal.engine.values import secret

STACK = urns.make("dev", "shop", "", urns.STACK_TYPE, "shop-dev")
GROUP = urns.make("dev", "shop", STACK, "my:m:Group", "g")
CHILD = urns.make("dev", "shop", GROUP, "aws:s3:Bucket", "g-b")


def test_a_urn_names_the_types_above_it_but_not_the_stack() -> None:
    assert CHILD == "urn:pulumi:dev::shop::my:m:Group$aws:s3:Bucket::g-b"
    assert (urns.type_of(CHILD), urns.name_of(CHILD)) == ("aws:s3:Bucket", "g-b")


def test_a_name_may_hold_the_separator() -> None:
    assert urns.name_of(urns.make("dev", "shop", "", "a:b:C", "x::y")) == "x::y"


def test_a_provider_reference_splits_into_urn_and_id() -> None:
    provider = urns.make("dev", "shop", "", "pulumi:providers:aws", "default")
    assert urns.split_reference(f"{provider}::some-id") == (provider, "some-id")
    assert urns.package_of(urns.type_of(provider)) == "aws"
    with pytest.raises(ValueError, match="no-reference"):
        urns.split_reference("no-reference")


def test_a_renamed_parent_renames_the_children_that_bear_its_name() -> None:
    aliasing = Aliasing("shop", "dev")
    renamed = urns.make("dev", "shop", "", "my:m:Group", "h")
    aliasing.take(renamed, GROUP)
    assert aliasing.candidates("h-b", "aws:s3:Bucket", renamed, []) == [CHILD]


def test_an_alias_says_only_what_was_different() -> None:
    aliasing = Aliasing("shop", "dev")
    found = aliasing.candidates(
        "b",
        "aws:s3:Bucket",
        GROUP,
        [Alias(name="old"), Alias(no_parent=True), Alias(type="aws:s3:Old"), Alias(urn="u")],
    )
    assert found == [
        "urn:pulumi:dev::shop::my:m:Group$aws:s3:Bucket::old",
        "urn:pulumi:dev::shop::aws:s3:Bucket::b",
        "urn:pulumi:dev::shop::my:m:Group$aws:s3:Old::b",
        "u",
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a.b", ("a", "b")),
        ("a[0].b", ("a", 0, "b")),
        ('a["x.y"][*]', ("a", "x.y", "*")),
        ('["a\\"b"]', ('a"b',)),
        ("*", ("*",)),
    ],
)
def test_a_property_path_reads_as_its_steps(text: str, path: paths.Path) -> None:
    assert paths.parse(text) == path


@pytest.mark.parametrize("text", [".a", "a.", "a[x]", "a[0", 'a["b]'])
def test_what_is_no_property_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"property path|index|does not end"):
        paths.parse(text)


def test_a_path_covers_what_lies_below_it() -> None:
    assert paths.covers(paths.parse("a[*].b"), paths.parse("a[3].b.c"))
    assert not paths.covers(paths.parse("a.b"), paths.parse("a"))


@pytest.mark.parametrize(
    ("path", "old", "new", "after", "possible"),
    [
        ("a", {"a": 1}, {"a": 2}, {"a": 1}, True),
        ("a", {}, {"a": 2}, {}, True),
        ("a", {"a": 1}, {}, {"a": 1}, True),
        ("a.b", {"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, {"a": {"b": 1, "c": 3}}, True),
        ("a.b", {"a": {"b": 1}}, {}, {}, False),
        ("a[1]", {"a": [1, 2]}, {"a": [3, 4]}, {"a": [3, 2]}, True),
        ("a[1]", {"a": [1, 2]}, {"a": [3]}, {"a": [3]}, False),
        ("a[*].k", {"a": [{"k": 1}]}, {"a": [{"k": 2, "o": 3}]}, {"a": [{"k": 1, "o": 3}]}, True),
        ("*", {"a": 1}, {"a": 2, "b": 3}, {"a": 1}, True),
        ("a", {"a": secret(1)}, {"a": 2}, {"a": secret(1)}, True),
        ("a.b", {"a": secret({"b": 1})}, {"a": {"b": 2}}, {"a": {"b": secret(1)}}, True),
    ],
)
def test_an_ignored_property_keeps_its_old_value(
    path: str, old: dict[str, object], new: dict[str, object], after: dict[str, object], possible: bool
) -> None:
    assert paths.reset(paths.parse(path), old, new) is possible
    assert new == after


def test_default_providers_are_named_after_version_and_origin() -> None:
    assert Package("aws").default_name == "default"
    assert Package("aws", "7.25.0-rc.1").default_name == "default_7_25_0_rc_1"
    assert Package("aws", "", "https://example.com/p?q").default_name == "default_https_/example.com/p_q"


def test_durations_are_read_as_seconds() -> None:
    assert [seconds(text) for text in ("1h30m", "40s", "1.5m", "500ms")] == [5400, 40, 90, 0.5]
    with pytest.raises(EngineError, match="10 parsecs"):
        seconds("10 parsecs")
