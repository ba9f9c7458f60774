"""What the two kinds of self-managed node groups share: checks, security group, key, image and volumes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pulumi

from pokayoke_rehearsal.doubles.eks.ami import operating_system, recommended_image
from pokayoke_rehearsal.doubles.eks.children import Custom, child_of, lookup
from pokayoke_rehearsal.doubles.eks.security_group import node_security_group
from pokayoke_rehearsal.doubles.eks.subnets import worker_subnets
from pokayoke_rehearsal.doubles.eks.user_data import UserData, cluster_of
from pokayoke_rehearsal.doubles.eks.values import Args, Value, given, joined, merged, output, pick

Problems = list[pulumi.InputPropertyErrorDetails]

_EXCLUSIVE = (
    # first argument, second argument, reason
    (
        "clusterIngressRule",
        "clusterIngressRuleId",
        "clusterIngressRule and clusterIngressRuleId are mutually exclusive",
    ),
    ("nodeSecurityGroup", "nodeSecurityGroupId", "nodeSecurityGroup and nodeSecurityGroupId are mutually exclusive"),
    ("nodePublicKey", "keyName", "nodePublicKey and keyName are mutually exclusive. Choose a single approach"),
    ("amiId", "gpu", "amiId and gpu are mutually exclusive."),
)
_WRITTEN_BY_USER_DATA = ("nodeUserData", "labels", "taints", "kubeletExtraArgs", "bootstrapExtraArgs")


@dataclass(frozen=True)
class Parts:
    """What both kinds of group are made from."""

    instance_profile: pulumi.Output[Any]
    security_group: Any
    security_group_id: Value
    security_group_ids: pulumi.Output[Any]
    key_name: Value
    system: pulumi.Output[Any]
    image: Value
    image_info: pulumi.Output[Any]
    subnet_ids: pulumi.Output[Any]
    dependencies: pulumi.Output[Any]


def prepare(name: str, args: Args, core: pulumi.Output[Any], parent: pulumi.Resource, *, path: str) -> Parts:
    """Registers what comes before the group; raises `InputPropertiesError` for arguments that contradict one another.

    `path` tells how a node security group beside the cluster's tags is blamed.
    """
    profile = core.apply(lambda found: _instance_profile(args, found))
    problems = _contradictions(args)
    _refuse_foreign_group(args, core, path)
    group, group_id, rule_id = _security_group(name, args, core, parent, problems)
    _check_volumes(args)
    if problems:
        raise pulumi.InputPropertiesError("Invalid arguments for node group", problems)
    version = args["version"] if given(args.get("version")) else pick(core, "cluster", "version")
    kind = args.get("instanceType")
    types = [kind] if given(kind) else args.get("instanceTypes")
    image = (
        args["amiId"]
        if given(args.get("amiId"))
        else recommended_image(args, version, types, "instanceType" if given(kind) else "", parent)
    )
    return Parts(
        instance_profile=profile,
        security_group=group,
        security_group_id=group_id,
        # With the rule, so that nodes start when they can reach the API server.
        security_group_ids=joined(group_id, _ids(args.get("extraNodeSecurityGroups")), rule_id).apply(
            lambda found: [found[0], *found[1]]
        ),
        key_name=_key(name, args, parent),
        system=operating_system(args),
        image=image,
        image_info=output(image).apply(lambda found: _image_info(found, parent)),
        subnet_ids=_subnets(args, core, parent),
        dependencies=core.apply(_dependencies),
    )


def user_data(args: Args, core: pulumi.Output[Any], system: pulumi.Output[Any], **more: Any) -> pulumi.Output[Any]:
    """The user data in clear. `more` are fields of `UserData`, outputs among them."""
    inputs = {
        key: args.get(key)
        for key in (
            *("nodeUserData", "nodeUserDataOverride", "bottlerocketSettings", "kubeletExtraArgs"),
            *("bootstrapExtraArgs", "labels", "taints", "nodeadmExtraOptions"),
        )
    }

    def write(found: Sequence[Any]) -> str:
        cluster, operating, given_args, fields = found
        return UserData(
            cluster=cluster,
            override=given_args["nodeUserDataOverride"],
            kubelet_extra_args=given_args["kubeletExtraArgs"],
            bootstrap_extra_args=given_args["bootstrapExtraArgs"],
            labels=given_args["labels"],
            taints=given_args["taints"],
            bottlerocket=given_args["bottlerocketSettings"],
            nodeadm=given_args["nodeadmExtraOptions"] or (),
            extra=given_args["nodeUserData"],
            **fields,
        ).text(operating)

    return joined(cluster_of(pick(core, "cluster")), system, inputs, more).apply(write)


def volume(args: Args) -> dict[str, Value]:
    """The settings of the nodes' volume, as far as they are given."""
    names = ("encrypted:Encrypted", "volumeSize:Size", "volumeType:Type", "iops:Iops", "throughput:Throughput")
    pairs = (item.split(":") for item in (*names, "deleteOnTermination:DeleteOnTermination"))
    return {key: args.get(f"nodeRootVolume{suffix}") for key, suffix in pairs}


def data_device(info: Mapping[str, Value]) -> str | None:
    """The image's device beside the root: with Bottlerocket the one for images, logs and data."""
    devices = [item["deviceName"] for item in info["blockDeviceMappings"]]
    return next((device for device in devices if device != info["rootDeviceName"]), None)


def _instance_profile(args: Args, core: Mapping[str, Any]) -> Value:
    options: Args = core.get("nodeGroupOptions") or {}
    given_here = [args.get("instanceProfile"), options.get("instanceProfile")]
    names = [args.get("instanceProfileName"), options.get("instanceProfileName")]
    if any(map(given, given_here)) and any(map(given, names)):
        reason = "instanceProfile and instanceProfileName are mutually exclusive"
        raise pulumi.InputPropertyError("instanceProfile", reason)
    for profile, name in zip(given_here, names, strict=True):
        if given(profile):
            return pick(profile, "name")
        if given(name):
            return name
    raise pulumi.InputPropertyError("instanceProfile", "an instanceProfile or instanceProfileName is required")


def _contradictions(args: Args) -> Problems:
    problems: Problems = [
        {"property_path": one, "reason": reason}
        for one, other, reason in _EXCLUSIVE
        if given(args.get(one)) and given(args.get(other))
    ]
    if given(args.get("nodeUserDataOverride")) and any(given(args.get(name)) for name in _WRITTEN_BY_USER_DATA):
        reason = (
            "nodeUserDataOverride and any combination of {nodeUserData, labels, taints, kubeletExtraArgs, or "
            "bootstrapExtraArgs} is mutually exclusive."
        )
        problems.append({"property_path": "nodeUserDataOverride", "reason": reason})
    return problems


def _refuse_foreign_group(args: Args, core: pulumi.Output[Any], path: str) -> None:
    own = args.get("nodeSecurityGroup")
    of_core = pick(core, "nodeGroupOptions", "nodeSecurityGroup", "id")
    own_id = pick(own, "id") if given(own) else args.get("nodeSecurityGroupId")

    def check(found: Sequence[Any]) -> None:
        clusters, groups, tags = found
        if clusters and groups and tags and clusters != groups:
            raise pulumi.InputPropertyError(
                "nodeSecurityGroup" if given(own) else path,
                "The NodeGroup's nodeSecurityGroup and the cluster option nodeSecurityGroupTags are mutually "
                "exclusive. Choose a single approach",
            )

    joined(of_core, own_id, pick(core, "nodeSecurityGroupTags")).apply(check)


def _security_group(
    name: str, args: Args, core: pulumi.Output[Any], parent: pulumi.Resource, problems: Problems
) -> tuple[Any, Value, Value]:
    """The nodes' group (if its resource is known), its id, and that of the rule that lets it reach the API server."""
    group, group_id = args.get("nodeSecurityGroup"), args.get("nodeSecurityGroupId")
    if given(group) or given(group_id):
        rule, rule_id = args.get("clusterIngressRule"), args.get("clusterIngressRuleId")
        if rule is None and rule_id is None:
            reason = (
                "clusterIngressRule or clusterIngressRuleId is required when nodeSecurityGroup is manually specified"
            )
            problems.append({"property_path": "clusterIngressRule", "reason": reason})
        return group, pick(group, "id") if given(group) else group_id, pick(rule, "id") if given(rule) else rule_id
    if problems:
        raise pulumi.InputPropertiesError("Invalid arguments for node group", problems)

    def cluster_group(found: Any) -> Value:
        return found.out("id") if found else pick(core, "cluster", "vpcConfig", "clusterSecurityGroupId")

    made, rule = node_security_group(
        name,
        parent,
        vpc_id=pick(core, "vpcId"),
        cluster_security_group_id=pick(core, "clusterSecurityGroup").apply(cluster_group),
        cluster_name=pick(core, "cluster", "name"),
        tags=merged(pick(core, "nodeSecurityGroupTags"), pick(core, "tags")),
    )
    return made, made.id, rule.id


def _check_volumes(args: Args) -> None:
    joined(args.get("nodeRootVolumeIops"), args.get("nodeRootVolumeType"), args.get("nodeRootVolumeThroughput")).apply(
        lambda found: _check_volume(*found)
    )


def _check_volume(iops: Value, kind: Value, throughput: Value) -> None:
    rules = (("Iops", iops, "io1", "IOPS"), ("Throughput", throughput, "gp3", "throughput"))
    problems: Problems = []
    for suffix, value, needed, word in rules:
        if not value:
            continue
        path = f"nodeRootVolume{suffix}"
        if kind != needed:
            reason = f"Cannot create a cluster node root volume of non-{needed} type with provisioned {word} ({path})."
            problems.append({"property_path": path, "reason": reason})
        elif not re.fullmatch(r"\d+", str(value)):
            reason = (
                f"Cannot create a cluster node root volume of {needed} type without provisioned {word} ({path}) as "
                "integer value."
            )
            problems.append({"property_path": path, "reason": reason})
    if problems:
        raise pulumi.InputPropertiesError("Invalid arguments for node group", problems)


def _key(name: str, args: Args, parent: pulumi.Resource) -> Value:
    if not given(args.get("nodePublicKey")):
        return args.get("keyName")
    key = Custom("aws:ec2/keyPair:KeyPair", f"{name}-keyPair", {"publicKey": args["nodePublicKey"]}, child_of(parent))
    return key.out("keyName")


async def _image_info(image: str, parent: pulumi.Resource) -> dict[str, Value]:
    query = {
        "owners": ["self", "amazon"],
        # AWS deprecates images by and by; they can still be started.
        "includeDeprecated": True,
        "filters": [{"name": "image-id", "values": [image]}],
    }
    return await lookup("aws:ec2/getAmi:getAmi", query, parent)


def _subnets(args: Args, core: pulumi.Output[Any], parent: pulumi.Resource) -> pulumi.Output[Any]:
    if args.get("nodeSubnetIds") is not None:
        return output(args["nodeSubnetIds"])

    def choose(found: Mapping[str, Value]) -> Any:
        for key in ("privateSubnetIds", "publicSubnetIds"):
            if found.get(key) is not None:
                return found[key]
        return worker_subnets(parent, cast("list[str]", found["subnetIds"]))

    return core.apply(choose)


def _dependencies(core: Mapping[str, Any]) -> list[pulumi.Resource]:
    return [core[key] for key in ("vpcCni", "eksNodeAccess") if core.get(key) is not None]


def _ids(groups: Value) -> Value:
    return output(groups).apply(lambda found: [pick(group, "id") for group in cast("list[Value]", found or [])])
