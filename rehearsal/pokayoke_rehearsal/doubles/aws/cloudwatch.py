"""CloudWatch log groups and EventBridge rules with their targets."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.resource import Autoname, Made, Resource, pascal_keys, pick, tag_list, tag_map
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import UNKNOWN, Inputs, ProviderError

# What CloudWatch takes, in days; 0 is for ever (API reference of PutRetentionPolicy).
RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)


class LogGroup(Resource):
    pulumi_type = "aws:cloudwatch/logGroup:LogGroup"
    service: ClassVar[str] = "logs"
    noun = "CloudWatch Logs Log Group"
    operation = "CreateLogGroup"
    tagged = True
    autoname = Autoname(longest=512)
    replace = ("logGroupClass",)
    computed = ("arn", "logGroupClass")

    def refusals(self, inputs: Inputs) -> list[tuple[str, str]]:
        days = inputs.get("retentionInDays", 0)
        if days is UNKNOWN or days in (0, *RETENTIONS):
            return []
        return [("retentionInDays", f"expected retention_in_days to be one of {[0, *RETENTIONS]}, got {days}")]

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return {
            parameter: inputs[key]
            for key, parameter in (
                ("name", "logGroupName"),
                ("kmsKeyId", "kmsKeyId"),
                ("logGroupClass", "logGroupClass"),
            )
            if key in inputs
        }

    def create(self, site: Site, inputs: Inputs) -> Made:
        tags = {"tags": inputs["tags"]} if inputs.get("tags") else {}
        site.client("logs").create_log_group(**self.parameters(inputs), **tags)
        self._retain(site, inputs["name"], inputs)
        outputs = {
            "arn": site.arn("logs", f"log-group:{inputs['name']}"),
            "retentionInDays": inputs.get("retentionInDays", 0),
        }
        return inputs["name"], {"logGroupClass": inputs.get("logGroupClass", "STANDARD")} | outputs

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        for group in site.client("logs").describe_log_groups(logGroupNamePrefix=resource_id)["logGroups"]:
            if group["logGroupName"] == resource_id:
                return {
                    "arn": group["arn"].removesuffix(":*"),
                    "logGroupClass": group.get("logGroupClass", "STANDARD"),
                    "name": resource_id,
                    "retentionInDays": group.get("retentionInDays", 0),
                }
        return None

    def live(self, site: Site, resource_id: str, known: Inputs) -> Inputs:
        arn = site.arn("logs", f"log-group:{resource_id}")
        return {"tags": site.client("logs").list_tags_for_resource(resourceArn=arn)["tags"]}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        logs = site.client("logs")
        if "retentionInDays" in changed:
            if news.get("retentionInDays"):
                self._retain(site, resource_id, news)
            else:
                logs.delete_retention_policy(logGroupName=resource_id)
        if "kmsKeyId" in changed:
            if "kmsKeyId" in news:
                logs.associate_kms_key(logGroupName=resource_id, kmsKeyId=news["kmsKeyId"])
            else:
                logs.disassociate_kms_key(logGroupName=resource_id)

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        logs = site.client("logs")
        arn = site.arn("logs", f"log-group:{resource_id}")
        if gone:
            logs.untag_resource(resourceArn=arn, tagKeys=list(gone))
        if tags:
            logs.tag_resource(resourceArn=arn, tags=tags)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        if not state.get("skipDestroy"):
            site.client("logs").delete_log_group(logGroupName=resource_id)

    def _retain(self, site: Site, name: str, inputs: Inputs) -> None:
        if inputs.get("retentionInDays"):
            site.client("logs").put_retention_policy(logGroupName=name, retentionInDays=inputs["retentionInDays"])


class EventRule(Resource):
    pulumi_type = "aws:cloudwatch/eventRule:EventRule"
    service: ClassVar[str] = "events"
    noun = "EventBridge Rule"
    operation = "PutRule"
    tagged = True
    autoname = Autoname(longest=64)
    replace = ("eventBusName",)
    computed = ("arn",)

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        found = pick(inputs, "description", "eventBusName", "eventPattern", "name", "roleArn", "scheduleExpression")
        if "state" in inputs or "isEnabled" in inputs:
            found["State"] = inputs.get("state", "ENABLED" if inputs.get("isEnabled", True) else "DISABLED")
        return found

    def create(self, site: Site, inputs: Inputs) -> Made:
        site.client("events").put_rule(**self.parameters(inputs), Tags=tag_list(inputs.get("tags")))
        bus = inputs.get("eventBusName", "default")
        return inputs["name"] if bus == "default" else f"{bus}/{inputs['name']}"

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        bus, _, name = resource_id.rpartition("/")
        rule = site.client("events").describe_rule(Name=name, EventBusName=bus or "default")
        return {"arn": rule["Arn"], "eventBusName": bus or "default", "name": name}

    def live(self, site: Site, resource_id: str, known: Inputs) -> Inputs:
        bus, _, name = resource_id.rpartition("/")
        events = site.client("events")
        rule = events.describe_rule(Name=name, EventBusName=bus or "default")
        tags = tag_map(events.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"])
        return {"description": rule.get("Description"), "eventPattern": rule.get("EventPattern"), "tags": tags} | {
            "state": rule["State"]
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        site.client("events").put_rule(**self.parameters(news))

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        events = site.client("events")
        if gone:
            events.untag_resource(ResourceARN=state["arn"], TagKeys=list(gone))
        if tags:
            events.tag_resource(ResourceARN=state["arn"], Tags=tag_list(tags))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        bus, _, name = resource_id.rpartition("/")
        site.client("events").delete_rule(Name=name, EventBusName=bus or "default")


class EventTarget(Resource):
    pulumi_type = "aws:cloudwatch/eventTarget:EventTarget"
    service: ClassVar[str] = "events"
    noun = "EventBridge Target"
    operation = "PutTargets"
    required = ("arn", "rule")
    autoname = Autoname(key="targetId", longest=64, prefix_key="targetIdPrefix")
    replace = ("eventBusName", "rule", "targetId")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        target = pick(
            inputs, "arn", "input", "inputPath", "roleArn", targetId="Id", inputTransformer="InputTransformer"
        )
        for key, name in (("deadLetterConfig", "DeadLetterConfig"), ("retryPolicy", "RetryPolicy")):
            if key in inputs:
                target[name] = pascal_keys(inputs[key])
        if "sqsTarget" in inputs:
            target["SqsParameters"] = pascal_keys(inputs["sqsTarget"])
        if "inputTransformer" in inputs:
            transformer = inputs["inputTransformer"]
            target["InputTransformer"] = pick(transformer, "inputTemplate", inputPaths="InputPathsMap")
        return pick(inputs, "eventBusName", "rule") | {"Targets": [target]}

    def create(self, site: Site, inputs: Inputs) -> Made:
        answer = site.client("events").put_targets(**self.parameters(inputs))
        for failed in answer.get("FailedEntries", []):
            raise ProviderError(f"creating EventBridge Target: {failed['ErrorCode']}: {failed['ErrorMessage']}")
        return f"{inputs['rule']}-{inputs['targetId']}"

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        answer = site.client("events").list_targets_by_rule(**pick(known, "rule", "eventBusName"))
        for target in answer["Targets"]:
            if target["Id"] == known["targetId"]:
                return {"arn": target["Arn"], "targetId": target["Id"]}
        return None

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        site.client("events").put_targets(**self.parameters(news))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("events").remove_targets(**pick(state, "rule", "eventBusName"), Ids=[state["targetId"]])
