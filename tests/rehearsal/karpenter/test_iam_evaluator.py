"""What IAM allows: effects, wildcards, conditions, variables; and upstream's own policies for Karpenter."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pokayoke_eks.iam.karpenter import controller_policies
from pokayoke_rehearsal.world.iam_evaluator import Request, Value, allows, denies

INSTANCE = "arn:aws:ec2:ap-northeast-2:123456789012:instance/i-0"
OWNED: dict[str, Value] = {
    "aws:ResourceTag/kubernetes.io/cluster/demo": "owned",
    "aws:ResourceTag/karpenter.sh/nodepool": "general",
}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(action: Any = "ec2:*", resource: Any = "*", effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def conditioned(condition: dict[str, Any], context: dict[str, Value]) -> bool:
    asked = Request("ec2:RunInstances", INSTANCE, context)
    return allows([document(statement(Condition=condition))], asked)


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("ec2:RunInstances", "*", True),
        ("EC2:runinstances", "*", True),
        ("ec2:Run*", "*", True),
        ("ec2:RunInstance?", "*", True),
        (["ec2:Describe*", "ec2:RunInstances"], "*", True),
        ("ec2:Describe*", "*", False),
        ("*", "arn:aws:ec2:*:*:instance/*", True),
        ("*", "arn:aws:ec2:*:*:volume/*", False),
        ("*", "ARN:aws:ec2:*:*:instance/*", False),
    ],
)
def test_actions_and_resources_match_by_wildcards(action: Any, resource: Any, expected: bool) -> None:
    assert allows([document(statement(action, resource))], Request("ec2:RunInstances", INSTANCE)) is expected


def test_nothing_is_allowed_unless_somebody_says_so() -> None:
    asked = Request("ec2:RunInstances", INSTANCE)
    assert not allows([], asked)
    assert not allows(["no JSON", "[]", "{}"], asked)


def test_a_denial_beats_every_allowance_and_a_statement_that_does_not_hold_says_nothing() -> None:
    asked = Request("ec2:RunInstances", INSTANCE, {"aws:RequestedRegion": "ap-northeast-2"})
    elsewhere = {"StringNotEquals": {"aws:RequestedRegion": "ap-northeast-2"}}
    allowed = document(statement())
    assert allows([allowed, document(statement(effect="Deny", Condition=elsewhere))], asked)
    assert allows([document(statement(Condition=elsewhere)), allowed], asked)
    denial = document(statement("ec2:RunInstances", effect="Deny"))
    assert denies([allowed, denial], asked)
    assert not allows([allowed, denial], asked)


def test_what_is_named_by_exclusion_is_everything_else() -> None:
    asked = Request("ec2:RunInstances", INSTANCE)
    assert allows([document({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})], asked)
    assert not allows([document({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:ec2:*"})], asked)


@pytest.mark.parametrize(
    ("condition", "context", "expected"),
    [
        ({"StringEquals": {"aws:RequestTag/a": "1"}}, {"aws:RequestTag/a": "1"}, True),
        ({"StringEquals": {"aws:RequestTag/a": "*"}}, {"aws:RequestTag/a": "1"}, False),
        ({"StringLike": {"aws:RequestTag/a": "*"}}, {"aws:RequestTag/a": "1"}, True),
        ({"StringLike": {"aws:RequestTag/a": "*"}}, {}, False),
        ({"StringEquals": {"AWS:requesttag/A": ["0", "1"]}}, {"aws:RequestTag/a": "1"}, True),
        ({"StringEquals": {"a": "1", "b": "2"}}, {"a": "1"}, False),
        ({"StringNotEquals": {"a": ["1", "2"]}}, {"a": "2"}, False),
        ({"StringNotEquals": {"a": "1"}}, {}, True),
        ({"StringEqualsIfExists": {"a": "1"}}, {}, True),
        ({"StringEqualsIfExists": {"a": "1"}}, {"a": "2"}, False),
        ({"Null": {"a": "true"}}, {}, True),
        ({"Null": {"a": "false"}}, {}, False),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {"aws:TagKeys": ["a"]}, True),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {"aws:TagKeys": ["a", "c"]}, False),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}, {}, True),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}}, {"aws:TagKeys": ["a", "c"]}, True),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}}, {}, False),
        ({"ArnLike": {"a": "arn:aws:s3:*:*:b"}}, {"a": "arn:aws:s3:r:1:b"}, True),
        ({"ArnLike": {"a": "arn:aws:*:b"}}, {"a": "arn:aws:s3:r:1:b"}, False),
        ({"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": "false"}, True),
        ({"NumericLessThan": {"a": "5"}}, {"a": "4"}, True),
        ({"NumericLessThan": {"a": "5"}}, {"a": "many"}, False),
        ({"StringEquals": {"a": "${aws:PrincipalTag/team}"}}, {"a": "x", "aws:PrincipalTag/team": "x"}, True),
        ({"StringEquals": {"a": "${aws:PrincipalTag/team}"}}, {"a": "x"}, False),
        ({"StringEquals": {"a": "${aws:PrincipalTag/team, 'x'}"}}, {"a": "x"}, True),
        ({"StringLike": {"a": "1${*}"}}, {"a": "1*"}, True),
        ({"StringLike": {"a": "1${*}"}}, {"a": "12"}, False),
    ],
)
def test_conditions(condition: dict[str, Any], context: dict[str, Value], expected: bool) -> None:
    assert conditioned(condition, context) is expected


def test_a_trust_policy_names_who_may_and_for_what() -> None:
    pods = {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    for action, principal, expected in (
        ("sts:AssumeRole", "pods.eks.amazonaws.com", True),
        ("sts:TagSession", "pods.eks.amazonaws.com", False),
        ("sts:AssumeRole", "ec2.amazonaws.com", False),
    ):
        assert allows([document(pods)], Request(action, "", {}, principal)) is expected


@pytest.mark.parametrize(
    ("action", "context", "expected"),
    [
        ("ec2:TerminateInstances", OWNED, True),
        ("ec2:TerminateInstances", {}, False),
        ("ec2:StopInstances", OWNED, False),
        ("ec2:CreateTags", {**OWNED, "aws:TagKeys": ["Name"]}, True),
        ("ec2:CreateTags", {**OWNED, "aws:TagKeys": ["Name", "team"]}, False),
        ("ec2:CreateTags", {**OWNED, "aws:TagKeys": ["Name"], "aws:RequestTag/eks:eks-cluster-name": "other"}, False),
    ],
)
def test_karpenters_own_policies_let_it_touch_only_what_is_its(
    action: str, context: dict[str, Value], expected: bool
) -> None:
    made = controller_policies("aws", "ap-northeast-2", "123456789012", "demo", "arn:aws:iam::123456789012:role/n", "q")
    documents = [json.dumps(one) for one in made.values()]
    assert allows(documents, Request(action, INSTANCE, context)) is expected
