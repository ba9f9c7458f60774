"""Launch templates, and the self-managed node group (an Auto Scaling group) of pulumi-eks's default."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, cast

from pokayoke_rehearsal.doubles.aws.ec2 import Ec2Resource, only
from pokayoke_rehearsal.doubles.aws.resource import Autoname, Resource, pascal_keys, pick, tag_list
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs
from pokayoke_rehearsal.world.shapes import listed

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


class AutoScalingGroup(Resource):
    pulumi_type = "aws:autoscaling/group:Group"
    service: ClassVar[str] = "autoscaling"
    noun = "Auto Scaling Group"
    operation = "CreateAutoScalingGroup"
    required = ("maxSize", "minSize")
    autoname = Autoname(longest=255)
    replace = ("availabilityZones.", "placementGroup")
    computed = ("arn", "availabilityZones", "defaultCooldown", "healthCheckType", "serviceLinkedRoleArn")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        named = {"name": "AutoScalingGroupName"}
        return pick(inputs, "availabilityZones", **named) | self._changeable(inputs) | {"Tags": _propagated(inputs)}

    def create(self, site: Site, inputs: Inputs) -> str:
        site.client("autoscaling").create_auto_scaling_group(**self.parameters(inputs))
        return inputs["name"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        answer = site.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[resource_id])
        group = only(answer["AutoScalingGroups"])
        return group and {
            "arn": group["AutoScalingGroupARN"],
            "availabilityZones": group.get("AvailabilityZones", []),
            "defaultCooldown": group.get("DefaultCooldown", 300),
            "healthCheckType": group.get("HealthCheckType", "EC2"),
            "name": resource_id,
            "serviceLinkedRoleArn": group.get("ServiceLinkedRoleARN", ""),
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        client = site.client("autoscaling")
        client.update_auto_scaling_group(AutoScalingGroupName=resource_id, **self._changeable(news))
        if "tags" in changed:
            client.create_or_update_tags(Tags=_propagated(news, resource_id))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("autoscaling").delete_auto_scaling_group(AutoScalingGroupName=resource_id, ForceDelete=True)

    def _changeable(self, inputs: Inputs) -> dict[str, Any]:
        found = pick(inputs, "desiredCapacity", "healthCheckType", "healthCheckGracePeriod", "maxSize", "minSize")
        if template := inputs.get("launchTemplate"):
            names = {"id": "LaunchTemplateId", "name": "LaunchTemplateName"}
            found["LaunchTemplate"] = pick(template, "version", **names)
        if isinstance(zones := inputs.get("vpcZoneIdentifiers"), list):
            known = [zone for zone in cast("list[Any]", zones) if isinstance(zone, str)]
            found["VPCZoneIdentifier"] = ",".join(known)
        return found


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


def _propagated(inputs: Inputs, name: str = "") -> list[dict[str, Any]]:
    owner = name or inputs.get("name", "")
    return [
        pick(tag, "key", "propagateAtLaunch", "value") | {"ResourceId": owner, "ResourceType": "auto-scaling-group"}
        for tag in listed(inputs, "tags")
    ]
