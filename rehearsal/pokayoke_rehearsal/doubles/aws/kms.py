"""KMS keys and their aliases."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.resource import Autoname, Made, Resource, pick
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs
from pokayoke_rehearsal.world.shapes import mapped


class Key(Resource):
    pulumi_type = "aws:kms/key:Key"
    service: ClassVar[str] = "kms"
    noun = "KMS Key"
    operation = "CreateKey"
    tagged = True
    replace = ("customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId")
    computed = ("arn", "keyId", "multiRegion", "policy", "rotationPeriodInDays")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        renamed = {
            "customerMasterKeySpec": "KeySpec",
            "bypassPolicyLockoutSafetyCheck": "BypassPolicyLockoutSafetyCheck",
        }
        return pick(inputs, "description", "keyUsage", "multiRegion", "policy", **renamed)

    def create(self, site: Site, inputs: Inputs) -> str:
        tags = [{"TagKey": key, "TagValue": value} for key, value in mapped(inputs, "tags").items()]
        key_id = site.client("kms").create_key(**self.parameters(inputs), Tags=tags)["KeyMetadata"]["KeyId"]
        self._set_rotation(site, key_id, inputs)
        if inputs.get("isEnabled") is False:
            site.client("kms").disable_key(KeyId=key_id)
        return key_id

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        key = site.client("kms").describe_key(KeyId=resource_id)["KeyMetadata"]
        if key["KeyState"] == "PendingDeletion":
            return None
        return {
            "arn": key["Arn"],
            "keyId": resource_id,
            "multiRegion": key.get("MultiRegion", False),
            "policy": known.get("policy")
            or site.client("kms").get_key_policy(KeyId=resource_id, PolicyName="default")["Policy"],
            "rotationPeriodInDays": known.get("rotationPeriodInDays", 365),
        }

    def live(self, site: Site, resource_id: str, known: Inputs) -> Inputs:
        kms = site.client("kms")
        key = kms.describe_key(KeyId=resource_id)["KeyMetadata"]
        tags = kms.list_resource_tags(KeyId=resource_id)["Tags"]
        return {
            "description": key["Description"],
            "enableKeyRotation": kms.get_key_rotation_status(KeyId=resource_id)["KeyRotationEnabled"],
            "isEnabled": key["Enabled"],
            "policy": kms.get_key_policy(KeyId=resource_id, PolicyName="default")["Policy"],
            "tags": {tag["TagKey"]: tag["TagValue"] for tag in tags},
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        kms = site.client("kms")
        if "description" in changed:
            kms.update_key_description(KeyId=resource_id, Description=news.get("description", ""))
        if "policy" in changed and "policy" in news:
            kms.put_key_policy(KeyId=resource_id, PolicyName="default", Policy=news["policy"])
        if "isEnabled" in changed:
            (kms.disable_key if news.get("isEnabled") is False else kms.enable_key)(KeyId=resource_id)
        if {"enableKeyRotation", "rotationPeriodInDays"} & set(changed):
            if news.get("enableKeyRotation"):
                self._set_rotation(site, resource_id, news)
            else:
                kms.disable_key_rotation(KeyId=resource_id)

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        if gone:
            site.client("kms").untag_resource(KeyId=resource_id, TagKeys=list(gone))
        if tags:
            pairs = [{"TagKey": key, "TagValue": value} for key, value in tags.items()]
            site.client("kms").tag_resource(KeyId=resource_id, Tags=pairs)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        """AWS keeps the key for the waiting period, 30 days unless said otherwise."""
        days = state.get("deletionWindowInDays") or 30
        site.client("kms").schedule_key_deletion(KeyId=resource_id, PendingWindowInDays=days)

    def _set_rotation(self, site: Site, key_id: str, inputs: Inputs) -> None:
        if inputs.get("enableKeyRotation"):
            site.client("kms").enable_key_rotation(KeyId=key_id, **pick(inputs, "rotationPeriodInDays"))


class Alias(Resource):
    pulumi_type = "aws:kms/alias:Alias"
    service: ClassVar[str] = "kms"
    noun = "KMS Alias"
    operation = "CreateAlias"
    required = ("targetKeyId",)
    replace = ("name",)
    computed = ("arn", "name", "targetKeyArn")
    autoname = Autoname(longest=256)

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return pick(inputs, "targetKeyId") | {"AliasName": self._name(inputs)}

    def create(self, site: Site, inputs: Inputs) -> Made:
        site.client("kms").create_alias(**self.parameters(inputs))
        target: str = inputs["targetKeyId"]
        key_arn = target if target.startswith("arn:") else site.arn("kms", f"key/{target}")
        name = self._name(inputs)
        return name, {"arn": site.arn("kms", name), "name": name, "targetKeyArn": key_arn}

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        for alias in site.client("kms").list_aliases().get("Aliases", []):
            if alias["AliasName"] == resource_id:
                target: str = alias.get("TargetKeyId", "")
                key_arn = target if target.startswith("arn:") else site.arn("kms", f"key/{target}")
                return {"arn": alias["AliasArn"], "name": resource_id, "targetKeyArn": key_arn, "targetKeyId": target}
        return None

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        site.client("kms").update_alias(AliasName=resource_id, TargetKeyId=news["targetKeyId"])

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("kms").delete_alias(AliasName=resource_id)

    def _name(self, inputs: Inputs) -> str:
        name: str = inputs.get("name", "")
        return name if name.startswith("alias/") else f"alias/{name}"
