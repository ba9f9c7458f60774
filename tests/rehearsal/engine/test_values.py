"""Property values on their way between the wire, providers and the state file."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pokayoke_rehearsal.engine import values
from pokayoke_rehearsal.engine.callbacks import as_outputs, with_dependencies

SCALARS = st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.recursive(
    SCALARS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ANY = st.recursive(
    PLAIN | st.just(values.UNKNOWN),
    lambda inner: (
        st.builds(values.secret, inner)
        | st.builds(
            lambda value, hidden: values.output(value, hidden=hidden, dependencies=["urn"]), inner, st.booleans()
        )
        | st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
MAPS = st.dictionaries(st.text(max_size=5), ANY, max_size=4)


@given(MAPS)
def test_what_goes_over_the_wire_comes_back_as_it_was(properties: dict[str, Any]) -> None:
    assert values.equal(values.from_struct(values.to_struct(properties)), properties)


@given(MAPS)
def test_a_peer_that_accepts_nothing_sees_plain_values_only(properties: dict[str, Any]) -> None:
    visible = values.for_peer(properties, secrets=False, resources=False, unknowns=False)
    assert not values.marked(visible)
    assert not values.contains_unknowns(visible)


@given(ANY)
def test_masked_values_hold_no_secret(value: Any) -> None:
    assert not values.contains(values.mask(value), values.is_secret)


@given(st.dictionaries(st.text(max_size=5), PLAIN, max_size=4))
def test_plain_values_are_handed_on_without_a_copy(properties: dict[str, Any]) -> None:
    assert values.for_peer(properties) is properties
    assert values.lower_outputs(properties) is properties


def test_whole_numbers_come_back_as_integers_and_booleans_stay_booleans() -> None:
    back = values.from_struct(values.to_struct({"n": 3.0, "big": 2.0**60, "f": 1.5, "yes": True}))
    assert [type(back[key]) for key in ("n", "big", "f", "yes")] == [int, float, float, bool]


def test_true_is_not_one() -> None:
    assert not values.equal({"a": [True]}, {"a": [1]})
    assert values.equal({"a": [1.0]}, {"a": [1]})


def test_a_secret_that_a_provider_returns_bare_is_a_secret_again() -> None:
    outputs: dict[str, Any] = {"token": "t", "nested": {"key": "k", "open": 1}, "list": ["x"]}
    inputs = {
        "token": values.secret("t"),
        "nested": {"key": values.secret("k")},
        "list": [values.secret("x")],
        "gone": values.secret("g"),
    }
    values.annotate_secrets(outputs, inputs)
    assert outputs == {
        "token": values.secret("t"),
        "nested": {"key": values.secret("k"), "open": 1},
        "list": values.secret(["x"]),
    }


def test_a_reference_is_its_id_or_else_its_urn_for_who_accepts_none() -> None:
    reference = {values.SIGNATURE: values.RESOURCE, "urn": "u"}
    seen = values.for_peer(
        {"new": {**reference, "id": ""}, "known": {**reference, "id": "i"}, "component": reference}, resources=False
    )
    assert seen == {"new": values.UNKNOWN, "known": "i", "component": "u"}


def test_transforms_see_secrets_and_unknowns_as_outputs_with_their_dependencies() -> None:
    seen = as_outputs(
        {"a": values.UNKNOWN, "b": values.secret("s"), "c": [values.secret(values.UNKNOWN)], "d": "plain"}
    )
    seen = with_dependencies(seen, {"a": ["u1"], "d": ["u2"]})
    assert values.output_dependencies(seen) == ["u1", "u2"]
    assert values.lower_outputs(seen) == {
        "a": values.UNKNOWN,
        "b": values.secret("s"),
        "c": [values.secret(values.UNKNOWN)],
        "d": "plain",
    }
