"""What is asked of queues, and where popular checks of the same are wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource

CLOSED = "queue-encrypted-tls"
QUEUE, POLICY = "aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"
DENIAL: dict[str, Any] = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sqs:*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def queue(**said: Any) -> Resource:
    return Resource(QUEUE, "queue", {"url": "https://queue", "arn": "arn:queue", "id": "queue", **said})


def policy(*statements: dict[str, Any], **said: Any) -> Resource:
    text = json.dumps({"Statement": list(statements)})
    return Resource(POLICY, "policy", {"queueUrl": "queue", "policy": text, **said})


def told(pack: Pack, *resources: Resource) -> list[str]:
    return [message.partition(";")[0] for _, message in pack.advice_on(*resources).get(CLOSED, [])]


@pytest.mark.parametrize(
    "statement",
    [
        DENIAL,
        {**DENIAL, "Condition": {"BoolIfExists": {"AWS:SecureTransport": False}}},
        {**DENIAL, "Condition": {"Bool": {"aws:SecureTransport": ["false"]}}},
    ],
)
def test_a_queue_that_says_nothing_of_encryption_is_sound(pack: Pack, statement: dict[str, Any]) -> None:
    """CKV_AWS_27 and AWS-0096 fail it, though SQS encrypts by itself."""
    assert told(pack, queue(), policy(statement)) == []
    assert told(pack, queue(policy={"Statement": [statement]})) == []


def test_encryption_that_is_switched_off_is_told(pack: Pack) -> None:
    off = "sqsManagedSseEnabled: it is off, and no key is named"
    assert told(pack, queue(sqsManagedSseEnabled="false"), policy(DENIAL)) == [off]
    assert told(pack, queue(sqsManagedSseEnabled=False, kmsMasterKeyId="alias/x"), policy(DENIAL)) == []


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([], id="no-policy"),
        pytest.param([policy({**DENIAL, "Effect": "Allow"})], id="allowed"),
        pytest.param([policy({**DENIAL, "Condition": {"Bool": {"aws:SecureTransport": "true"}}})], id="the-other-way"),
        pytest.param([policy({**DENIAL, "Condition": {"Bool": {"aws:ViaAWSService": "false"}}})], id="another-key"),
        pytest.param([policy({**DENIAL, "Condition": {"Null": {"aws:SecureTransport": "false"}}})], id="not-a-boolean"),
        pytest.param([policy(DENIAL, queueUrl="another")], id="of-another-queue"),
    ],
)
def test_plain_requests_that_nothing_denies_are_told(pack: Pack, resources: list[Resource]) -> None:
    assert told(pack, queue(), *resources) == ["policy: no statement denies requests without TLS"]


def key(*statements: dict[str, Any], **said: Any) -> Resource:
    text = json.dumps({"Statement": list(statements)})
    return Resource("aws:kms/key:Key", "key", {"id": "key-1", "enableKeyRotation": True, "policy": text, **said})


EVENTS = {
    "Effect": "Allow",
    "Principal": {"Service": ["events.amazonaws.com"]},
    "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
    "Resource": "*",
}
SEALED = queue(kmsMasterKeyId="key-1")
TARGET = Resource("aws:cloudwatch/eventTarget:EventTarget", "target", {"arn": "arn:queue"})
BESIDE = Resource("aws:kms/keyPolicy:KeyPolicy", "key-policy", {"keyId": "key-1", "policy": {"Statement": [EVENTS]}})


@pytest.mark.parametrize(
    ("resources", "sound"),
    [
        pytest.param([key(EVENTS), TARGET], True, id="its-sender-may"),
        pytest.param([key({**EVENTS, "Principal": "*"}), TARGET], True, id="everybody-may"),
        pytest.param([key({**EVENTS, "Principal": {"Service": "sqs.amazonaws.com"}}), TARGET], False, id="another-may"),
        pytest.param([key({**EVENTS, "Action": "kms:Decrypt"}), TARGET], False, id="half"),
        pytest.param([key({**EVENTS, "Action": "kms:Decrypt"})], True, id="no-events-are-sent"),
        pytest.param([key(), BESIDE, TARGET], True, id="by-a-policy-beside"),
    ],
)
def test_the_key_of_a_queue_is_open_to_who_sends_to_it(pack: Pack, resources: list[Resource], *, sound: bool) -> None:
    found = told(pack, SEALED, policy(DENIAL), *resources)
    assert (found == []) is sound
    assert all(one.startswith("kmsMasterKeyId: events are sent to it, and its key does not let") for one in found)


def test_what_is_missing_is_named(pack: Pack) -> None:
    (found,) = told(pack, SEALED, policy(DENIAL), key({**EVENTS, "Action": "kms:Decrypt"}), TARGET)
    assert found.endswith("does not let events.amazonaws.com use kms:GenerateDataKey")


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([queue(), policy(policy=UNKNOWN)], id="the-queue-s-policy"),
        pytest.param([queue(policy=UNKNOWN)], id="its-own-policy"),
        pytest.param([SEALED, policy(DENIAL), key(policy=UNKNOWN), TARGET], id="the-key-s-policy"),
    ],
)
def test_a_policy_that_is_not_known_yet_is_said_once(pack: Pack, resources: list[Resource]) -> None:
    found = pack.advice_on(*resources)
    assert CLOSED not in found
    assert found["unknown"]


def test_what_the_provider_fills_in_is_nobody_s_word(pack: Pack) -> None:
    assert pack.advice_on(queue(policy=UNKNOWN), policy(DENIAL)) == {}
    (only,) = told(pack, queue(sqsManagedSseEnabled=False), policy(policy=UNKNOWN))
    assert only.startswith("sqsManagedSseEnabled")
