"""Of which resource a stack policy lacks a value."""

from typing import Any

import pulumi_policy.policy as sdk
import pytest
from analyzing import TODAY, UNKNOWN, Resource, stack_request

from pokayoke_policies.lacking import lacking, told_of
from pokayoke_policies.pack import policies
from pokayoke_policies.raw import UNKNOWN as NOT_KNOWN
from pokayoke_policies.stack import Member, Stack


def stack(**said: Any) -> Stack:
    return Stack(Member(urn, "x:y:Z", lambda one=one: one) for urn, one in said.items())


@pytest.mark.parametrize(
    ("unknown", "path", "meant"),
    [
        ({"a": NOT_KNOWN}, ("a",), True),
        ({"a": NOT_KNOWN}, ("a", "b", "c"), True),
        ({"a": {"b": [{"c": NOT_KNOWN}]}}, ("a", "b"), True),
        ({"a": {"b": [{"c": NOT_KNOWN}]}}, ("c",), True),
        ({"a": {"b": [{"c": NOT_KNOWN}]}}, ("b[0]", "c", "d"), True),
        ({"a": {"b": [1, NOT_KNOWN]}}, ("a.b[12]",), True),
        ({"a": {"b": [1, NOT_KNOWN]}}, ("a", "c"), False),
        ({"a": {"b": NOT_KNOWN}}, ("a", "bc"), False),
        ({"a": {"bc": NOT_KNOWN}}, ("a", "b"), False),
        ({"ab": NOT_KNOWN}, ("b",), False),
        ({"a": NOT_KNOWN}, ("b", "a"), False),
        ({"a": None, "b": [], "c": "x"}, ("a",), False),
    ],
)
def test_a_resource_is_meant_of_which_the_property_or_what_holds_it_is_unknown(
    unknown: dict[str, Any], path: tuple[str, ...], meant: bool
) -> None:
    assert lacking(stack(one={"a": "known", "b": {"c": 1}}, other=unknown), path) == ["other"] * meant


def test_each_that_may_be_meant_is_named_once() -> None:
    twice = {"a": [NOT_KNOWN, NOT_KNOWN], "b": {"a": NOT_KNOWN}}
    assert lacking(stack(one=twice, other={"a": NOT_KNOWN}), ("a",)) == ["one", "other"]


@pytest.mark.parametrize(
    ("urns", "told"),
    [
        ([], ""),
        (["urn::a"], " of 'a'"),
        (["urn::a", "urn::b", "urn::c"], " of 'a' or 'b' or 'c'"),
        (["urn::a", "urn::b", "urn::c", "urn::d", "urn::e"], " of 'a' or 'b' or 'c' or 2 more"),
    ],
)
def test_resources_are_named_after_the_property(urns: list[str], told: str) -> None:
    assert told_of(urns) == told


def test_the_notice_of_a_stack_policy_names_resource_and_property() -> None:
    kind = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
    served = sdk._PolicyAnalyzerServicer("pack", "0", policies(TODAY), sdk.EnforcementLevel.MANDATORY)
    said = {"clusterName": "c", "roleArn": "arn:aws:iam::123456789012:role/x", "namespace": "shop"}
    resources = (Resource(kind, "web", {**said, "serviceAccount": UNKNOWN}), Resource(kind, "api", said))
    answer = served.AnalyzeStack(stack_request(*resources), None)
    notices = [one.message for one in answer.diagnostics if one.policyName == "iam-role-per-workload"]
    assert len(notices) == 1
    assert "value at .serviceAccount of 'web' can't be known during preview" in notices[0]
