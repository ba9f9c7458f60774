"""The models and the table of rules say what Karpenter's CRDs say, field by field and rule by rule."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from karpenter_answers import FILES
from karpenter_oracle import Oracle, rules_of

from pokayoke_eks.crds import AWS_LABELS, KARPENTER_VERSION, KINDS, Definition

pytestmark = pytest.mark.upstream

DEFINITIONS = {definition.kind: definition for definition in KINDS.values() if definition.kind in FILES}

SAID_ELSEWHERE = {
    "description",
    "x-kubernetes-validations",  # compared rule by rule below
    "x-kubernetes-map-type",  # how appliers merge: refuses nothing
    "x-kubernetes-list-map-keys",
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
def test_a_kind_without_a_spec_is_taken_where_upstream_takes_it(kind: str, oracles: Mapping[str, Oracle]) -> None:
    ours = set(DEFINITIONS[kind].schema["required"]) - {"metadata"}
    assert ours == set(oracles[kind].schema.get("required", ()))


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_every_rule_of_upstream_is_in_our_table_and_no_other(kind: str, oracles: Mapping[str, Oracle]) -> None:
    upstream = [(path, message, "oldSelf" in rule) for path, message, rule in rules_of(oracles[kind].schema)]
    assert sorted(_rules(DEFINITIONS[kind])) == sorted(upstream)


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_the_rules_are_those_of_the_list_of_derived_constraints(kind: str, shared: Path) -> None:
    derived = json.loads((shared / "data" / "crds" / "karpenter" / "derived_constraints.json").read_text())
    definition = DEFINITIONS[kind]
    group, _, version = definition.api_version.partition("/")
    upstream = [
        (one["path"], one["message"], "oldSelf" in one["rule"])
        for one in derived[f"{kind}.{group}/{version}"]
        if one["kind"] == "cel"
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


def test_names_and_scales_are_those_of_the_definitions(shared: Path, oracles: Mapping[str, Oracle]) -> None:
    files = {path.stem for path in (shared / "data" / "crds" / "karpenter").glob("*.yaml")}
    for kind, definition in DEFINITIONS.items():
        assert f"{definition.group}_{definition.plural}" in files
        assert definition.scalable == oracles[kind].scalable


def test_the_version_is_the_one_that_the_data_was_taken_from(shared: Path) -> None:
    sources = (shared / "data" / "SOURCES.md").read_text()
    for definition in DEFINITIONS.values():
        name = f"crds/karpenter/{definition.group}_{definition.plural}.yaml"
        assert f"{name} | aws/karpenter-provider-aws | v{KARPENTER_VERSION} |" in sources


def _rules(definition: Definition) -> list[tuple[str, str, bool]]:
    stated = [(rule.path, rule.message, False) for rule in definition.rules]
    return stated + [(rule.path, rule.message, True) for rule in definition.transitions]


def _flat(schema: Mapping[str, Any], path: str = "spec") -> Iterator[tuple[str, Any]]:
    said = {key: value for key, value in schema.items() if key not in SAID_ELSEWHERE}
    if said.get("x-kubernetes-list-type") != "set":
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
