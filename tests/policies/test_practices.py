"""Practices are advice, told apart from documented failures, and each says who asks for it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from analyzing import Pack
from pulumi_policy import EnforcementLevel

from pokayoke_eks.catalogue import FAILURES
from pokayoke_policies.checking import check
from pokayoke_policies.pack import policies
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, by_spelling, number, switch, tags, texts
from pokayoke_policies.practices import PRACTICES, RULES
from pokayoke_policies.stack import Member

CLUSTER = "aws:eks/cluster:Cluster"
TODAY = date(2026, 11, 21)


def test_practices_are_advisory_and_failures_mandatory() -> None:
    levels = {one.name: one.enforcement_level for one in policies(TODAY)}
    assert {name for name, level in levels.items() if level is EnforcementLevel.ADVISORY} == PRACTICES.keys()
    assert {name for name, level in levels.items() if level is EnforcementLevel.MANDATORY} <= FAILURES.keys()


@pytest.mark.parametrize("practice", PRACTICES.values(), ids=PRACTICES.keys())
def test_a_practice_says_what_why_how_and_who_asks(practice: Practice) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", practice.slug)
    for part in (practice.title, practice.why, practice.source):
        assert part
        assert not part.endswith(".")
    assert practice.remedy.endswith(".")
    assert re.search("EKS|CIS|Karpenter|Kubernetes|Controller|Istio|KMS|DSQL", practice.source)
    assert all({"type", "default", "description"} <= schema.keys() for schema in practice.settings.values())
    assert str(practice.finding("", "it is off")) == f"it is off; {practice.why} [{practice.slug}]. {practice.remedy}"


@pytest.mark.parametrize("rule", [one for one in RULES if one.tuned], ids=lambda one: one.slug)
def test_a_rule_under_other_settings_keeps_its_name_and_may_be_set_again(rule: Rule) -> None:
    again = rule.under({})
    assert again.tuned is not None
    twice = again.under({})
    assert (again.slug, again.practice) == (twice.slug, twice.practice) == (rule.slug, rule.practice)


def test_a_configuration_makes_one_mandatory() -> None:
    pack = Pack()
    pack.configure("eks-audit-log-on", "MANDATORY", {})
    assert "eks-audit-log-on" in pack.advice(CLUSTER, {"version": "1.36"})


def test_the_engine_is_told_of_the_settings() -> None:
    told = {one.name: one.configSchema.properties for one in Pack().info()}
    for slug, practice in PRACTICES.items():
        assert told[slug].keys() == {*practice.settings, "exemptions"}


def test_a_setting_is_written_as_json_schema() -> None:
    text = {"type": "string"}
    for schema, form in (
        (texts(["kube-system"], "What."), {"type": "array", "items": text, "default": ["kube-system"]}),
        (tags({"team": "a"}, "What."), {"type": "object", "additionalProperties": text, "default": {"team": "a"}}),
        (number(2, 1, "What."), {"type": "integer", "minimum": 1, "default": 2}),
        (switch(True, "What."), {"type": "boolean", "default": True}),
    ):
        assert schema == {**form, "description": "What."}


def test_a_boolean_is_one_in_whatever_spelling() -> None:
    spelled = {True: [True, "true", "True"], False: [False, "false", "FALSE"], None: [None, "", "yes", 1]}
    assert {meant: [by_spelling(one) for one in said] for meant, said in spelled.items()} == {
        meant: [meant] * len(said) for meant, said in spelled.items()
    }


def test_without_an_engine_advice_is_told_apart_from_what_is_mandatory() -> None:
    member = Member(urn="u::x", type=CLUSTER, tell=lambda: {"version": "1.36"})
    found = check([member], TODAY, whole=True)
    assert {one.policy for one in found if one.advice} == {one.policy for one in found} & PRACTICES.keys()
    assert {one.policy for one in found if not one.advice} == {"extended-support"}
