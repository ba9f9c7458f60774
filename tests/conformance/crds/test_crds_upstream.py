"""The models and their tables of rules say what the upstream CRDs say, field by field and rule by rule."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from crd_answers import FILES
from crd_oracle import Oracle, rules_of

from pokayoke_eks.crds import (
    AWS_LABELS,
    GATEWAY_API_VERSION,
    KARPENTER_VERSION,
    KINDS,
    LOAD_BALANCER_CONTROLLER_VERSION,
    Definition,
)

pytestmark = pytest.mark.upstream

DEFINITIONS = {definition.kind: definition for definition in KINDS.values()}

VERSIONS = {
    "aws/karpenter-provider-aws": KARPENTER_VERSION,
    "kubernetes-sigs/gateway-api": GATEWAY_API_VERSION,
    "kubernetes-sigs/aws-load-balancer-controller": LOAD_BALANCER_CONTROLLER_VERSION,
}
"""By repository, the version whose kinds these are."""

SAID_ELSEWHERE = {
    "description",
    "x-kubernetes-validations",  # compared rule by rule below
    "x-kubernetes-map-type",  # how appliers merge: refuses nothing
}
"""What of a schema is no part of ours."""


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_every_field_of_the_spec_has_upstreams_type_bounds_pattern_and_default(
    kind: str, oracles: Mapping[str, Oracle]
) -> None:
    upstream = oracles[kind].schema["properties"]["spec"]
    ours = DEFINITIONS[kind].schema["properties"]["spec"]
    assert dict(_flat(ours)) == dict(_flat(upstream))


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_a_new_object_has_upstreams_status(kind: str, oracles: Mapping[str, Oracle]) -> None:
    upstream = oracles[kind].schema["properties"].get("status", {})
    assert DEFINITIONS[kind].schema["properties"]["status"].get("default") == upstream.get("default")


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_a_kind_without_a_spec_is_taken_where_upstream_takes_it(kind: str, oracles: Mapping[str, Oracle]) -> None:
    ours = set(DEFINITIONS[kind].schema["required"]) - {"metadata"}
    assert ours == set(oracles[kind].schema.get("required", ()))


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_every_rule_of_upstream_is_in_our_table_and_no_other(kind: str, oracles: Mapping[str, Oracle]) -> None:
    upstream = [(path, message, "oldSelf" in rule) for path, message, rule in rules_of(oracles[kind].spec, "spec")]
    assert sorted(_rules(DEFINITIONS[kind])) == sorted(upstream)


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_the_rules_are_those_of_the_list_of_derived_constraints(kind: str, shared: Path) -> None:
    folder = (shared / "data" / "crds" / FILES[kind]).parent
    derived = json.loads((folder / "derived_constraints.json").read_text())
    definition = DEFINITIONS[kind]
    group, _, version = definition.api_version.partition("/")
    upstream = [
        (one["path"], one["message"], "oldSelf" in one["rule"])
        for one in derived[f"{kind}.{group}/{version}"]
        if one["kind"] == "cel" and one["path"].startswith("spec")
    ]
    assert sorted(_rules(definition)) == sorted(upstream)


def test_the_aws_labels_that_may_be_required_are_upstreams(oracles: Mapping[str, Oracle]) -> None:
    (rule,) = (
        rule
        for path, message, rule in rules_of(oracles["NodePool"].schema)
        if path.endswith("requirements[].key") and "karpenter.k8s.aws" in message
    )
    listed = json.loads(rule[rule.index("[") : rule.index("]") + 1])
    assert set(listed) == AWS_LABELS


def test_every_kind_is_compared() -> None:
    assert set(DEFINITIONS) == set(FILES)


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_names_scopes_and_scales_are_those_of_the_definitions(kind: str, oracles: Mapping[str, Oracle]) -> None:
    definition, oracle = DEFINITIONS[kind], oracles[kind]
    assert f"{definition.group}_{definition.plural}" == Path(FILES[kind]).stem
    assert (definition.scalable, definition.namespaced) == (oracle.scalable, oracle.namespaced)


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_the_version_is_the_one_that_the_data_was_taken_from(kind: str, shared: Path) -> None:
    sources = (shared / "data" / "SOURCES.md").read_text()
    (line,) = (line for line in sources.splitlines() if line.startswith(f"| crds/{FILES[kind]} |"))
    repository, version = (cell.strip() for cell in line.split("|")[2:4])
    assert VERSIONS[repository] == version.removeprefix("v")


def _rules(definition: Definition) -> list[tuple[str, str, bool]]:
    stated = [(rule.path, rule.message, False) for rule in definition.rules]
    return stated + [(rule.path, rule.message, True) for rule in definition.transitions]


def _flat(schema: Mapping[str, Any], path: str = "spec") -> Iterator[tuple[str, Any]]:
    said = {key: value for key, value in schema.items() if key not in SAID_ELSEWHERE}
    if said.get("x-kubernetes-list-type") not in ("set", "map"):
        said.pop("x-kubernetes-list-type", None)
    if said.get("type") == "array":
        # Upstream states a text's limits on lists of texts as well: on a list they bind nothing.
        said = {key: value for key, value in said.items() if key not in ("maxLength", "pattern")}
    properties = said.pop("properties", {})
    # A field with a default is never missing.
    defaulted = {name for name, child in properties.items() if "default" in child}
    said["required"] = sorted(set(said.get("required", ())) - defaulted)
    yield path, {key: value for key, value in said.items() if key not in ("items", "additionalProperties")}
    for name, child in properties.items():
        yield from _flat(child, f"{path}.{name}")
    for key, mark in (("items", "[]"), ("additionalProperties", "{}")):
        if key in said:
            yield from _flat(said[key], f"{path}{mark}")
