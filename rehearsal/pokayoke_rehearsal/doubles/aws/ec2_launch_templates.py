"""Launch templates."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from pokayoke_rehearsal.doubles.aws.ec2 import Ec2Resource, only
from pokayoke_rehearsal.doubles.aws.resource import Autoname, pascal_keys, pick, tag_list
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs

DATA = (
    "blockDeviceMappings",
    "capacityReservationSpecification",
    "cpuOptions",
    "creditSpecification",
    "disableApiStop",
    "disableApiTermination",
    "ebsOptimized",
    "enclaveOptions",
    "hibernationOptions",
    "iamInstanceProfile",
    "imageId",
    "instanceInitiatedShutdownBehavior",
    "instanceMarketOptions",
    "instanceRequirements",
    "instanceType",
    "keyName",
    "licenseSpecifications",
    "maintenanceOptions",
    "metadataOptions",
    "monitoring",
    "networkInterfaces",
    "placement",
    "privateDnsNameOptions",
    "tagSpecifications",
    "userData",
)
# Booleans that the Terraform resource types as strings.
STRING_BOOLEANS = ("EbsOptimized", "Encrypted", "DeleteOnTermination", "AssociatePublicIpAddress")


class LaunchTemplate(Ec2Resource):
    pulumi_type = "aws:ec2/launchTemplate:LaunchTemplate"
    noun = "EC2 Launch Template"
    operation = "CreateLaunchTemplate"
    tag_type = "launch-template"
    tagged = True
    autoname = Autoname(longest=125)
    computed = ("arn", "defaultVersion", "latestVersion")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return {"LaunchTemplateData": _data(inputs)} | pick(
            inputs, name="LaunchTemplateName", description="VersionDescription"
        )

    def create(self, site: Site, inputs: Inputs) -> str:
        answer = site.client("ec2").create_launch_template(**self.tagged_parameters(inputs))
        return answer["LaunchTemplate"]["LaunchTemplateId"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        answer = site.client("ec2").describe_launch_templates(LaunchTemplateIds=[resource_id])
        template = only(answer["LaunchTemplates"])
        return template and {
            "arn": site.arn("ec2", f"launch-template/{resource_id}"),
            "defaultVersion": template["DefaultVersionNumber"],
            "latestVersion": template["LatestVersionNumber"],
            "name": template["LaunchTemplateName"],
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        ec2 = site.client("ec2")
        version = news.get("defaultVersion")
        if set(changed) & {*DATA, "vpcSecurityGroupIds", "description"}:
            described = pick(news, description="VersionDescription")
            answer = ec2.create_launch_template_version(
                LaunchTemplateId=resource_id, LaunchTemplateData=_data(news), **described
            )
            if news.get("updateDefaultVersion"):
                version = answer["LaunchTemplateVersion"]["VersionNumber"]
        if version is not None:
            ec2.modify_launch_template(LaunchTemplateId=resource_id, DefaultVersion=str(version))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ec2").delete_launch_template(LaunchTemplateId=resource_id)


def _data(inputs: Inputs) -> dict[str, Any]:
    data = _typed(pascal_keys({key: inputs[key] for key in DATA if key in inputs and key != "tagSpecifications"}))
    data |= pick(inputs, vpcSecurityGroupIds="SecurityGroupIds")
    for interface in data.get("NetworkInterfaces", []):
        if "SecurityGroups" in interface:
            interface["Groups"] = interface.pop("SecurityGroups")
    if "tagSpecifications" in inputs:
        data["TagSpecifications"] = [
            pick(one, "resourceType") | {"Tags": tag_list(one.get("tags"))} for one in inputs["tagSpecifications"]
        ]
    return data


def _typed(value: Any) -> Any:
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return {
            key: item == "true" if key in STRING_BOOLEANS and isinstance(item, str) else _typed(item)
            for key, item in fields.items()
        }
    return [_typed(item) for item in cast("list[Any]", value)] if isinstance(value, list) else value
