"""Vaults, plans and selections of AWS Backup (terraform-provider-aws, internal/service/backup)."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.resource import Autoname, Resource
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import UNKNOWN, Inputs
from pokayoke_rehearsal.world.shapes import listed

_RULE = {
    "ruleName": "RuleName",
    "targetVaultName": "TargetBackupVaultName",
    "schedule": "ScheduleExpression",
    "scheduleExpressionTimezone": "ScheduleExpressionTimezone",
    "startWindow": "StartWindowMinutes",
    "completionWindow": "CompletionWindowMinutes",
    "enableContinuousBackup": "EnableContinuousBackup",
    "recoveryPointTags": "RecoveryPointTags",
}
_LIFECYCLE = {"deleteAfter": "DeleteAfterDays", "coldStorageAfter": "MoveToColdStorageAfterDays"}
_DEFAULTS = {
    "startWindow": 60,
    "completionWindow": 180,
    "scheduleExpressionTimezone": "Etc/UTC",
    "enableContinuousBackup": False,
}
"""Of the provider, not of AWS."""
_SELECTED = {
    "name": "SelectionName",
    "iamRoleArn": "IamRoleArn",
    "resources": "Resources",
    "notResources": "NotResources",
}


class _Tagged(Resource):
    service: ClassVar[str] = "backup"
    tagged = True
    autoname = Autoname(longest=50)

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        if gone:
            site.client("backup").untag_resource(ResourceArn=state["arn"], TagKeyList=list(gone))
        if tags:
            site.client("backup").tag_resource(ResourceArn=state["arn"], Tags=tags)


class Vault(_Tagged):
    """Left without a key, it has AWS's own one of the account and region, `aws/backup`."""

    pulumi_type = "aws:backup/vault:Vault"
    noun = "Backup Vault"
    operation = "CreateBackupVault"
    replace = ("kmsKeyArn",)
    computed = ("arn", "kmsKeyArn", "recoveryPoints")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        key = {"EncryptionKeyArn": inputs["kmsKeyArn"]} if "kmsKeyArn" in inputs else {}
        return {"BackupVaultName": inputs.get("name", ""), **key}

    def create(self, site: Site, inputs: Inputs) -> str:
        site.client("backup").create_backup_vault(**self.parameters(inputs), BackupVaultTags=inputs.get("tags", {}))
        return inputs["name"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        backup = site.client("backup")
        found = backup.describe_backup_vault(BackupVaultName=resource_id)
        own = uuid.uuid5(uuid.NAMESPACE_DNS, f"{site.account}.{site.region}.aws.backup")
        return {
            "arn": found["BackupVaultArn"],
            "forceDestroy": known.get("forceDestroy", False),
            "kmsKeyArn": found.get("EncryptionKeyArn") or site.arn("kms", f"key/{own}"),
            "name": resource_id,
            "recoveryPoints": found.get("NumberOfRecoveryPoints", 0),
            "tags": backup.list_tags(ResourceArn=found["BackupVaultArn"])["Tags"],
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        """Whether it goes with its backups is the provider's alone to know."""

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("backup").delete_backup_vault(BackupVaultName=resource_id)


class Plan(_Tagged):
    pulumi_type = "aws:backup/plan:Plan"
    noun = "Backup Plan"
    operation = "CreateBackupPlan"
    required = ("rules",)
    computed = ("arn", "version")
    delete_again_after = ("InvalidRequestException",)

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        rules = inputs["rules"]
        stated = rules if rules is UNKNOWN else [_rule(one) for one in rules]
        return {"BackupPlan": {"BackupPlanName": inputs.get("name", ""), "Rules": stated}}

    def create(self, site: Site, inputs: Inputs) -> str:
        asked = {**self.parameters(inputs), "BackupPlanTags": inputs.get("tags", {})}
        return site.client("backup").create_backup_plan(**asked)["BackupPlanId"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        backup = site.client("backup")
        found = backup.get_backup_plan(BackupPlanId=resource_id)
        return {
            "arn": found["BackupPlanArn"],
            "name": found["BackupPlan"]["BackupPlanName"],
            "rules": [_told(one) for one in found["BackupPlan"]["Rules"]],
            "tags": backup.list_tags(ResourceArn=found["BackupPlanArn"])["Tags"],
            "version": found["VersionId"],
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        if "rules" in changed:
            site.client("backup").update_backup_plan(BackupPlanId=resource_id, **self.parameters(news))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("backup").delete_backup_plan(BackupPlanId=resource_id)


class Selection(Resource):
    """Nothing of it changes in place."""

    pulumi_type = "aws:backup/selection:Selection"
    service: ClassVar[str] = "backup"
    noun = "Backup Selection"
    operation = "CreateBackupSelection"
    required = ("iamRoleArn", "planId")
    autoname = Autoname(longest=50)
    replace = ("conditions", "iamRoleArn", "name", "notResources", "planId", "resources", "selectionTags")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        said = {name: inputs[key] for key, name in _SELECTED.items() if key in inputs}
        if tags := inputs.get("selectionTags"):
            said["ListOfTags"] = tags if tags is UNKNOWN else [_tag(one) for one in tags]
        return {"BackupPlanId": inputs["planId"], "BackupSelection": said}

    def create(self, site: Site, inputs: Inputs) -> str:
        return site.client("backup").create_backup_selection(**self.parameters(inputs))["SelectionId"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        plan = known["planId"]
        found = site.client("backup").get_backup_selection(BackupPlanId=plan, SelectionId=resource_id)
        said = found["BackupSelection"]
        return {"planId": plan, **{key: said[name] for key, name in _SELECTED.items() if name in said}}

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("backup").delete_backup_selection(BackupPlanId=state["planId"], SelectionId=resource_id)


def _rule(said: Inputs) -> dict[str, Any]:
    stated = {**_DEFAULTS, **said}
    found = {name: stated[key] for key, name in _RULE.items() if key in stated}
    if "lifecycle" in said:
        found["Lifecycle"] = _lifecycle(said["lifecycle"])
    if copies := listed(said, "copyActions"):
        found["CopyActions"] = copies if copies is UNKNOWN else [_copy(one) for one in copies]
    return found


def _copy(said: Inputs) -> dict[str, Any]:
    lifecycle = {"Lifecycle": _lifecycle(said["lifecycle"])} if "lifecycle" in said else {}
    return {"DestinationBackupVaultArn": said["destinationVaultArn"], **lifecycle}


def _lifecycle(said: Any) -> Any:
    return said if said is UNKNOWN else {name: said[key] for key, name in _LIFECYCLE.items() if key in said}


def _told(rule: dict[str, Any]) -> Inputs:
    found: Inputs = {key: rule[name] for key, name in _RULE.items() if name in rule}
    if "Lifecycle" in rule:
        found["lifecycle"] = _told_lifecycle(rule)
    if copies := listed(rule, "CopyActions"):
        found["copyActions"] = [
            {"destinationVaultArn": one["DestinationBackupVaultArn"]}
            | ({"lifecycle": _told_lifecycle(one)} if "Lifecycle" in one else {})
            for one in copies
        ]
    return found


def _told_lifecycle(rule: dict[str, Any]) -> Inputs:
    return {key: rule["Lifecycle"][name] for key, name in _LIFECYCLE.items() if name in rule["Lifecycle"]}


def _tag(said: Inputs) -> dict[str, Any]:
    return {"ConditionType": said["type"], "ConditionKey": said["key"], "ConditionValue": said["value"]}
