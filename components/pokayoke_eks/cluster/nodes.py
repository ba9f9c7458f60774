"""The system nodes: those on which the platform itself runs."""

import pulumi
import pulumi_aws as aws

from .. import tags
from ..config import ClusterConfig
from ..handles import NetworkHandle
from ..iam import document, managed, trust
from ..roles import attach
from ..rules import names
from ..rules.regions import REGIONS
from .control_plane import ControlPlane
from .placement import LABEL, SYSTEM, TAINT

AMI_TYPE = "BOTTLEROCKET_ARM_64"
"""The config refuses an instance type of another architecture."""
OPERATING_SYSTEM_GIB = 4
DATA_GIB = 20
"""Bottlerocket's two volumes (its README, "Default Volumes"): the system's own, and the one for images and pods."""


class NodeRole:
    """The role of the system nodes. Its access entry is made by EKS, with the node group: a second one would be
    refused (ResourceInUseException), so nothing here makes one."""

    role: aws.iam.Role
    attachments: list[aws.iam.RolePolicyAttachment]

    def __init__(self, name: str, config: ClusterConfig, control_plane: ControlPlane, parent: pulumi.Resource) -> None:
        self.role = aws.iam.Role(
            f"{name}-system-nodes",
            name=names.role_name(config.name, config.region, names.Purpose.SYSTEM_NODES),
            assume_role_policy=document.text(trust.service(trust.EC2)),
            tags=tags.of(config.name, config.tags),
            opts=pulumi.ResourceOptions(parent=parent),
        )
        self.attachments = attach(
            f"{name}-system-nodes",
            self.role,
            managed.NODES,
            REGIONS[config.region].partition,
            pulumi.ResourceOptions(parent=parent, depends_on=[control_plane.eks]),
        )


def system_nodes(
    name: str,
    config: ClusterConfig,
    *,
    network: NetworkHandle,
    control_plane: ControlPlane,
    role: aws.iam.Role,
    after: list[pulumi.Resource],
    parent: pulumi.Resource,
) -> aws.eks.NodeGroup:
    """Two Bottlerocket nodes, a third while one is replaced, in the private subnets, with the cluster's own security
    group (EKS gives it to nodes whose launch template names none).

    The instance type stands in the launch template: a new one is then a rolling update of the group, not a new group.
    """
    opts = pulumi.ResourceOptions(parent=parent)
    template = _launch_template(name, config, opts)
    return aws.eks.NodeGroup(
        f"{name}-system",
        cluster_name=control_plane.name,
        node_group_name=names.node_group_name(),
        node_role_arn=role.arn,
        subnet_ids=list(network.private_subnet_ids),
        ami_type=AMI_TYPE,
        capacity_type="ON_DEMAND",
        version=config.kubernetes,
        release_version=config.bottlerocket,
        launch_template=aws.eks.NodeGroupLaunchTemplateArgs(id=template.id, version=template.latest_version.apply(str)),
        scaling_config=aws.eks.NodeGroupScalingConfigArgs(min_size=2, desired_size=2, max_size=3),
        update_config=aws.eks.NodeGroupUpdateConfigArgs(max_unavailable=1),
        node_repair_config=aws.eks.NodeGroupNodeRepairConfigArgs(enabled=True),
        labels={LABEL: SYSTEM},
        taints=[aws.eks.NodeGroupTaintArgs(key=TAINT, value="true", effect="NO_SCHEDULE")],
        tags=tags.of(config.name, config.tags),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[control_plane.eks, *network.ready, *after]),
    )


def _launch_template(name: str, config: ClusterConfig, opts: pulumi.ResourceOptions) -> aws.ec2.LaunchTemplate:
    carried = tags.of(config.name, config.tags, Name=f"{config.name}-system")
    return aws.ec2.LaunchTemplate(
        f"{name}-system",
        instance_type=config.system_instance_type,
        metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
            http_endpoint="enabled",
            http_tokens="required",
            # One hop ends at the node: pods off the host's network never reach the node's credentials.
            http_put_response_hop_limit=1,
        ),
        block_device_mappings=[_volume("/dev/xvda", OPERATING_SYSTEM_GIB), _volume("/dev/xvdb", DATA_GIB)],
        tag_specifications=[
            aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=carried)
            for kind in ("instance", "volume", "network-interface")
        ],
        tags=tags.of(config.name, config.tags),
        opts=opts,
    )


def _volume(device: str, gib: int) -> aws.ec2.LaunchTemplateBlockDeviceMappingArgs:
    return aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
        device_name=device,
        ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
            volume_type="gp3", volume_size=gib, encrypted="true", delete_on_termination="true"
        ),
    )
