"""Whatever a resource says, the pack answers: an exception in a policy would end the whole operation."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from every_resource import STACK
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pokayoke_policies.practices import PRACTICES

TEXTS = st.sampled_from(
    [UNKNOWN, "", "karpenter", "oci://public.ecr.aws/x/karpenter", "${x}", "{{ x }}", "m7g.large", "In", "100m", "["]
)
KEYS = st.sampled_from(["name", "key", "values", "resources", "limits", "kind", "apiVersion", "spec", "roleArn", "arn"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    """Of which nothing is left out by its settings."""
    asking: dict[str, Any] = {"stacks": ["*"], "required": True, "always": True}
    pack = Pack()
    for slug, practice in PRACTICES.items():
        said = {key: asking[key] for key in practice.settings if key in asking}
        if said:
            pack.configure(slug, "ADVISORY", said)
    return pack


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in items:
        yield (*path, key)
        yield from places(member, (*path, key))


def exchanged(said: dict[str, Any], path: tuple[Any, ...], other: Any) -> dict[str, Any]:
    """The same with something else at a place."""
    copied: Any = copy.deepcopy(said)
    parent = copied
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = other
    return copied


EVERYWHERE = [(index, path) for index, (_, said) in enumerate(STACK) for path in places(said)]
RELAXED = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@RELAXED
@given(st.sampled_from(EVERYWHERE), ANYTHING)
def test_a_resource_is_answered_with_anything_at_any_place(pack: Pack, place: tuple[int, Any], other: Any) -> None:
    kind, said = STACK[place[0]]
    pack.refusals(kind, exchanged(said, place[1], other))


@settings(RELAXED, max_examples=80)
@given(
    st.lists(st.tuples(st.sampled_from(EVERYWHERE), ANYTHING), max_size=10),
    st.integers(0, len(STACK)),
    st.sets(st.integers(0, len(STACK) - 1), max_size=12),
)
def test_a_stack_is_answered_with_anything_at_any_place(
    pack: Pack, exchanges: list[tuple[tuple[int, Any], Any]], unconfigured: int, beside: set[int]
) -> None:
    """The stack holds what is exchanged, a few others, and the cluster and its provider, on which all lean."""
    held = sorted({0, 8, *beside, *(index for (index, _), _ in exchanges)})
    said = {index: copy.deepcopy(STACK[index][1]) for index in held}
    for (index, path), other in exchanges:
        if any(path == known for known in places(said[index])):
            said[index] = exchanged(said[index], path, other)
    pack.of_stack(
        *(
            Resource(
                kind,
                f"r{index}",
                said[index],
                None if index == unconfigured else {},
                after=("r0",) if index else (),
                sources={"clusterName": "r0"} if index % 2 else {},
                provider="r8",
            )
            for index, (kind, _) in ((index, STACK[index]) for index in held)
        )
    )


DOCUMENTS = {"policy", "assumeRolePolicy", "configurationValues", "eventPattern", ".dockerconfigjson", "assumeRoles"}


def test_a_document_is_answered_that_is_nested_deeper_than_python_reads(pack: Pack) -> None:
    deepest = "[" * 100_000
    read = [(index, path) for index, path in EVERYWHERE if path[-1] in DOCUMENTS]
    assert {path[-1] for _, path in read} == DOCUMENTS
    pack.of_stack(
        *(
            Resource(kind, f"r{number}", exchanged(said, path, deepest), provider=f"r{number}")
            for number, (kind, said, path) in enumerate((*STACK[index], path) for index, path in read)
        )
    )


SECRET = "hunter2-0123456789abcdef"


def test_no_message_repeats_a_value_that_may_be_secret(pack: Pack) -> None:
    """The SDK hands secrets out as they are. The requirements of a pool are none, and are told."""
    for kind, said in STACK:
        for path in places(said):
            resource = exchanged(said, path, SECRET)
            found = {**pack.refusals(kind, resource), **pack.advice(kind, resource)}
            said_of_pools = ("ami-architecture-mismatch", "unbounded-instance-size", "incompatible-requirements")
            others = {slug: messages for slug, messages in found.items() if slug not in said_of_pools}
            assert SECRET not in str(others), (kind, path)
