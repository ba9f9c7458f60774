"""One mistake in every shape in which a team writes it: each policy still refuses its own."""

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN as ON_THE_WIRE
from analyzing import Pack, Resource
from failing import FAILING
from judging import TODAY, refused

from pokayoke_policies.pack import rules

Stack = tuple[Resource, ...]


def as_program(stack: Stack) -> Stack:
    return stack


def in_a_component(stack: Stack) -> Stack:
    """As TypeScript's and Python's ComponentResources hold them."""
    return Resource("shop:index:Platform", "platform"), *(_inside(one, "platform") for one in stack)


def in_a_chart(stack: Stack) -> Stack:
    """Objects as `helm.v4.Chart` renders them."""
    return _rendered("kubernetes:helm.sh/v4:Chart", stack)


def in_a_manifest(stack: Stack) -> Stack:
    """Objects as `yaml.ConfigFile` reads them."""
    return _rendered("kubernetes:yaml:ConfigFile", stack)


def in_a_directory(stack: Stack) -> Stack:
    """Objects as Kustomize builds them."""
    return _rendered("kubernetes:kustomize/v2:Directory", stack)


def in_a_list(stack: Stack) -> Stack:
    """Objects as members of a List."""
    return tuple(
        replace(one, type="kubernetes:core/v1:List", properties={"items": [dict(one.properties)]})
        if _is_object(one)
        else one
        for one in stack
    )


def checked(stack: Stack) -> Stack:
    """Properties as a provider's check leaves them: nulls beside what is said, and bookkeeping of the bridge."""
    return tuple(
        replace(one, properties={**one.properties, "__defaults": [], "description": None, "region": None})
        if one.type.startswith("aws:")
        else one
        for one in stack
    )


def known(stack: Stack) -> Stack:
    """After an up: every id is there, and nobody tells where it comes from."""
    ids = {one.name: f"{one.name}-00000000000000000" for one in stack}
    return tuple(replace(_known(one, ids), sources={}, after=_leant_on(one)) for one in stack)


def reversed_(stack: Stack) -> Stack:
    return stack[::-1]


def told_twice(stack: Stack) -> Stack:
    """Documents as other JSON, with other spaces and another order of keys."""
    return tuple(replace(one, properties=_rewritten(one.properties)) for one in stack)


def as_objects(stack: Stack) -> Stack:
    """Documents as objects, as TypeScript's and CloudFormation's policy documents are."""
    return tuple(replace(one, properties=_parsed(one.properties)) if _has_documents(one) else one for one in stack)


SHAPES: tuple[Callable[[Stack], Stack], ...] = (
    *(as_program, in_a_component, in_a_chart, in_a_manifest, in_a_directory, in_a_list),
    *(checked, known, reversed_, told_twice, as_objects),
)
"""Ways to write a stack."""


def test_every_policy_of_a_documented_failure_has_its_smallest_stack() -> None:
    assert FAILING.keys() == {rule.slug for rule in rules(TODAY) if rule.practice is None}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("slug", FAILING)
def test_a_mistake_is_refused_in_every_shape(slug: str, shape: Callable[[Stack], Stack]) -> None:
    assert slug in refused(*shape(FAILING[slug]))


RENDERING = (
    *("kubernetes:yaml:ConfigFile", "kubernetes:yaml:ConfigGroup"),
    *("kubernetes:yaml/v2:ConfigFile", "kubernetes:yaml/v2:ConfigGroup"),
    *("kubernetes:kustomize:Directory", "kubernetes:kustomize/v2:Directory"),
    *("kubernetes:helm.sh/v3:Chart", "kubernetes:helm.sh/v4:Chart"),
)
"""Components that bring objects."""


@pytest.mark.parametrize("kind", RENDERING)
def test_objects_are_judged_in_whatever_component_they_come(kind: str) -> None:
    for slug in ("missing-resource-limits", "in-tree-load-balancer", "crd-not-installed", "vpc-delete-blocked"):
        stack = FAILING[slug]
        names = refused(*stack)[slug]
        found = {name.removeprefix("rendered:") for name in refused(*_rendered(kind, stack))[slug]}
        assert found == names, slug


ADDING_UP = {"network-policy-blocks-api-server"}
"""What another resource of the same kind may mend: NetworkPolicies let through what any of them does."""


@pytest.mark.parametrize("slug", sorted(FAILING.keys() - ADDING_UP))
def test_a_resource_of_which_nothing_is_known_yet_hides_no_other(slug: str) -> None:
    stack = FAILING[slug]
    names = refused(*stack)[slug]
    for one in stack:
        if one.name in names:
            unknown = replace(one, name="unknown", properties=dict.fromkeys(one.properties, ON_THE_WIRE))
            assert names <= refused(*stack, unknown)[slug], one.name


@pytest.mark.parametrize("slug", FAILING)
def test_a_policy_says_once_of_a_resource_what_it_cannot_judge(slug: str, pack: Pack) -> None:
    for one in FAILING[slug]:
        for key, value in one.properties.items():
            said = pack.refusals(one.type, {**one.properties, key: _unknown_inside(value)}).get("unknown", [])
            assert len(said) == len(set(said)), key


def _unknown_inside(value: Any) -> Any:
    if isinstance(value, dict) and value:
        return {key: _unknown_inside(inner) for key, inner in value.items()}
    return [_unknown_inside(inner) for inner in value] if isinstance(value, list) and value else ON_THE_WIRE


def _inside(one: Resource, parent: str) -> Resource:
    return one if one.parent else replace(one, parent=parent)


def _rendered(kind: str, stack: Stack) -> Stack:
    names = {one.name: f"rendered:{one.name}" if _is_object(one) else one.name for one in stack}
    renamed = (
        replace(
            one, name=names[one.name], after=tuple(names[name] for name in one.after), parent=names.get(one.parent, "")
        )
        for one in stack
    )
    return Resource(kind, "rendered"), *(_inside(one, "rendered") if _is_object(one) else one for one in renamed)


def _is_object(one: Resource) -> bool:
    return one.type.startswith("kubernetes:") and "/" in one.type and "helm.sh" not in one.type


def _has_documents(one: Resource) -> bool:
    return one.type.startswith("aws:iam/")


def _parsed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _parsed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_parsed(inner) for inner in value]
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def _leant_on(one: Resource) -> tuple[str, ...]:
    named = [said if isinstance(said, tuple) else (said,) for said in one.sources.values()]
    return (*one.after, *(name for names in named for name in names))


def _known(one: Resource, ids: Mapping[str, str]) -> Resource:
    said: Any = copy.deepcopy(dict(one.properties))
    for key, names in one.sources.items():
        told = [ids[name] for name in ((names,) if isinstance(names, str) else names)]
        said[key] = _filled(said.get(key), told)
    return replace(one, properties=said, outputs={**(one.outputs or {}), "id": ids[one.name], "arn": ids[one.name]})


def _filled(value: Any, told: list[str]) -> Any:
    if value == ON_THE_WIRE:
        return told[0]
    if isinstance(value, dict):
        return {key: _filled(inner, told) for key, inner in value.items()}
    if isinstance(value, list):
        return [told[index % len(told)] if inner == ON_THE_WIRE else inner for index, inner in enumerate(value)]
    return value


def _rewritten(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rewritten(inner) for key, inner in reversed(value.items())}
    if isinstance(value, list):
        return [_rewritten(inner) for inner in value]
    if isinstance(value, str) and value.startswith("{"):
        return json.dumps(json.loads(value), indent=4, sort_keys=True)
    return value
