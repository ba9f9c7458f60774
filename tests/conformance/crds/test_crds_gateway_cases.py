"""The models of gateways' and load balancers' kinds accept and refuse what the API server does, in its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from crd_answers import FAMILIES, answers_on, digest
from crd_cases import BASES, PRECEDED, Case, case_named
from crd_oracle import Oracle
from pydantic import ValidationError

from pokayoke_eks import crds
from pokayoke_eks.crds import gateway_api, load_balancer

MODELS: dict[str, type[crds.Resource]] = {
    kind: getattr(room, kind)
    for family, room in (("gateway_api", gateway_api), ("load_balancer", load_balancer))
    for kind in FAMILIES[family]
}
DEFINITIONS = {kind: model.definition() for kind, model in MODELS.items()}


@pytest.fixture(scope="module")
def cases(oracles: Mapping[str, Oracle]) -> dict[str, list[tuple[Case, dict[str, Any]]]]:
    """The recorded cases of each kind, made anew, with the server's answers."""
    return {kind: [(_case(oracles[kind], name, said), said) for name, said in answers_on(kind)] for kind in MODELS}


@pytest.mark.upstream
@pytest.mark.parametrize("kind", MODELS)
def test_generated_cases_get_the_recorded_words_of_the_api_server(
    kind: str, cases: Mapping[str, list[tuple[Case, dict[str, Any]]]]
) -> None:
    for case, answer in cases[kind]:
        refused = crds.refusal(case.object, case.before)
        errors = sorted(refused.errors) if refused else []
        assert (refused.status if refused else 200) == answer["status"], case
        if answer["status"] == 500:
            # The server goes through maps in no order and stops at the first field that it does not know.
            assert set(answer["errors"]) <= set(errors), case
        else:
            assert errors == answer["errors"], case
        if "stored" in answer:
            assert crds.stored(case.object) == answer["stored"], case


@pytest.mark.upstream
@pytest.mark.parametrize("kind", MODELS)
def test_a_model_is_made_of_exactly_the_manifests_that_the_api_server_takes(
    kind: str, cases: Mapping[str, list[tuple[Case, dict[str, Any]]]]
) -> None:
    for case, answer in cases[kind]:
        if case.before is not None:
            continue
        if answer["status"] == 200:
            made = MODELS[kind].from_manifest(case.object)
            assert crds.stored(made.to_manifest()) == answer["stored"], case
        else:
            with pytest.raises(crds.RefusedError):
                MODELS[kind].from_manifest(case.object)
            with pytest.raises(ValidationError):
                MODELS[kind].model_validate(case.object)


@pytest.mark.parametrize("kind", MODELS)
def test_the_cases_are_many_and_break_every_rule(kind: str) -> None:
    answers = [answer for _, answer in answers_on(kind)]
    assert {answer["status"] for answer in answers} == {200, 422, 500}
    told = [error for answer in answers for error in answer.get("errors", ())]
    for rule in (*DEFINITIONS[kind].rules, *DEFINITIONS[kind].transitions):
        if rule.message not in PRECEDED:
            place = re.escape(rule.path).replace(re.escape("[]"), r"\[\d+\]")
            assert any(re.match(f"{place}: ", error) and error.endswith(rule.message) for error in told), rule


@pytest.mark.parametrize("kind", MODELS)
def test_a_model_gives_back_the_manifest_that_it_was_made_of(kind: str) -> None:
    for base in BASES[kind]:
        assert MODELS[kind].from_manifest(base).to_manifest() == base


@pytest.mark.parametrize("kind", MODELS)
def test_the_bases_set_every_field_of_the_model(kind: str) -> None:
    schema = DEFINITIONS[kind].schema["properties"]["spec"]
    stated = {path for base in BASES[kind] for path in _stated(base["spec"])}
    assert set(_fields(schema)) <= stated


def _case(oracle: Oracle, name: str, answer: Mapping[str, Any]) -> Case:
    made = case_named(name, oracle.schema)
    case = made if digest(made) == answer["case"] else replace(made, before=None)
    assert digest(case) == answer["case"], f"{name} has changed since: record anew (recorder/record.py)"
    return case


def _fields(schema: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for name, child in schema.get("properties", {}).items():
        yield f"{path}.{name}"
        yield from _fields(child, f"{path}.{name}")
    if "items" in schema:
        yield from _fields(schema["items"], path)


def _stated(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield f"{path}.{name}"
            yield from _stated(one, f"{path}.{name}")
    elif isinstance(value, list):
        for one in value:
            yield from _stated(one, path)
