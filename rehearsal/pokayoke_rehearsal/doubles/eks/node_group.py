"""`eks:index:NodeGroup`: a self-managed group of the old kind, a CloudFormation stack over a launch configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from pokayoke_rehearsal.doubles.eks.ami import AL2, BOTTLEROCKET, DEFAULT_INSTANCE_TYPE
from pokayoke_rehearsal.doubles.eks.children import Component, Custom, child_of, invoke
from pokayoke_rehearsal.doubles.eks.core import core_of
from pokayoke_rehearsal.doubles.eks.self_managed import Parts, data_device, prepare, user_data, volume
from pokayoke_rehearsal.doubles.eks.values import (
    Args,
    Value,
    first,
    given,
    joined,
    js_text,
    json_text,
    merged,
    pick,
    tidy,
)

_SIZES = {"desiredCapacity": 2, "minSize": 1, "maxSize": 2}
_TEMPLATE = """
                AWSTemplateFormatVersion: '2010-09-09'
                Outputs:
                    NodeGroup:
                        Value: !Ref NodeGroup
                Resources:
                    NodeGroup:
                        Type: AWS::AutoScaling::AutoScalingGroup
                        Properties:
                          DesiredCapacity: {desired}
                          LaunchConfigurationName: {configuration}
                          MinSize: {least}
                          MaxSize: {most}
                          VPCZoneIdentifier: {subnets}
                          Tags:
                          {tags}
                        UpdatePolicy:
                          AutoScalingRollingUpdate:
                            MinInstancesInService: '{in_service}'
                            MaxBatchSize: '1'
                """
_TAG = """
                          - Key: {key}
                            Value: {value}
                            PropagateAtLaunch: 'true'"""


class NodeGroup(Component):
    """A node group whose instances signal CloudFormation when they are up."""

    def __init__(self, name: str, args: Args, opts: pulumi.ResourceOptions) -> None:
        args = {**args, **{key: first(args.get(key), default) for key, default in _SIZES.items()}}
        super().__init__("eks:index:NodeGroup", name, args, opts)
        core = core_of(args.get("cluster"))
        parts = prepare(name, args, core, self, path="nodeSecurityGroupId")
        suffix = Custom("eks:index:RandomSuffix", f"{name}-cfnStackName", {"input": name}, _replacing_dynamic(self))
        stack_name = suffix.out("output")
        region = pick(invoke("aws:index/getRegion:getRegion", {}, self), "name")
        configuration = self._launch_configuration(name, args, core, parts, stack_name, region)
        self._stack = Custom(
            "aws:cloudformation/stack:Stack",
            f"{name}-nodes",
            {
                "name": stack_name,
                "templateBody": _template(args, core, parts, configuration),
                "tags": merged({"Name": f"{name}-nodes"}, args.get("cloudFormationTags"), pick(core, "tags")),
            },
            child_of(self, depends_on=parts.dependencies),
        )
        self._parts = parts
        self._extra = first(args.get("extraNodeSecurityGroups"), [])
        self.register_outputs(self.state())

    def _launch_configuration(
        self,
        name: str,
        args: Args,
        core: pulumi.Output[Any],
        parts: Parts,
        stack_name: pulumi.Output[Any],
        region: pulumi.Output[Any],
    ) -> Custom:
        text = user_data(args, core, parts.system, kind="self-managed-v1", stack=stack_name, region=region)
        override = args.get("nodeUserDataOverride")
        devices = joined(parts.system, parts.image_info, volume(args)).apply(lambda found: _devices(*found))
        return Custom(
            "aws:ec2/launchConfiguration:LaunchConfiguration",
            f"{name}-nodeLaunchConfiguration",
            {
                "associatePublicIpAddress": first(args.get("nodeAssociatePublicIpAddress"), True),
                "imageId": parts.image,
                "instanceType": args["instanceType"] if given(args.get("instanceType")) else DEFAULT_INSTANCE_TYPE,
                "iamInstanceProfile": parts.instance_profile,
                "keyName": parts.key_name,
                "securityGroups": parts.security_group_ids,
                "spotPrice": args.get("spotPrice"),
                "rootBlockDevice": devices["root"],
                "ebsBlockDevices": devices["others"],
                "userData": override if given(override) else text,
                "enableMonitoring": args.get("enableDetailedMonitoring"),
            },
            child_of(self),
        )

    def state(self) -> dict[str, Value]:
        """What the engine is told as the component's outputs."""
        return {
            "autoScalingGroupName": self._stack.out("outputs").apply(_group_name),
            "cfnStack": self._stack,
            "extraNodeSecurityGroups": self._extra,
            "nodeSecurityGroup": self._parts.security_group,
            "nodeSecurityGroupId": self._parts.security_group_id,
        }


def _replacing_dynamic(parent: pulumi.Resource) -> pulumi.ResourceOptions:
    # Stacks of before this type existed hold the same thing as a dynamic resource.
    return child_of(parent, aliases=[pulumi.Alias(type_="pulumi-nodejs:dynamic:Resource", parent=parent)])


def _devices(system: str, info: Mapping[str, Value], settings: Mapping[str, Value]) -> dict[str, Value]:
    if system == AL2:
        defaults = {"encrypted": False, "volumeSize": 20, "volumeType": "gp2", "deleteOnTermination": True}
        return {"root": {**defaults, **tidy(settings)}, "others": []}
    if system != BOTTLEROCKET:
        return {"root": tidy(settings), "others": []}
    device = {"deviceName": data_device(info), **settings}
    named = [tidy({**device, "deviceName": first(device["deviceName"], info["rootDeviceName"])})]
    return {"root": {}, "others": named if any(value is not None for value in device.values()) else []}


def _template(args: Args, core: pulumi.Output[Any], parts: Parts, configuration: Custom) -> pulumi.Output[Any]:
    name = pick(core, "cluster", "name")
    sizes = [args[key] for key in _SIZES]
    values = joined(configuration.id, sizes, name, args.get("autoScalingGroupTags"), parts.subnet_ids)
    in_service = 0 if given(args.get("spotPrice")) else 1

    def write(found: Sequence[Any]) -> str:
        launch, (desired, least, most), cluster, tags, subnets = found
        marks: Args = {"Name": f"{cluster}-worker", f"kubernetes.io/cluster/{cluster}": "owned", **(tags or {})}
        return _TEMPLATE.format(
            desired=js_text(desired),
            configuration=launch,
            least=js_text(least),
            most=js_text(most),
            subnets=json_text(subnets),
            tags="".join(_TAG.format(key=key, value=value) for key, value in marks.items()),
            in_service=in_service,
        )

    return values.apply(write)


def _group_name(outputs: Mapping[str, Value]) -> str:
    if "NodeGroup" not in outputs:
        raise pulumi.RunError("CloudFormation stack is not ready. Stack output key 'NodeGroup' does not exist.")
    return outputs["NodeGroup"]
