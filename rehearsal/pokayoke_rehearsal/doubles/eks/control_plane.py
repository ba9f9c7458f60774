"""The cluster itself, with its role, security group and, in Auto Mode, the role of the nodes that EKS starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from pokayoke_rehearsal.doubles.eks.children import Custom, child_of, invoke
from pokayoke_rehearsal.doubles.eks.security_group import ANYWHERE, rule
from pokayoke_rehearsal.doubles.eks.service_role import ServiceRole
from pokayoke_rehearsal.doubles.eks.values import Args, Value, first, given, joined, merged, nested, output, pick, tidy

_POLICIES = ("AmazonEKSClusterPolicy",)
_AUTO_MODE_POLICIES = (
    *("AmazonEKSComputePolicy", "AmazonEKSBlockStoragePolicy", "AmazonEKSLoadBalancingPolicy"),
    "AmazonEKSNetworkingPolicy",
)
_AUTO_MODE_NODE_POLICIES = ("AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly")


@dataclass(frozen=True)
class ControlPlane:
    """What the rest of the component builds on."""

    cluster: Custom
    partition: pulumi.Output[Any]
    vpc_id: Value
    subnet_ids: Value
    security_group: Any
    role: Value
    encryption: Value
    node_role_name: Value


def create(name: str, args: Args, parent: pulumi.Resource) -> ControlPlane:
    """Registers the cluster and what it needs. Without a VPC it looks up the account's default one."""
    auto = nested(args, "autoMode").get("enabled")
    partition = pick(invoke("aws:index/getPartition:getPartition", {}, parent), "partition")
    vpc_id, subnet_ids = _network(args, parent)
    role = _cluster_role(name, args, partition, parent)
    group = _security_group(name, args, vpc_id, parent)
    node_role = _auto_mode_role(name, args, partition, parent)
    encryption = _encryption(args)
    owned = [item for item in (role, node_role) if item is not None]
    cluster_role = args["serviceRole"] if role is None else role.role
    cluster = Custom(
        "aws:eks/cluster:Cluster",
        f"{name}-eksCluster",
        {
            "name": args.get("name"),
            "roleArn": pick(cluster_role, "arn"),
            **_auto_mode_settings(args, node_role),
            "bootstrapSelfManagedAddons": False if given(auto) else first(args.get("bootstrapSelfManagedAddons"), True),
            "vpcConfig": {
                "securityGroupIds": [group.out("id")] if group is not None else None,
                "subnetIds": subnet_ids,
                "endpointPrivateAccess": args.get("endpointPrivateAccess"),
                "endpointPublicAccess": args.get("endpointPublicAccess"),
                "publicAccessCidrs": _public_cidrs(args),
            },
            "tags": merged({"Name": f"{name}-eksCluster"}, args.get("clusterTags"), args.get("tags")),
            "encryptionConfig": encryption,
            "accessConfig": _access_config(args),
            **{
                key: args.get(key)
                for key in ("version", "enabledClusterLogTypes", "upgradePolicy", "deletionProtection")
            },
        },
        child_of(
            parent,
            ignore_changes=["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"],
            # The policies too must be there before the cluster, and stay until it is gone.
            depends_on=[item.attached for item in owned],
        ),
    )
    return ControlPlane(
        cluster=cluster,
        partition=partition,
        vpc_id=vpc_id,
        subnet_ids=subnet_ids,
        security_group=group,
        role=cluster_role,
        encryption=encryption,
        node_role_name=node_role.role.out("name") if node_role else "",
    )


def _network(args: Args, parent: pulumi.Resource) -> tuple[Value, Value]:
    vpc_id: Value = args.get("vpcId")
    subnet_ids: Value = []
    if not given(vpc_id):
        vpc_id = pick(invoke("aws:ec2/getVpc:getVpc", {"default": True}, parent), "id")
        filters = [{"name": "vpc-id", "values": [vpc_id]}]
        subnet_ids = pick(invoke("aws:ec2/getSubnets:getSubnets", {"filters": filters}, parent), "ids")
    if args.get("subnetIds") is not None:
        return vpc_id, args["subnetIds"]
    public, private = args.get("publicSubnetIds"), args.get("privateSubnetIds")
    if public is None and private is None:
        return vpc_id, subnet_ids
    return vpc_id, joined(public or [], private or []).apply(lambda found: [*found[0], *found[1]])


def _cluster_role(name: str, args: Args, partition: pulumi.Output[Any], parent: pulumi.Resource) -> ServiceRole | None:
    if given(args.get("serviceRole")):
        return None
    auto = given(nested(args, "autoMode").get("enabled"))
    return ServiceRole(
        f"{name}-eksRole",
        "eks.amazonaws.com",
        [*_POLICIES, *(_AUTO_MODE_POLICIES if auto else ())],
        partition=partition,
        parent=parent,
        tags=args.get("tags"),
        description="Allows EKS to manage clusters on your behalf.",
        actions=["sts:AssumeRole", "sts:TagSession"],
    )


def _auto_mode_role(
    name: str, args: Args, partition: pulumi.Output[Any], parent: pulumi.Resource
) -> ServiceRole | None:
    auto = nested(args, "autoMode")
    if not given(auto.get("enabled")) or auto.get("createNodeRole") is False:
        return None
    return ServiceRole(
        f"{name}-nodeRole",
        "ec2.amazonaws.com",
        _AUTO_MODE_NODE_POLICIES,
        partition=partition,
        parent=parent,
        tags=args.get("tags"),
    )


def _security_group(name: str, args: Args, vpc_id: Value, parent: pulumi.Resource) -> Any:
    if given(args.get("clusterSecurityGroup")):
        return args["clusterSecurityGroup"]
    if given(first(args.get("skipDefaultSecurityGroups"), nested(args, "autoMode").get("enabled"))):
        return None
    group = Custom(
        "aws:ec2/securityGroup:SecurityGroup",
        f"{name}-eksClusterSecurityGroup",
        {
            "vpcId": vpc_id,
            "revokeRulesOnDelete": True,
            "tags": merged(
                {"Name": f"{name}-eksClusterSecurityGroup"}, args.get("clusterSecurityGroupTags"), args.get("tags")
            ),
        },
        child_of(parent),
    )
    egress = {**ANYWHERE, "securityGroupId": group.id}
    rule(f"{name}-eksClusterInternetEgressRule", "Allow internet access.", egress, parent)
    return group


def _encryption(args: Args) -> pulumi.Output[Any] | None:
    if not given(args.get("encryptionConfigKeyArn")):
        return None
    key = output(args["encryptionConfigKeyArn"])
    return key.apply(lambda arn: {"provider": {"keyArn": arn}, "resources": ["secrets"]})


def _auto_mode_settings(args: Args, node_role: ServiceRole | None) -> dict[str, Value]:
    """Compute, storage and network settings; in Auto Mode all known or all unknown, since AWS takes all or none."""
    auto = nested(args, "autoMode")
    enabled = given(auto.get("enabled"))
    cidr, family = args.get("kubernetesServiceIpAddressRange"), args.get("ipFamily")
    network = None
    if given(cidr) or given(family) or enabled:
        network = joined(cidr, family).apply(lambda found: _kubernetes_network(*found, auto=enabled))
    if not enabled:
        return {"kubernetesNetworkConfig": network}
    compute = joined(auto.get("computeConfig"), node_role.role.out("arn") if node_role else None).apply(_compute)
    together = joined(compute, {"blockStorage": {"enabled": True}}, network)
    names = ("computeConfig", "storageConfig", "kubernetesNetworkConfig")
    return {name: together.apply(_item(index)) for index, name in enumerate(names)}


def _item(index: int) -> Callable[[Sequence[Value]], Value]:
    return lambda found: found[index]


def _kubernetes_network(cidr: Value, family: Value, *, auto: bool) -> dict[str, Value]:
    family = first(family, "ipv4")
    balancing = {"elasticLoadBalancing": {"enabled": True}} if auto else {}
    return tidy({"serviceIpv4Cidr": cidr if family == "ipv4" else None, "ipFamily": family, **balancing})


def _compute(found: Sequence[Any]) -> dict[str, Value]:
    config, role_arn = found
    return tidy(
        {"enabled": True, "nodeRoleArn": role_arn, "nodePools": ["general-purpose", "system"], **(config or {})}
    )


def _public_cidrs(args: Args) -> pulumi.Output[Any] | None:
    if not given(args.get("publicAccessCidrs")):
        return None

    def check(found: Sequence[Any]) -> Value:
        cidrs, public = found
        if not public and cidrs is not None:
            raise pulumi.RunError("`publicAccessCidrs` can only be set when `endpointPublicAccess` is true")
        return cidrs

    return joined(args["publicAccessCidrs"], first(args.get("endpointPublicAccess"), True)).apply(check)


def _access_config(args: Args) -> dict[str, Value] | None:
    mode = args.get("authenticationMode")
    # The creator is made an administrator explicitly, as EKS does by itself where nothing is said of access.
    return {"authenticationMode": mode, "bootstrapClusterCreatorAdminPermissions": True} if given(mode) else None
