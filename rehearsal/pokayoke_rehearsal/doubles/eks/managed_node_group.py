"""`eks:index:ManagedNodeGroup`: a node group of EKS, with a launch template where the arguments need one."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from pokayoke_rehearsal.doubles.eks.ami import AL2, AL2023, ami_type_for, operating_system, recommended_image
from pokayoke_rehearsal.doubles.eks.authentication import supports_access_entries
from pokayoke_rehearsal.doubles.eks.children import Component, Custom, child_of
from pokayoke_rehearsal.doubles.eks.core import core_of
from pokayoke_rehearsal.doubles.eks.subnets import efa_interfaces, subnets_in_zone
from pokayoke_rehearsal.doubles.eks.user_data import CUSTOM_ARGUMENTS, UserData, cluster_of, needs_custom
from pokayoke_rehearsal.doubles.eks.values import Args, Value, first, given, joined, js_text, output, pick

_TEMPLATE_ARGUMENTS = (*CUSTOM_ARGUMENTS, "enableIMDSv2", "userData", "amiId", "enableEfaSupport")
_PASSED_ON = (
    *("amiType", "capacityType", "diskSize", "forceUpdateVersion", "instanceTypes", "labels", "nodeGroupName"),
    *("nodeGroupNamePrefix", "releaseVersion", "remoteAccess", "tags", "taints", "version"),
)
_TAINTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}


class ManagedNodeGroup(Component):
    """The node group `<name>`, its launch template and its placement group."""

    def __init__(self, name: str, args: Args, opts: pulumi.ResourceOptions) -> None:
        core = core_of(args.get("cluster"))
        if not given(args.get("version")) and not given(args.get("launchTemplate")):
            args = {**args, "version": pick(core, "cluster", "version")}
        super().__init__("eks:index:ManagedNodeGroup", name, args, opts)
        role_arn = _role_arn(args)
        _require_known_role(core, role_arn)
        subnet_ids = _subnets(args, core)
        placement: Custom | None = None
        if args.get("enableEfaSupport") is True:
            settings = {"strategy": "cluster", "tags": args.get("tags")}
            placement = Custom("aws:ec2/placementGroup:PlacementGroup", name, settings, child_of(self))
            if given(args.get("placementGroupAvailabilityZone")):
                zone = args["placementGroupAvailabilityZone"]
                subnet_ids = subnets_in_zone(subnet_ids, zone, args.get("instanceTypes"), self)
        _refuse_contradictions(args)
        template = _launch_template(name, args, core, placement, self) if _needs_template(args) else None
        self._group = Custom(
            "aws:eks/nodeGroup:NodeGroup",
            name,
            {
                **_passed_on(args, template),
                "clusterName": args["clusterName"] if given(args.get("clusterName")) else pick(core, "cluster", "name"),
                "nodeRoleArn": role_arn,
                "scalingConfig": output(args.get("scalingConfig")).apply(_scaling),
                "subnetIds": subnet_ids,
                "launchTemplate": args.get("launchTemplate")
                if template is None
                else {"id": template.id, "version": template.out("latestVersion").apply(js_text)},
            },
            child_of(
                self,
                depends_on=core.apply(_dependencies),
                ignore_changes=["scalingConfig.desiredSize"] if given(args.get("ignoreScalingChanges")) else None,
            ),
        )
        self._placement = placement
        self.register_outputs(self.state())

    def state(self) -> dict[str, Value]:
        """What the engine is told as the component's outputs."""
        return {
            "nodeGroup": self._group,
            "placementGroupName": self._placement.out("name") if self._placement else "",
        }


def _role_arn(args: Args) -> Value:
    problems = _role_problems(args)
    arn, role = args.get("nodeRoleArn"), args.get("nodeRole")
    if given(arn):
        return arn
    if given(role):
        return pick(role, "arn")
    reason = "An IAM role, or role ARN must be provided to create a managed node group"
    raise _invalid([*problems, {"property_path": "nodeRole", "reason": reason}])


def _role_problems(args: Args) -> list[pulumi.InputPropertyErrorDetails]:
    problems: list[pulumi.InputPropertyErrorDetails] = []
    if given(args.get("nodeRole")) and given(args.get("nodeRoleArn")):
        reason = "You cannot specify both nodeRole and nodeRoleArn when creating a managed node group."
        problems.append({"property_path": "nodeRole", "reason": reason})
    for key in ("gpu", "amiType"):
        if given(args.get("amiId")) and given(args.get(key)):
            reason = f"You cannot specify both amiId and {key} when creating a managed node group."
            problems.append({"property_path": "amiId", "reason": reason})
    return problems


def _refuse_contradictions(args: Args) -> None:
    problems = _role_problems(args)
    if given(args.get("enableEfaSupport")) and not given(args.get("placementGroupAvailabilityZone")):
        reason = "You must specify placementGroupAvailabilityZone when enabling EFA support."
        problems.append({"property_path": "enableEfaSupport", "reason": reason})
    if given(args.get("launchTemplate")) and _needs_template(args):
        reason = (
            f"If you provide a custom launch template, you cannot provide any of {', '.join(_TEMPLATE_ARGUMENTS)}. "
            "Please include these in the launch template that you are providing."
        )
        problems.append({"property_path": "launchTemplate", "reason": reason})
    if needs_custom(args) and given(args.get("userData")):
        reason = (
            f"If you provide custom userData, you cannot provide any of {', '.join(CUSTOM_ARGUMENTS)}. Please include "
            "these in the userData that you are providing."
        )
        problems.append({"property_path": "userData", "reason": reason})
    if problems:
        raise _invalid(problems)


def _invalid(problems: list[pulumi.InputPropertyErrorDetails]) -> pulumi.InputPropertiesError:
    return pulumi.InputPropertiesError("The input properties for the managed node group are invalid.", problems)


def _arns(roles: Sequence[Value] | None) -> list[Value]:
    return [pick(role, "arn") for role in roles or []]


def _require_known_role(core: pulumi.Output[Any], role_arn: Value) -> None:
    """Where nodes get in by aws-auth alone, the cluster must know their role."""
    arns = pick(core, "instanceRoles").apply(_arns)

    def check(found: Sequence[Any]) -> None:
        mode, known, arn = found
        if not supports_access_entries(mode) and arn not in known:
            raise pulumi.InputPropertyError(
                "nodeRole",
                "A managed node group cannot be created without first setting its role in the cluster's instanceRoles",
            )

    joined(pick(core, "cluster", "accessConfig", "authenticationMode"), arns, role_arn).apply(check)


def _subnets(args: Args, core: pulumi.Output[Any]) -> pulumi.Output[Any]:
    if args.get("subnetIds") is not None:
        return output(args["subnetIds"])
    keys = ("subnetIds", "privateSubnetIds", "publicSubnetIds")
    return core.apply(lambda found: first(*(found.get(key) for key in keys), []))


def _passed_on(args: Args, template: Custom | None) -> dict[str, Value]:
    properties = {key: args.get(key) for key in _PASSED_ON}
    if template is not None:
        properties["diskSize"] = None
    if _writes_user_data(args):
        # The template names an image then, and EKS takes no type or version beside it.
        return {**properties, "version": None, "releaseVersion": None, "amiType": None}
    if args.get("amiType") is None and args.get("operatingSystem") is not None:
        types = args.get("instanceTypes")
        properties["amiType"] = ami_type_for(args["operatingSystem"], args.get("gpu"), types, "instanceTypes")
    return properties


def _scaling(config: Mapping[str, Value] | None) -> dict[str, Value]:
    defaults = {"desiredSize": 2, "minSize": 1, "maxSize": 2}
    return {key: first((config or {}).get(key), default) for key, default in defaults.items()}


def _dependencies(core: Mapping[str, Any]) -> list[pulumi.Resource]:
    return [core["eksNodeAccess"]] if core.get("eksNodeAccess") is not None else []


def _needs_template(args: Args) -> bool:
    return any(args.get(key) is not None for key in _TEMPLATE_ARGUMENTS)


def _writes_user_data(args: Args) -> bool:
    return needs_custom(args) or given(args.get("userData")) or given(args.get("amiId"))


def _launch_template(
    name: str, args: Args, core: pulumi.Output[Any], placement: Custom | None, parent: pulumi.Resource
) -> Custom:
    system = operating_system(args)
    text = _user_data(args, core, system) if _writes_user_data(args) else None
    image = args.get("amiId")
    if text is not None and image is None:
        # Without an image EKS would add its own user data, and the nodes would not join.
        version, types = pick(core, "cluster", "version"), args.get("instanceTypes")
        image = recommended_image(args, version, types, "instanceTypes", parent)
    tokens = args.get("enableIMDSv2")
    disk = args.get("diskSize")
    device = system.apply(lambda found: "/dev/xvda" if found in (AL2, AL2023) else "/dev/xvdb")
    security_groups = [pick(core, "cluster", "vpcConfig", "clusterSecurityGroupId")]
    return Custom(
        "aws:ec2/launchTemplate:LaunchTemplate",
        f"{name}-launchTemplate",
        {
            "blockDeviceMappings": [{"deviceName": device, "ebs": {"volumeSize": disk}}] if given(disk) else None,
            "userData": text,
            "metadataOptions": None
            if tokens is None
            else {
                "httpTokens": "required" if tokens else "optional",
                "httpPutResponseHopLimit": 2,
                "httpEndpoint": "enabled",
            },
            "imageId": image if text is not None else None,
            "placement": {"groupName": placement.out("name")} if placement else None,
            "networkInterfaces": efa_interfaces(args.get("instanceTypes"), security_groups, parent)
            if given(args.get("enableEfaSupport"))
            else None,
        },
        child_of(parent),
    )


def _user_data(args: Args, core: pulumi.Output[Any], system: pulumi.Output[Any]) -> pulumi.Output[Any]:
    taints = args.get("taints")
    inputs = {key: args.get(key) for key in (*CUSTOM_ARGUMENTS, "labels", "userData")}
    values = joined(
        cluster_of(pick(core, "cluster"), args.get("clusterName")),
        system,
        inputs,
        output(taints).apply(_taints) if given(taints) else None,
    )

    def write(found: Sequence[Any]) -> str:
        cluster, operating, given_args, found_taints = found
        clear = UserData(
            kind="managed",
            cluster=cluster,
            override=given_args["userData"],
            kubelet_extra_args=given_args["kubeletExtraArgs"],
            bootstrap_extra_args=given_args["bootstrapExtraArgs"],
            labels=given_args["labels"],
            taints=found_taints,
            bottlerocket=given_args["bottlerocketSettings"],
            nodeadm=given_args["nodeadmExtraOptions"] or (),
        ).text(operating)
        return base64.b64encode(clear.encode()).decode()

    return values.apply(write)


def _taints(taints: Sequence[Mapping[str, Value]]) -> dict[str, Mapping[str, Value]]:
    result: dict[str, Mapping[str, Value]] = {}
    for taint in taints:
        effect = taint["effect"]
        if effect not in _TAINTS:
            reason = f"Invalid taint effect: {effect}. Must be one of {', '.join(_TAINTS)}."
            raise pulumi.InputPropertyError("taints", reason)
        result[taint["key"]] = {"value": taint.get("value"), "effect": _TAINTS[effect]}
    return result
