"""What is asked of the policies of resources, in every form that says everybody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack

PUBLIC = "resource-policy-not-public"
POLICY = "aws:sqs/queuePolicy:QueuePolicy"


def document(**said: Any) -> dict[str, Any]:
    own = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "*"}
    return {"Statement": [own, {"Effect": "Allow", "Action": "*", **said}]}


def conditioned(**condition: Any) -> dict[str, Any]:
    return {"Principal": "*", "Condition": condition}


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"Principal": "*"}, id="a-text"),
        pytest.param({"Principal": ["*"]}, id="a-list"),
        pytest.param({"Principal": {"AWS": "*"}}, id="accounts"),
        pytest.param({"Principal": {"AWS": ["arn:aws:iam::123456789012:root", "*"]}}, id="among-accounts"),
        pytest.param({"NotPrincipal": {"AWS": "arn:aws:iam::123456789012:user/x"}}, id="all-but-one"),
        pytest.param(conditioned(Bool={"aws:SecureTransport": "true"}), id="over-tls"),
        pytest.param(conditioned(StringNotEquals={"aws:SourceVpc": "vpc-1"}), id="from-elsewhere"),
        pytest.param(conditioned(StringLike={"aws:SourceArn": "*"}), id="from-anything"),
        pytest.param(conditioned(ArnLike={"aws:SourceArn": ["arn:aws:sns:*", "*"]}), id="from-anything-besides"),
        pytest.param(conditioned(IpAddress={"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}), id="from-both-halves"),
        pytest.param(conditioned(Null={"aws:SourceVpc": "false"}), id="from-any-vpc"),
    ],
)
def test_everybody_is_told_in_every_form(pack: Pack, said: dict[str, Any]) -> None:
    for policy in (document(**said), json.dumps(document(**said))):
        (message,) = pack.advice(POLICY, {"policy": policy})[PUBLIC]
        assert message.startswith("policy.Statement[1]: it allows everybody")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"Principal": {"AWS": "123456789012"}}, id="an-account"),
        pytest.param({"Principal": {"Service": "events.amazonaws.com"}}, id="a-service"),
        pytest.param({"Principal": "*", "Effect": "Deny"}, id="denied"),
        pytest.param(conditioned(StringEquals={"aws:PrincipalOrgID": "o-example"}), id="an-organisation"),
        pytest.param(conditioned(StringEquals={"KMS:CallerAccount": "123456789012"}), id="callers-of-an-account"),
        pytest.param(conditioned(ArnEquals={"aws:SourceArn": UNKNOWN}), id="a-source-to-come"),
        pytest.param(conditioned(IpAddress={"aws:SourceIp": "203.0.113.0/24"}), id="some-addresses"),
    ],
)
def test_somebody_in_particular_is_not(pack: Pack, said: dict[str, Any]) -> None:
    assert PUBLIC not in pack.advice(POLICY, {"policy": document(**said)})


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("aws:kms/key:Key", "policy"),
        ("aws:kms/keyPolicy:KeyPolicy", "policy"),
        ("aws:ecr/repositoryPolicy:RepositoryPolicy", "policy"),
        ("aws:ecr/registryPolicy:RegistryPolicy", "policy"),
        ("aws:sqs/queue:Queue", "policy"),
        ("aws:sns/topicPolicy:TopicPolicy", "policy"),
        ("aws:secretsmanager/secretPolicy:SecretPolicy", "policy"),
        ("aws:dsql/clusterPolicy:ClusterPolicy", "policy"),
        ("aws-native:kms:Key", "keyPolicy"),
        ("aws-native:ecr:Repository", "repositoryPolicyText"),
        ("aws-native:sqs:QueuePolicy", "policyDocument"),
    ],
)
def test_every_resource_with_a_policy_of_its_own_is_judged(pack: Pack, kind: str, place: str) -> None:
    assert PUBLIC in pack.advice(kind, {place: document(Principal="*")})
    assert PUBLIC not in pack.advice(kind, {})
    assert PUBLIC in pack.advice(kind, {place: UNKNOWN})["unknown"]


def test_a_bucket_may_be_meant_for_everybody(pack: Pack) -> None:
    assert PUBLIC not in pack.advice("aws:s3/bucketPolicy:BucketPolicy", {"policy": document(Principal="*")})
