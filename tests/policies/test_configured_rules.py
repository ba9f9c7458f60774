"""A rule under a configuration: made anew where that is another, and asked once what it looks at."""

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi_policy.policy as sdk
import pytest
from analyzing import TODAY
from pulumi.runtime import proto

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies import policy
from pokayoke_policies.policy import Configured, FailurePolicy, Rule
from pokayoke_policies.stack import Shown

CLUSTER, VPC = "aws:eks/cluster:Cluster", "aws:ec2/vpc:Vpc"


def nothing(_: Mapping[str, Any]) -> Iterator[Finding]:
    yield from ()


def of_networks(settings: Mapping[str, Any]) -> Rule:
    kinds = (CLUSTER, VPC) if settings["networks"] else (CLUSTER,)
    return Rule("extended-support", dict.fromkeys(kinds, (nothing,)))


RULE = Rule("extended-support", {CLUSTER: (nothing,)}, tuned=of_networks, own_settings={"networks": {"default": False}})


def test_a_rule_is_made_anew_where_the_configuration_is_another() -> None:
    held = Configured(RULE)
    assert held.under({}) is RULE
    assert (held.of_type(VPC), held.asks(VPC), held.asks(CLUSTER)) == ((), False, True)
    wider = held.under({"networks": True})
    assert held.under({"networks": True}) is wider is not RULE
    assert (held.of_type(VPC), held.asks(VPC), held.asks(CLUSTER)) == ((nothing,), True, True)
    assert held.under({}).of_type(VPC) == held.of_type(VPC) == ()
    assert not held.asks(VPC)
    assert held.stated is RULE


def test_a_rule_may_be_of_a_whole_package_less_some_of_its_types() -> None:
    rule = Rule("extended-support", {"aws": (nothing,), VPC: (sum,)}, exempt=("aws:iot/",))
    assert rule.of_type(CLUSTER) == (nothing,)
    assert rule.of_type(VPC) == (sum, nothing)
    assert rule.of_type("aws:iot/thing:Thing") == rule.of_type("kubernetes:core/v1:Pod") == ()


def test_of_a_rule_between_resources_both_policies_share_the_day_and_what_was_shown() -> None:
    def anything(_: Mapping[str, Any]) -> Iterator[Finding]:
        yield Finding("it is so", "Set a: b.", "extended-support")

    rule = Rule("extended-support", {CLUSTER: (anything,)}, stack=(lambda _: (),))
    shown = Shown()
    held = rule.policies(shown, TODAY)
    servicer = sdk._PolicyAnalyzerServicer("ours", "0", held, sdk.EnforcementLevel.MANDATORY)
    exemption = {"resource": "x", "reason": "moves", "until": TODAY.isoformat()}
    config = proto.PolicyConfig(enforcementLevel="MANDATORY")
    config.properties.update({"exemptions": [exemption]})
    request = proto.AnalyzeRequest(type=CLUSTER, urn=f"urn:pulumi:s::p::{CLUSTER}::x", name="x")
    assert len(servicer.Analyze(request, None).diagnostics) == 1
    servicer.Configure(proto.ConfigureAnalyzerRequest(policyConfig={"extended-support": config}), None)
    assert len(servicer.Analyze(request, None).diagnostics) == 0
    assert [one.remembering(CLUSTER) for one in held if isinstance(one, FailurePolicy)] == [shown]


def test_what_it_looks_at_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    questions = policy.questions
    monkeypatch.setattr(policy, "questions", lambda *said, **more: asked.append(said[2]) or questions(*said, **more))
    held = Configured(RULE)
    assert held.of_type(CLUSTER) is held.of_type(CLUSTER)
    assert [held.asks(kind) for kind in (CLUSTER, VPC, CLUSTER, VPC)] == [True, False, True, False]
    assert asked == [CLUSTER, VPC]
