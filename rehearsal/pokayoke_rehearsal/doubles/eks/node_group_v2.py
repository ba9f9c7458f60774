"""`eks:index:NodeGroupV2`: a self-managed group of nodes, an auto scaling group over a launch template."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from pokayoke_rehearsal.doubles.eks.ami import AL2, BOTTLEROCKET, DEFAULT_INSTANCE_TYPE
from pokayoke_rehearsal.doubles.eks.children import Component, Custom, child_of
from pokayoke_rehearsal.doubles.eks.core import core_of
from pokayoke_rehearsal.doubles.eks.self_managed import Parts, data_device, prepare, user_data, volume
from pokayoke_rehearsal.doubles.eks.values import Args, Value, first, given, joined, js_text, output, pick, tidy


@dataclass(frozen=True)
class NodeGroupParts:
    """The group and what it brought along."""

    group: Custom
    security_group: Any
    security_group_id: Value
    extra_security_groups: Value

    def data(self) -> dict[str, Value]:
        """The group as an output of the cluster that it is the default one of."""
        return tidy(
            {
                "nodeSecurityGroup": self.security_group,
                "nodeSecurityGroupId": self.security_group_id,
                "autoScalingGroup": self.group,
                "extraNodeSecurityGroups": self.extra_security_groups,
            }
        )


class NodeGroupV2(Component):
    """A node group beside the default one."""

    def __init__(self, name: str, args: Args, opts: pulumi.ResourceOptions) -> None:
        super().__init__("eks:index:NodeGroupV2", name, args, opts)
        self._parts = create_node_group_v2(name, args, core_of(args.get("cluster")), self)
        self.register_outputs(self.state())

    def state(self) -> dict[str, Value]:
        """What the engine is told as the component's outputs."""
        return {**self._parts.data(), "extraNodeSecurityGroups": first(self._parts.extra_security_groups, [])}


def create_node_group_v2(name: str, args: Args, core: pulumi.Output[Any], parent: pulumi.Resource) -> NodeGroupParts:
    """Registers launch template and auto scaling group, and a security group unless one is given."""
    parts = prepare(name, args, core, parent, path="nodeSecurityGroup")
    template = _launch_template(name, args, core, parts, parent)
    group = Custom(
        "aws:autoscaling/group:Group",
        name,
        {
            "minSize": first(args.get("minSize"), 1),
            "maxSize": first(args.get("maxSize"), 2),
            "desiredCapacity": first(args.get("desiredCapacity"), 2),
            "launchTemplate": {
                "name": template.out("name"),
                "version": template.out("latestVersion").apply(js_text),
            },
            "vpcZoneIdentifiers": parts.subnet_ids,
            "instanceRefresh": {
                "strategy": "Rolling",
                "preferences": {"minHealthyPercentage": first(args.get("minRefreshPercentage"), 50)},
            },
            "tags": joined(pick(core, "cluster", "name"), args.get("autoScalingGroupTags")).apply(_tags),
        },
        child_of(
            parent,
            depends_on=parts.dependencies,
            ignore_changes=["desiredCapacity"] if given(args.get("ignoreScalingChanges")) else None,
        ),
    )
    return NodeGroupParts(group, parts.security_group, parts.security_group_id, args.get("extraNodeSecurityGroups"))


def _launch_template(name: str, args: Args, core: pulumi.Output[Any], parts: Parts, parent: pulumi.Resource) -> Custom:
    text = user_data(args, core, parts.system, kind="self-managed-v2", stack=name)
    monitoring = args.get("enableDetailedMonitoring")
    public = first(args.get("nodeAssociatePublicIpAddress"), True)
    if isinstance(public, pulumi.Output):
        # The real component would send the words of an error message in the value's place.
        raise pulumi.InputPropertyError("nodeAssociatePublicIpAddress", "must be a plain value, not an output")
    spot = args.get("spotPrice")
    return Custom(
        "aws:ec2/launchTemplate:LaunchTemplate",
        f"{name}-launchTemplate",
        {
            "imageId": parts.image,
            "instanceType": args["instanceType"] if given(args.get("instanceType")) else DEFAULT_INSTANCE_TYPE,
            "iamInstanceProfile": {"name": parts.instance_profile},
            "keyName": parts.key_name,
            "instanceMarketOptions": {"marketType": "spot", "spotOptions": {"maxPrice": spot}} if given(spot) else None,
            "blockDeviceMappings": _devices(args, parts),
            "networkInterfaces": [
                {
                    "associatePublicIpAddress": js_text(public),
                    "securityGroups": parts.security_group_ids,
                }
            ],
            "userData": text.apply(lambda clear: base64.b64encode(clear.encode()).decode()),
            "tagSpecifications": args.get("launchTemplateTagSpecifications"),
            "monitoring": {"enabled": monitoring} if monitoring is not None else None,
        },
        child_of(parent),
    )


def _devices(args: Args, parts: Parts) -> pulumi.Output[Any]:
    settings = volume(args)

    def mappings(system: str) -> list[Value]:
        ebs = _ebs(settings, system)
        if not ebs:
            return []
        # The image is asked only where there is something to say of its device.
        return [{"deviceName": parts.image_info.apply(lambda info: _device(system, info)), "ebs": ebs}]

    return parts.system.apply(mappings)


def _ebs(settings: Mapping[str, Value], system: str) -> dict[str, Value]:
    flags = {key: settings[key] for key in ("encrypted", "deleteOnTermination")}
    if system == AL2:
        # Its defaults are kept from before there were other systems; elsewhere the image's own hold.
        flags = {
            "encrypted": first(flags["encrypted"], False),
            "deleteOnTermination": first(flags["deleteOnTermination"], True),
        }
        defaults = {"volumeSize": first(settings["volumeSize"], 20), "volumeType": first(settings["volumeType"], "gp2")}
        settings = {**settings, **defaults}
    texts = {key: None if value is None else output(value).apply(js_text) for key, value in flags.items()}
    return tidy({**settings, **texts})


def _device(system: str, info: Mapping[str, Value]) -> str:
    if system == BOTTLEROCKET:
        return first(data_device(info), info["rootDeviceName"])
    return info["blockDeviceMappings"][0]["deviceName"]


def _tags(found: Sequence[Any]) -> list[dict[str, Value]]:
    cluster, tags = found
    own: Args = {f"kubernetes.io/cluster/{cluster}": "owned", "Name": f"{cluster}-worker"}
    pairs: list[tuple[str, Value]] = [*(tags or {}).items(), *own.items()]
    return [{"key": key, "value": value, "propagateAtLaunch": True} for key, value in pairs]
