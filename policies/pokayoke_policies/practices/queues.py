"""What is asked of queues: that they are encrypted, by a key that their senders may use, and take no plain request."""

from collections.abc import Iterator
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.iam_actions import Statement, not_allowed
from pokayoke_policies.inventory import known_map
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, by_spelling
from pokayoke_policies.raw import UNKNOWN, over
from pokayoke_policies.references import is_given, referred, referring
from pokayoke_policies.stack import Member, Stack

from .documents import condition_keys, listed, read_now

QUEUE = "aws:sqs/queue:Queue"
_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
_KEY, _KEY_POLICY = "aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy"
_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
_EVENTS = "events.amazonaws.com"
_NEEDED = ("kms:Decrypt", "kms:GenerateDataKey")
"""What a sender needs of the queue's key (SQS developer guide, "Configure KMS permissions for AWS services")."""

QUEUES = Practice(
    "queue-encrypted-tls",
    "A queue keeps or takes messages in plain, or a key keeps its senders out",
    "messages tell what happens in the account, and those that cannot be sealed are lost without a word",
    'Leave sqsManagedSseEnabled out, and make a QueuePolicy with {"Effect": "Deny", "Principal": "*", '
    '"Action": "sqs:*", "Resource": QUEUE.arn, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}.',
    "Karpenter, getting started (CloudFormation); SQS.1; SQS developer guide, security best practices",
)


def queues_are_closed(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Each queue of the stack."""
    yield from over(stack.of_type(QUEUE), lambda queue: ((queue.urn, one) for one in _judged(stack, queue)))


RULES = (Rule(QUEUES.slug, stack=(queues_are_closed,), practice=QUEUES),)


def _judged(stack: Stack, queue: Member) -> Iterator[Finding]:
    # Left out, SQS encrypts with a key of its own (SQS developer guide, "Encryption at rest": by default since 2022).
    if by_spelling(queue.properties.get("sqsManagedSseEnabled")) is False and not is_given(
        queue.properties.get("kmsMasterKeyId")
    ):
        yield QUEUES.finding("sqsManagedSseEnabled", "it is off, and no key is named")
    yield from over([_without_senders, _without_denial], lambda judge: judge(stack, queue))


def _without_denial(stack: Stack, queue: Member) -> Iterator[Finding]:
    holders = referring(stack, _POLICY, "queueUrl", queue)
    # The provider fills in what is set beside: a policy that is not known yet was not stated.
    if queue.properties.get("policy") is not UNKNOWN or not holders:
        holders = [*holders, queue]
    given = [statement for one in holders for statement in read_now(one.properties, "policy")]
    if not any(_denies_plain(one) for one in given):
        yield QUEUES.finding("policy", "no statement denies requests without TLS")


def _without_senders(stack: Stack, queue: Member) -> Iterator[Finding]:
    if not referring(stack, _TARGET, "arn", queue):
        return
    for key in referred(stack, queue, "kmsMasterKeyId", _KEY):
        holders = referring(stack, _KEY_POLICY, "keyId", key) or [key]
        given = [one for said in holders for one in read_now(said.properties, "policy") if _is_for_events(one)]
        missing = not_allowed(_NEEDED, given)
        if missing:
            yield QUEUES.finding(
                "kmsMasterKeyId",
                f"events are sent to it, and its key does not let {_EVENTS} use {' and '.join(missing)}",
                "Allow it in the key's policy, or leave kmsMasterKeyId out.",
            )


def _denies_plain(statement: Statement) -> bool:
    return statement.get("Effect") == "Deny" and any(
        operator.startswith("bool") and key == "aws:securetransport" and by_spelling(_first(value)) is False
        for operator, key, value in condition_keys(statement)
    )


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value  # pyright: ignore[reportUnknownVariableType]


def _is_for_events(statement: Statement) -> bool:
    principal = statement.get("Principal")
    return principal == "*" or _EVENTS in listed(known_map(principal).get("Service"))
