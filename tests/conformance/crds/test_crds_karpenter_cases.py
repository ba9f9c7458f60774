"""The models of Karpenter's kinds accept and refuse what the API server does, in its words."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from crd_answers import digest, recorded_answers
from crd_bases_karpenter import BASES
from crd_cases import Case, generated_cases
from crd_handpicked import CLASS, GONE, POOL, edited, handpicked_cases
from crd_oracle import Oracle, rules_of
from pydantic import ValidationError

from pokayoke_eks import crds

MODELS = {"EC2NodeClass": crds.EC2NodeClass, "NodePool": crds.NodePool, "NodeClaim": crds.NodeClaim}
NOT_CHECKED = "some validation rules were not checked because the object was invalid"
"""Part of the last error where the server evaluated no CEL rule."""


@pytest.fixture(scope="module")
def generated(oracles: Mapping[str, Oracle]) -> Mapping[str, list[Case]]:
    """The generated cases of each kind."""
    return {kind: list(generated_cases(kind, oracles[kind])) for kind in MODELS}


@pytest.mark.upstream
@pytest.mark.parametrize("kind", MODELS)
def test_generated_cases_get_the_verdict_of_the_upstream_crd(
    kind: str, oracles: Mapping[str, Oracle], generated: Mapping[str, list[Case]]
) -> None:
    for case in generated[kind]:
        expected = oracles[kind].verdict(case.object, case.before)
        refused = crds.refusal(case.object, case.before)
        assert (refused.status if refused else 200) == expected.status, case
        errors = refused.errors if refused else ()
        assert any(NOT_CHECKED in error for error in errors) == expected.blocked, case
        messages = {message for _, message, _ in rules_of(oracles[kind].schema)}
        broken = Counter((path, message) for path, message in expected.faults if message in messages)
        ours = Counter((_path(error), message) for error in errors for message in messages if _says(error, message))
        assert ours == broken, case


@pytest.mark.upstream
def test_the_generated_cases_are_many_and_break_and_keep_every_rule(
    oracles: Mapping[str, Oracle], generated: Mapping[str, list[Case]]
) -> None:
    assert sum(len(cases) for cases in generated.values()) >= 200
    for kind, cases in generated.items():
        verdicts = [oracles[kind].verdict(case.object, case.before) for case in cases]
        assert {verdict.status for verdict in verdicts} == {200, 422, 500}
        broken = {(re.sub(r"\[\d+\]", "[]", path), what) for verdict in verdicts for path, what in verdict.faults}
        assert {(path, message) for path, message, _ in rules_of(oracles[kind].schema)} <= broken


@pytest.mark.upstream
@pytest.mark.parametrize("kind", MODELS)
def test_generated_cases_get_the_recorded_words_of_the_api_server(
    kind: str, generated: Mapping[str, list[Case]]
) -> None:
    recorded = recorded_answers("karpenter")
    for case in generated[kind]:
        _is_answered_as(case, recorded[case.name])


@pytest.mark.parametrize("case", tuple(handpicked_cases()), ids=[case.name for case in handpicked_cases()])
def test_handpicked_cases_get_the_recorded_words_of_the_api_server(case: Case) -> None:
    _is_answered_as(case, recorded_answers("karpenter")[case.name])


@pytest.mark.upstream
@pytest.mark.parametrize("kind", MODELS)
def test_a_model_is_made_of_exactly_the_generated_manifests_that_the_upstream_crd_takes(
    kind: str, oracles: Mapping[str, Oracle], generated: Mapping[str, list[Case]]
) -> None:
    for case in generated[kind]:
        if oracles[kind].verdict(case.object).status == 200:
            made = MODELS[kind].from_manifest(case.object)
            assert crds.stored(made.to_manifest()) == crds.stored(case.object), case
        else:
            with pytest.raises(crds.RefusedError):
                MODELS[kind].from_manifest(case.object)
            with pytest.raises(ValidationError):
                MODELS[kind].model_validate(case.object)


@pytest.mark.parametrize("case", tuple(handpicked_cases()), ids=[case.name for case in handpicked_cases()])
def test_a_model_is_made_of_exactly_the_manifests_that_the_api_server_takes(case: Case) -> None:
    model, answer = MODELS[case.kind], recorded_answers("karpenter")[case.name]
    if case.before is not None:
        answer = {"status": 200, "stored": crds.stored(case.object)}
    if answer["status"] == 200:
        made = model.from_manifest(case.object)
        assert crds.stored(made.to_manifest()) == answer["stored"]
    else:
        with pytest.raises(crds.RefusedError) as refused:
            model.from_manifest(case.object)
        assert refused.value.refusal == crds.refusal(case.object)
        with pytest.raises(ValidationError):
            model.model_validate(case.object)


@pytest.mark.parametrize("kind", MODELS)
def test_a_model_gives_back_the_manifest_that_it_was_made_of(kind: str) -> None:
    for base in BASES[kind]:
        assert MODELS[kind].from_manifest(base).to_manifest() == base


TERM = {"id": "subnet-1", "tags": {"a": "b"}}
GATHERED = (
    ("EC2NodeClass valid", CLASS, {}),
    ("EC2NodeClass role+instanceProfile", CLASS, {"spec.instanceProfile": "x"}),
    ("EC2NodeClass neither", CLASS, {"spec.role": GONE}),
    ("EC2NodeClass subnet tags {}", CLASS, {"spec.subnetSelectorTerms": [{"tags": {}}]}),
    ("EC2NodeClass subnet tags empty value", CLASS, {"spec.subnetSelectorTerms": [{"tags": {"a": ""}}]}),
    ("EC2NodeClass subnet []", CLASS, {"spec.subnetSelectorTerms": []}),
    ("EC2NodeClass subnet id+tags", CLASS, {"spec.subnetSelectorTerms": [TERM]}),
    ("EC2NodeClass alias+id ami", CLASS, {"spec.amiSelectorTerms": [{"alias": "al2023@latest"}, {"id": "ami-1"}]}),
    ("EC2NodeClass alias unknown family", CLASS, {"spec.amiSelectorTerms": [{"alias": "foo@latest"}]}),
    ("EC2NodeClass restricted tag", CLASS, {"spec.tags": {"karpenter.sh/nodepool": "a"}}),
    ("EC2NodeClass unknown field", CLASS, {"spec.roleArn": "x"}),
    ("NodePool valid", POOL, {}),
    ("NodePool operator Inn", POOL, {"spec.template.spec.requirements.0.operator": "Inn"}),
    ("NodePool In without values", POOL, {"spec.template.spec.requirements.0.values": GONE}),
    ("NodePool Gt non-integer", POOL, {"spec.template.spec.requirements.0.operator": "Gt"}),
    (
        "NodePool restricted label hostname",
        POOL,
        {"spec.template.spec.requirements.0.key": "kubernetes.io/hostname"},
    ),
    (
        "NodePool unknown capacity type (not checked?)",
        POOL,
        {"spec.template.spec.requirements.0": {"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["x"]}},
    ),
    ("NodePool consolidateAfter bad", POOL, {"spec.disruption": {"consolidateAfter": "5 minutes"}}),
    (
        "NodePool budget schedule without duration",
        POOL,
        {"spec.disruption": {"consolidateAfter": "1m", "budgets": [{"nodes": "1", "schedule": "@daily"}]}},
    ),
    ("NodePool v1beta1-era kubelet unknown field", POOL, {"spec.template.spec.kubelet": {}}),
    ("NodePool no nodeClassRef", POOL, {"spec.template.spec.nodeClassRef": GONE}),
    ("NodePool referring to nonexistent nodeclass", POOL, {"spec.template.spec.nodeClassRef.name": "missing"}),
)
"""What a real server was asked, by the titles of its answers: the objects as the titles describe them."""


@pytest.mark.upstream
@pytest.mark.parametrize(("title", "base", "edit"), GATHERED, ids=[title for title, _, _ in GATHERED])
def test_a_real_servers_answers_are_given_word_for_word(
    title: str, base: Mapping[str, Any], edit: Mapping[str, Any], shared: Path
) -> None:
    answer = _real_answers(shared)[title]
    refused = crds.refusal(edited(base, edit))
    if answer == "OK":
        assert refused is None
    else:
        status, message = re.fullmatch(r"(\d+) \w+: (.*)", answer).groups()  # pyright: ignore
        assert refused is not None
        assert (refused.status, refused.message) == (int(status), message)


@pytest.mark.upstream
def test_no_answer_of_the_real_server_on_these_kinds_is_left_out(shared: Path) -> None:
    of_a_live_object = {
        "EC2NodeClass valid again (no-op)",
        "EC2NodeClass change role->instanceProfile on existing",  # accepted, as a plain object with a profile is
    }
    asked = {title for title in _real_answers(shared) if title.startswith(("EC2NodeClass", "NodePool"))}
    assert asked - of_a_live_object == {title for title, _, _ in GATHERED}


def test_changing_a_role_into_an_instance_profile_is_no_forbidden_update() -> None:
    changed = edited(CLASS, {"spec.role": GONE, "spec.instanceProfile": "x"})
    assert crds.refusal(changed, CLASS) is None
    assert crds.check_update(CLASS, changed) == []


def test_an_update_check_says_what_the_change_breaks_and_nothing_of_the_object_itself() -> None:
    changed = edited(POOL, {"spec.template.spec.nodeClassRef.kind": "Other", "spec.weight": 500})
    assert crds.check_update(POOL, changed) == [
        "spec.template.spec.nodeClassRef: Invalid value: nodeClassRef.kind is immutable"
    ]


def test_a_kind_that_is_not_known_is_no_verdict() -> None:
    with pytest.raises(KeyError):
        crds.validate({"apiVersion": "v1", "kind": "Secret"})


def _is_answered_as(case: Case, answer: Mapping[str, Any]) -> None:
    assert digest(case) == answer["case"], f"{case.name} has changed since: record anew (recorder/record.py)"
    refused = crds.refusal(case.object, case.before)
    assert (refused.status if refused else 200) == answer["status"], case
    errors = sorted(refused.errors) if refused else []
    if answer["status"] == 500:
        # The server goes through maps in no order and stops at the first field that it does not know.
        assert set(answer["errors"]) <= set(errors), case
    else:
        assert errors == answer["errors"], case
    if "stored" in answer:
        assert crds.stored(case.object) == answer["stored"], case


def _says(error: str, message: str) -> bool:
    return error.endswith((f"evaluating rule: {message}", f"Invalid value: {message}", f'": {message}'))


def _path(error: str) -> str:
    return error.split(": ", 1)[0]


def _real_answers(shared: Path) -> dict[str, str]:
    facts = (shared / "facts" / "kube.md").read_text()
    found = re.findall(r"^## (.+?) \[\d+ ms\]\n   (.+)$", facts, re.MULTILINE)
    return {title: answer for title, answer in found if title.startswith(("EC2NodeClass", "NodePool"))}
