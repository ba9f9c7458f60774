"""DynamoDB tables."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.resource import Autoname, Resource, pascal_keys, pick, tag_list
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs
from pokayoke_rehearsal.world.shapes import listed


class Table(Resource):
    pulumi_type = "aws:dynamodb/table:Table"
    service: ClassVar[str] = "dynamodb"
    noun = "DynamoDB Table"
    operation = "CreateTable"
    tagged = True
    autoname = Autoname(longest=255)
    replace = ("hashKey", "localSecondaryIndexes", "rangeKey")
    computed = ("arn", "streamArn", "streamLabel")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        mode = inputs.get("billingMode", "PROVISIONED")
        keys = [{"AttributeName": inputs.get("hashKey", ""), "KeyType": "HASH"}]
        if "rangeKey" in inputs:
            keys.append({"AttributeName": inputs["rangeKey"], "KeyType": "RANGE"})
        attributes = [pick(one, name="AttributeName", type="AttributeType") for one in listed(inputs, "attributes")]
        found = pick(inputs, name="TableName", deletionProtectionEnabled="DeletionProtectionEnabled")
        found |= {"AttributeDefinitions": attributes, "KeySchema": keys, "BillingMode": mode}
        if mode == "PROVISIONED":
            units = {"readCapacity": "ReadCapacityUnits", "writeCapacity": "WriteCapacityUnits"}
            found["ProvisionedThroughput"] = pick(inputs, **units)
        if indexes := inputs.get("globalSecondaryIndexes"):
            found["GlobalSecondaryIndexes"] = [_index(index) for index in indexes]
        return found

    def create(self, site: Site, inputs: Inputs) -> str:
        site.client("dynamodb").create_table(**self.parameters(inputs), Tags=tag_list(inputs.get("tags")))
        return inputs["name"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        table = site.client("dynamodb").describe_table(TableName=resource_id)["Table"]
        return {"arn": table["TableArn"], "name": resource_id, "streamArn": "", "streamLabel": ""}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        change = pick({key: news[key] for key in changed if key in news}, "billingMode", "deletionProtectionEnabled")
        if change:
            site.client("dynamodb").update_table(TableName=resource_id, **change)

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        if gone:
            site.client("dynamodb").untag_resource(ResourceArn=state["arn"], TagKeys=list(gone))
        if tags:
            site.client("dynamodb").tag_resource(ResourceArn=state["arn"], Tags=tag_list(tags))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("dynamodb").delete_table(TableName=resource_id)


def _index(index: Inputs) -> dict[str, Any]:
    keys = [{"AttributeName": index["hashKey"], "KeyType": "HASH"}]
    if "rangeKey" in index:
        keys.append({"AttributeName": index["rangeKey"], "KeyType": "RANGE"})
    projection = pascal_keys({"projectionType": index.get("projectionType", "ALL")})
    return {"IndexName": index["name"], "KeySchema": keys, "Projection": projection}
