"""What self-managed node groups are made of: Auto Scaling groups, launch configurations, stacks, key pairs."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, cast

from pokayoke_rehearsal.doubles.aws.ec2 import Ec2Resource, only
from pokayoke_rehearsal.doubles.aws.resource import Autoname, Resource, pascal_keys, pick, tag_list, tag_map
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs
from pokayoke_rehearsal.world.shapes import listed


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


class LaunchConfiguration(Resource):
    pulumi_type = "aws:ec2/launchConfiguration:LaunchConfiguration"
    service: ClassVar[str] = "autoscaling"
    noun = "Auto Scaling Launch Configuration"
    operation = "CreateLaunchConfiguration"
    required = ("imageId", "instanceType")
    autoname = Autoname(longest=255)
    replace = (
        "associatePublicIpAddress",
        "ebsBlockDevices",
        "ebsOptimized",
        "enableMonitoring",
        "iamInstanceProfile",
        "imageId",
        "instanceType",
        "keyName",
        "metadataOptions",
        "placementTenancy",
        "rootBlockDevice",
        "securityGroups",
        "spotPrice",
        "userData",
        "userDataBase64",
    )
    computed = ("arn",)

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        plain = ("associatePublicIpAddress", "ebsOptimized", "iamInstanceProfile", "imageId", "instanceType", "keyName")
        renamed = {
            "name": "LaunchConfigurationName",
            "userDataBase64": "UserData",
            "metadataOptions": "MetadataOptions",
        }
        found = pick(inputs, *plain, "placementTenancy", "securityGroups", "spotPrice", "userData", **renamed)
        if "metadataOptions" in inputs:
            found["MetadataOptions"] = pascal_keys(inputs["metadataOptions"])
        return found

    def create(self, site: Site, inputs: Inputs) -> str:
        site.client("autoscaling").create_launch_configuration(**self.parameters(inputs))
        return inputs["name"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        answer = site.client("autoscaling").describe_launch_configurations(LaunchConfigurationNames=[resource_id])
        found = only(answer["LaunchConfigurations"])
        return found and {"arn": found["LaunchConfigurationARN"], "name": resource_id}

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("autoscaling").delete_launch_configuration(LaunchConfigurationName=resource_id)


class Stack(Resource):
    pulumi_type = "aws:cloudformation/stack:Stack"
    service: ClassVar[str] = "cloudformation"
    noun = "CloudFormation Stack"
    operation = "CreateStack"
    tagged = True
    autoname = Autoname(longest=128, prefix_key="")
    computed = ("outputs",)

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        plain = ("capabilities", "disableRollback", "onFailure", "templateBody", "timeoutInMinutes")
        renamed = {"name": "StackName", "templateUrl": "TemplateURL", "iamRoleArn": "RoleARN"}
        found = pick(inputs, *plain, **renamed)
        if "parameters" in inputs:
            given = inputs["parameters"].items()
            found["Parameters"] = [{"ParameterKey": key, "ParameterValue": value} for key, value in given]
        return found

    def create(self, site: Site, inputs: Inputs) -> str:
        tags = tag_list(inputs.get("tags"))
        return site.client("cloudformation").create_stack(**self.parameters(inputs), Tags=tags)["StackId"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        stack = only(site.client("cloudformation").describe_stacks(StackName=resource_id)["Stacks"])
        if stack is None or stack["StackStatus"] == "DELETE_COMPLETE":
            return None
        outputs = {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}
        return {"name": stack["StackName"], "outputs": outputs, "tags": tag_map(stack.get("Tags"))}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        if changed:
            self._update(site, resource_id, news)

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        self._update(site, resource_id, {**state, "tags": tags})

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("cloudformation").delete_stack(StackName=resource_id)

    def _update(self, site: Site, resource_id: str, inputs: Inputs) -> None:
        wanted = self.parameters(inputs) | {"StackName": resource_id, "Tags": tag_list(inputs.get("tags"))}
        wanted.pop("OnFailure", None)
        wanted.pop("TimeoutInMinutes", None)
        site.client("cloudformation").update_stack(**wanted)


class KeyPair(Ec2Resource):
    pulumi_type = "aws:ec2/keyPair:KeyPair"
    noun = "EC2 Key Pair"
    tag_type = "key-pair"
    tagged = True
    required = ("publicKey",)
    autoname = Autoname(key="keyName", longest=255, prefix_key="keyNamePrefix")
    replace = ("publicKey",)
    computed = ("arn", "fingerprint", "keyPairId", "keyType")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return {"KeyName": inputs["keyName"], "PublicKeyMaterial": inputs["publicKey"].encode()}

    def create(self, site: Site, inputs: Inputs) -> str:
        site.client("ec2").import_key_pair(**self.tagged_parameters(inputs))
        return inputs["keyName"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        pair = only(site.client("ec2").describe_key_pairs(KeyNames=[resource_id])["KeyPairs"])
        return pair and {
            "arn": site.arn("ec2", f"key-pair/{resource_id}"),
            "fingerprint": pair["KeyFingerprint"],
            "keyName": resource_id,
            "keyPairId": pair["KeyPairId"],
            "keyType": pair.get("KeyType", "rsa"),
            "tags": tag_map(pair.get("Tags")),
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        """Only tags change in place."""

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        super().retag(site, state["keyPairId"], state, gone, tags)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ec2").delete_key_pair(KeyName=resource_id)


def _propagated(inputs: Inputs, name: str = "") -> list[dict[str, Any]]:
    owner = name or inputs.get("name", "")
    return [
        pick(tag, "key", "propagateAtLaunch", "value") | {"ResourceId": owner, "ResourceType": "auto-scaling-group"}
        for tag in listed(inputs, "tags")
    ]
