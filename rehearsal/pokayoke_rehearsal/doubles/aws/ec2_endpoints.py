"""VPC endpoints, flow logs and single tags."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pokayoke_rehearsal.doubles.aws.ec2 import Ec2Resource, only
from pokayoke_rehearsal.doubles.aws.resource import pick, tag_map
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs, ProviderError
from pokayoke_rehearsal.world.shapes import listed


class VpcEndpoint(Ec2Resource):
    pulumi_type = "aws:ec2/vpcEndpoint:VpcEndpoint"
    noun = "EC2 VPC Endpoint"
    operation = "CreateVpcEndpoint"
    tag_type = "vpc-endpoint"
    tagged = True
    required = ("vpcId",)
    replace = ("serviceName", "serviceRegion", "vpcEndpointType", "vpcId")
    computed = (
        "arn",
        "cidrBlocks",
        "dnsEntries",
        "networkInterfaceIds",
        "ownerId",
        "policy",
        "prefixListId",
        "requesterManaged",
        "routeTableIds",
        "securityGroupIds",
        "state",
        "subnetIds",
    )

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        plain = ("ipAddressType", "privateDnsEnabled", "routeTableIds", "securityGroupIds", "serviceName", "subnetIds")
        kind = {"VpcEndpointType": inputs.get("vpcEndpointType", "Gateway")}
        return pick(inputs, *plain, "vpcId", policy="PolicyDocument") | kind

    def create(self, site: Site, inputs: Inputs) -> str:
        return site.client("ec2").create_vpc_endpoint(**self.tagged_parameters(inputs))["VpcEndpoint"]["VpcEndpointId"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        endpoint = only(site.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[resource_id])["VpcEndpoints"])
        if endpoint is None or endpoint["State"] == "deleted":
            return None
        return {
            "arn": site.arn("ec2", f"vpc-endpoint/{resource_id}"),
            "cidrBlocks": [],
            "dnsEntries": [
                {"dnsName": entry.get("DnsName", ""), "hostedZoneId": entry.get("HostedZoneId", "")}
                for entry in endpoint.get("DnsEntries", [])
            ],
            "networkInterfaceIds": endpoint.get("NetworkInterfaceIds", []),
            "ownerId": site.account,
            "policy": known.get("policy", endpoint.get("PolicyDocument") or ""),
            "prefixListId": "",
            "requesterManaged": False,
            "routeTableIds": endpoint.get("RouteTableIds", []),
            "securityGroupIds": [group["GroupId"] for group in endpoint.get("Groups", [])],
            "serviceName": endpoint["ServiceName"],
            "state": endpoint["State"],
            "subnetIds": endpoint.get("SubnetIds", []),
            "tags": tag_map(endpoint.get("Tags")),
            "vpcEndpointType": endpoint["VpcEndpointType"],
            "vpcId": endpoint["VpcId"],
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        change: dict[str, Any] = {}
        for key in ("routeTableIds", "securityGroupIds", "subnetIds"):
            if key in changed:
                before, after = listed(olds, key), listed(news, key)
                name = key[:1].upper() + key[1:]
                change |= {f"Add{name}": [item for item in after if item not in before]}
                change |= {f"Remove{name}": [item for item in before if item not in after]}
        if "policy" in changed and "policy" in news:
            change["PolicyDocument"] = news["policy"]
        if change := {name: value for name, value in change.items() if value}:
            site.client("ec2").modify_vpc_endpoint(VpcEndpointId=resource_id, **change)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        answer = site.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[resource_id])
        for failed in answer.get("Unsuccessful", []):
            error = failed["Error"]
            raise ProviderError(f"deleting EC2 VPC Endpoint ({resource_id}): {error['Code']}: {error['Message']}")


class FlowLog(Ec2Resource):
    pulumi_type = "aws:ec2/flowLog:FlowLog"
    noun = "EC2 Flow Log"
    operation = "CreateFlowLogs"
    tag_type = "vpc-flow-log"
    tagged = True
    replace = (
        "destinationOptions",
        "eniId",
        "iamRoleArn",
        "logDestination",
        "logDestinationType",
        "logFormat",
        "maxAggregationInterval",
        "subnetId",
        "trafficType",
        "vpcId",
    )
    computed = ("arn", "logFormat")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        kind, key = next(
            ((kind, key) for key, kind in SOURCES.items() if key in inputs),
            ("VPC", "vpcId"),
        )
        plain = ("logDestination", "logDestinationType", "logFormat", "maxAggregationInterval", "trafficType")
        return {"ResourceIds": [inputs.get(key, "")], "ResourceType": kind} | pick(
            inputs, *plain, iamRoleArn="DeliverLogsPermissionArn"
        )

    def create(self, site: Site, inputs: Inputs) -> str:
        answer = site.client("ec2").create_flow_logs(**self.tagged_parameters(inputs))
        for failed in answer.get("Unsuccessful", []):
            error = failed["Error"]
            raise ProviderError(f"creating EC2 Flow Log: {error['Code']}: {error['Message']}")
        return answer["FlowLogIds"][0]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        log = only(site.client("ec2").describe_flow_logs(FlowLogIds=[resource_id])["FlowLogs"])
        return log and {
            "arn": site.arn("ec2", f"vpc-flow-log/{resource_id}"),
            "logFormat": log.get("LogFormat", ""),
            "tags": tag_map(log.get("Tags")),
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        """Only tags change in place."""

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ec2").delete_flow_logs(FlowLogIds=[resource_id])


SOURCES = {"vpcId": "VPC", "subnetId": "Subnet", "eniId": "NetworkInterface"}


class Tag(Ec2Resource):
    pulumi_type = "aws:ec2/tag:Tag"
    noun = "EC2 Tag"
    required = ("key", "resourceId", "value")
    replace = ("key", "resourceId")

    def create(self, site: Site, inputs: Inputs) -> str:
        self.update(site, "", (), {}, inputs)
        return f"{inputs['resourceId']},{inputs['key']}"

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        owner, _, key = resource_id.partition(",")
        filters = [{"Name": "resource-id", "Values": [owner]}, {"Name": "key", "Values": [key]}]
        tag = only(site.client("ec2").describe_tags(Filters=filters)["Tags"])
        return tag and {"key": key, "resourceId": owner, "value": tag["Value"]}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        tags = [{"Key": news["key"], "Value": news["value"]}]
        site.client("ec2").create_tags(Resources=[news["resourceId"]], Tags=tags)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ec2").delete_tags(Resources=[state["resourceId"]], Tags=[{"Key": state["key"]}])
