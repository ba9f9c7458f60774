"""How Karpenter hears that an instance is about to go: a queue, who may write to it, and the five events sent there.

Source: aws/karpenter-provider-aws v1.14, `getting-started-with-karpenter/cloudformation.yaml`.
"""

from dataclasses import dataclass

from .document import Document, document

MESSAGE_RETENTION_SECONDS = 300
"""A notice that is older speaks of an instance that is gone."""

TARGET_ID = "KarpenterInterruptionQueueTarget"
"""The id of the queue among a rule's targets."""


@dataclass(frozen=True, slots=True)
class EventRule:
    """An EventBridge rule: upstream's name for it, and which events it sends to the queue."""

    name: str
    source: str
    detail_type: str

    @property
    def pattern(self) -> dict[str, list[str]]:
        """The event pattern."""
        return {"source": [self.source], "detail-type": [self.detail_type]}


EVENT_RULES = (
    EventRule("ScheduledChangeRule", "aws.health", "AWS Health Event"),
    EventRule("SpotInterruptionRule", "aws.ec2", "EC2 Spot Instance Interruption Warning"),
    EventRule("RebalanceRule", "aws.ec2", "EC2 Instance Rebalance Recommendation"),
    EventRule("InstanceStateChangeRule", "aws.ec2", "EC2 Instance State-change Notification"),
    EventRule(
        "CapacityReservationInterruptionRule", "aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"
    ),
)
"""All five: a missing one means that instances go without notice."""


def queue_policy(queue_arn: str) -> Document:
    """Who may write to the queue: EventBridge, over TLS, for rules of the queue's own account.

    Upstream's two statements, and what they lack:
    - a `Version`: without one SQS never reports the policy as set, and the AWS provider waits until it times out
      (hashicorp/terraform-provider-aws#29497);
    - `DenyRulesOfOtherAccounts`: upstream lets any account's EventBridge write, so that a stranger's rule could feign
      interruptions and have nodes drained. EventBridge states the rule's account with each call (EventBridge user
      guide, "Using IAM policy conditions"); where none is stated, upstream's statements alone decide.
    """
    account = queue_arn.split(":")[4]
    return {
        **document(
            {
                "Effect": "Allow",
                "Principal": {"Service": ["events.amazonaws.com", "sqs.amazonaws.com"]},
                "Action": "sqs:SendMessage",
                "Resource": queue_arn,
            },
            {
                "Sid": "DenyHTTP",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sqs:*",
                "Resource": queue_arn,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
            {
                "Sid": "DenyRulesOfOtherAccounts",
                "Effect": "Deny",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": queue_arn,
                "Condition": {
                    "Null": {"aws:SourceAccount": "false"},
                    "StringNotEquals": {"aws:SourceAccount": account},
                },
            },
        ),
        "Id": "EC2InterruptionPolicy",
    }
