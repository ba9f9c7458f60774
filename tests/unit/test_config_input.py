"""Whatever is handed in: a valid config or located errors, never another exception, and the input stays as it was."""

import asyncio
import string
from datetime import date
from ipaddress import IPv4Network
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from soundness import SOUND, TODAY

from pokayoke_eks.config import ConfigErrors, PlatformConfig, PoolConfig, load

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.binary(max_size=5)
    | st.dates()
    | st.sampled_from(["10.0.0.0/16", "0.0.0.0/0", "a", "1.36", "private", "retained", "${x}", "ap-northeast-1"])
)
KEYS = st.sampled_from([*SOUND, "cidr", "zones", "public", "reason", "pools", "tags", "addons", "vpc-cni"]) | SCALARS
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.sets(st.integers(), max_size=2)
    ),
    max_leaves=12,
)
POOL_VALUES = st.sampled_from(
    [
        ["t4g.nano", "m7g.large"],
        ["c7i.large"],
        ["m", "c"],
        ["t4g"],
        [2, 4],
        ["spot"],
        {"cpu": "1e3", "memory": "1Ti"},
        {"cpu": 1, "memory": "1"},
        110,
        "1h",
        [{"key": "a", "effect": "NoSchedule"}],
        [{"key": "a", "effect": "NoSchedule", "removed_by": "b"}],
    ]
)
FIELDS = [*SOUND, "addons", "versions", "tags", "service_cidr", "system_instance", "allow_destroy"]


def expect_a_verdict(raw: object) -> None:
    before = repr(raw)
    loaded = load(raw, today=TODAY)
    assert (loaded.config is None) == bool(loaded.errors)
    for error in loaded.errors:
        assert error.path
        assert str(error).count("\n") == 0
        assert "errors.pydantic.dev" not in str(error)
    assert repr(raw) == before


@given(ANYTHING)
def test_anything_is_a_config_or_located_errors(raw: object) -> None:
    expect_a_verdict(raw)


@given(st.sampled_from(FIELDS), ANYTHING)
def test_any_value_in_any_field_is_judged(field: str, value: object) -> None:
    expect_a_verdict({**SOUND, field: value})


@given(st.sampled_from(["cidr", "zones", "interface_endpoints", "zone"]), ANYTHING)
def test_any_value_in_any_field_of_a_region_is_judged(field: str, value: object) -> None:
    regions = {"eu-west-1": {**SOUND["regions"]["ap-northeast-2"], field: value}}
    expect_a_verdict({**SOUND, "regions": regions})


@given(st.lists(st.tuples(st.sampled_from(list(PoolConfig.model_fields)), ANYTHING | POOL_VALUES), max_size=3))
def test_any_value_in_any_field_of_a_pool_is_judged(exchanged: list[tuple[str, object]]) -> None:
    """And a pool without errors answers whatever components ask of it."""
    pool = {"name": "general", "instances": ["m7g.large"], "limits": {"cpu": 32, "memory": "64Gi"}}
    raw = {**SOUND, "pools": [{**pool, **dict(exchanged)}]}
    expect_a_verdict(raw)
    config = load(raw, today=TODAY).config
    for one in config.pools if config else ():
        assert one.architecture in ("arm64", "amd64")
        assert one.pods_per_node > 4
        assert one.largest_node


@given(st.text(string.printable, max_size=40))
def test_any_text_as_a_key_is_refused_at_a_path_of_one_line(key: str) -> None:
    expect_a_verdict({**SOUND, key: "x", "tags": {key: "x"}, "regions": {key: {}}})


class Hostile:
    """Raises wherever it is touched."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __repr__(self) -> str:
        raise RuntimeError


class SlyText(str):
    def __str__(self) -> str:
        raise RuntimeError

    def __len__(self) -> int:
        raise RuntimeError


class SlyMapping(dict[str, Any]):
    def items(self) -> Any:
        raise RuntimeError

    def __iter__(self) -> Any:
        raise RuntimeError


def test_objects_that_raise_are_refused_at_their_path() -> None:
    (error,) = load({**SOUND, "name": Hostile()}, today=TODAY).errors
    assert error.path == "name"
    assert "an object of type 'Hostile' is no plain data" in error.problem


def test_no_code_of_a_foreign_type_is_run() -> None:
    raw = SlyMapping({**SOUND, "name": SlyText("demo"), "tags": SlyMapping({"team": "x"})})
    config = load(raw, today=TODAY).config
    assert config is not None
    assert type(config.name) is str


def test_what_contains_itself_is_refused() -> None:
    loop: dict[str, Any] = dict(SOUND)
    loop["tags"] = loop
    assert any("nested too deeply" in error.problem for error in load(loop, today=TODAY).errors)


@pytest.mark.parametrize(
    "raw",
    [
        {f"k{number}": number for number in range(100_000)},
        {**SOUND, "admins": ["x"] * 1_000_000},
        {**SOUND, "tags": {"x": "y" * 10_000_000}},
        {**SOUND, "kubernetes": 10**5_000},
        {**SOUND, "kubernetes": "1." + "9" * 1_999},
    ],
    ids=["keys", "items", "text", "number", "version"],
)
def test_huge_input_is_refused_at_once(raw: dict[str, Any]) -> None:
    errors = load(raw, today=TODAY).errors
    assert 0 < len(errors) < 20
    assert all(len(str(error)) < 500 for error in errors)


def test_an_output_of_a_resource_does_not_pass() -> None:
    async def output() -> Any:
        return pulumi.Output.from_input("demo")

    (error,) = load({**SOUND, "name": asyncio.run(output())}, today=TODAY).errors
    assert "outputs of resources do not pass through the config" in error.remedy


def test_a_model_raises_every_error_at_once_in_the_same_words() -> None:
    with pytest.raises(ConfigErrors) as raised:
        PlatformConfig.model_validate({**SOUND, "name": "X", "lifecycle": "y"}, context=date(2026, 11, 21))
    assert [error.path for error in raised.value.errors] == ["name", "lifecycle"]
    assert str(raised.value).splitlines() == [str(error) for error in raised.value.errors]


def test_values_that_are_parsed_already_are_taken_as_they_are() -> None:
    config = PlatformConfig.model_validate({**SOUND, "service_cidr": IPv4Network("10.100.0.0/16")}, context=TODAY)
    assert load(config, today=TODAY).config == config
