"""SSM parameters."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.resource import Autoname, Resource, pick, tag_list
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs, Secret


class Parameter(Resource):
    pulumi_type = "aws:ssm/parameter:Parameter"
    service: ClassVar[str] = "ssm"
    noun = "SSM Parameter"
    operation = "PutParameter"
    tagged = True
    required = ("type",)
    autoname = Autoname(longest=2048)
    replace = ("dataType",)
    computed = ("arn", "hasValueWo", "version")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        found = pick(inputs, "allowedPattern", "dataType", "description", "keyId", "name", "tier", "type", "value")
        return found | pick(inputs, insecureValue="Value")

    def create(self, site: Site, inputs: Inputs) -> str:
        tags = {"Tags": tag_list(inputs["tags"])} if inputs.get("tags") else {}
        site.client("ssm").put_parameter(**self.parameters(inputs), **tags)
        return inputs["name"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        parameter = site.client("ssm").get_parameter(Name=resource_id, WithDecryption=True)["Parameter"]
        value = {} if "insecureValue" in known else {"value": Secret(parameter["Value"])}
        return {
            "arn": parameter["ARN"],
            "hasValueWo": False,
            "name": resource_id,
            "type": parameter["Type"],
            "version": parameter["Version"],
        } | value

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        if set(changed) - {"overwrite"}:
            site.client("ssm").put_parameter(**self.parameters(news), Overwrite=True)

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        here = {"ResourceType": "Parameter", "ResourceId": resource_id}
        if gone:
            site.client("ssm").remove_tags_from_resource(**here, TagKeys=list(gone))
        if tags:
            site.client("ssm").add_tags_to_resource(**here, Tags=tag_list(tags))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ssm").delete_parameter(Name=resource_id)
