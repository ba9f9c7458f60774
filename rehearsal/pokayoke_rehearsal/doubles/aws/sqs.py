"""SQS queues and their policies."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.resource import Autoname, Resource, pascal
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs

ATTRIBUTES = {
    key: pascal(key)
    for key in (
        "contentBasedDeduplication",
        "deduplicationScope",
        "delaySeconds",
        "fifoQueue",
        "fifoThroughputLimit",
        "kmsDataKeyReusePeriodSeconds",
        "kmsMasterKeyId",
        "policy",
        "redriveAllowPolicy",
        "redrivePolicy",
        "sqsManagedSseEnabled",
    )
} | {
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}


class Queue(Resource):
    pulumi_type = "aws:sqs/queue:Queue"
    service: ClassVar[str] = "sqs"
    noun = "SQS Queue"
    tagged = True
    autoname = Autoname(longest=80)
    replace = ("fifoQueue",)
    computed = ("arn", "policy", "redriveAllowPolicy", "redrivePolicy", "url")

    def create(self, site: Site, inputs: Inputs) -> str:
        tags = {"tags": inputs["tags"]} if inputs.get("tags") else {}
        answer = site.client("sqs").create_queue(QueueName=inputs["name"], Attributes=_attributes(inputs), **tags)
        return answer["QueueUrl"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        answer = site.client("sqs").get_queue_attributes(QueueUrl=resource_id, AttributeNames=["QueueArn"])
        empty = {key: known.get(key, "") for key in ("policy", "redriveAllowPolicy", "redrivePolicy")}
        name = resource_id.rsplit("/", 1)[-1]
        return {"arn": answer["Attributes"]["QueueArn"], "name": name, "url": resource_id} | empty

    def live(self, site: Site, resource_id: str, known: Inputs) -> Inputs:
        sqs = site.client("sqs")
        found = sqs.get_queue_attributes(QueueUrl=resource_id, AttributeNames=["All"])["Attributes"]
        told = {key: found[name] for key, name in ATTRIBUTES.items() if name in found}
        return {**told, "tags": sqs.list_queue_tags(QueueUrl=resource_id).get("Tags", {})}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        attributes = _attributes({key: news[key] for key in changed if key in news})
        if attributes:
            site.client("sqs").set_queue_attributes(QueueUrl=resource_id, Attributes=attributes)

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        if gone:
            site.client("sqs").untag_queue(QueueUrl=resource_id, TagKeys=list(gone))
        if tags:
            site.client("sqs").tag_queue(QueueUrl=resource_id, Tags=tags)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("sqs").delete_queue(QueueUrl=resource_id)


class QueuePolicy(Resource):
    pulumi_type = "aws:sqs/queuePolicy:QueuePolicy"
    service: ClassVar[str] = "sqs"
    noun = "SQS Queue Policy"
    required = ("policy", "queueUrl")
    replace = ("queueUrl",)

    def create(self, site: Site, inputs: Inputs) -> str:
        self.update(site, inputs["queueUrl"], (), {}, inputs)
        return inputs["queueUrl"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        answer = site.client("sqs").get_queue_attributes(QueueUrl=resource_id, AttributeNames=["Policy"])
        policy = answer.get("Attributes", {}).get("Policy")
        return {"policy": known.get("policy", policy), "queueUrl": resource_id} if policy else None

    def live(self, site: Site, resource_id: str, known: Inputs) -> Inputs:
        answer = site.client("sqs").get_queue_attributes(QueueUrl=resource_id, AttributeNames=["Policy"])
        return {"policy": answer["Attributes"]["Policy"]}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        site.client("sqs").set_queue_attributes(QueueUrl=resource_id, Attributes={"Policy": news["policy"]})

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("sqs").set_queue_attributes(QueueUrl=resource_id, Attributes={"Policy": ""})


def _attributes(inputs: Inputs) -> dict[str, str]:
    def text(value: Any) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value)

    return {name: text(inputs[key]) for key, name in ATTRIBUTES.items() if key in inputs}
