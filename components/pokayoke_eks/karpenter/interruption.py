"""How Karpenter hears that an instance is about to go."""

import json

import pulumi
import pulumi_aws as aws

from .. import tags
from ..config import KarpenterConfig
from ..iam import document
from ..iam.karpenter_interruption import EVENT_RULES, MESSAGE_RETENTION_SECONDS, TARGET_ID, EventRule, queue_policy
from ..rules import names


class Interruption:
    """The queue, who may write to it, and a rule with its target for each kind of event."""

    queue: aws.sqs.Queue
    resources: list[pulumi.Resource]
    """All of it."""

    def __init__(self, name: str, config: KarpenterConfig, opts: pulumi.ResourceOptions) -> None:
        self.queue = aws.sqs.Queue(
            f"{name}-interruption",
            name=names.interruption_queue(config.name),
            message_retention_seconds=MESSAGE_RETENTION_SECONDS,
            # SQS's own key: EventBridge may use it, and a key of ours only where its policy says so.
            sqs_managed_sse_enabled=True,
            tags=tags.of(config.name, config.tags),
            opts=opts,
        )
        policy = aws.sqs.QueuePolicy(
            f"{name}-interruption",
            queue_url=self.queue.url,
            policy=self.queue.arn.apply(lambda arn: document.text(queue_policy(arn))),
            opts=opts,
        )
        self.resources = [self.queue, policy]
        for event in EVENT_RULES:
            self.resources += self._rule(name, config, event, opts)

    def _rule(
        self, name: str, config: KarpenterConfig, event: EventRule, opts: pulumi.ResourceOptions
    ) -> list[pulumi.Resource]:
        rule = aws.cloudwatch.EventRule(
            f"{name}-{event.name}",
            name=names.interruption_rule(config.name, event.name),
            description=event.detail_type,
            event_pattern=json.dumps(event.pattern),
            tags=tags.of(config.name, config.tags),
            opts=opts,
        )
        target = aws.cloudwatch.EventTarget(
            f"{name}-{event.name}", rule=rule.name, target_id=TARGET_ID, arn=self.queue.arn, opts=opts
        )
        return [rule, target]
