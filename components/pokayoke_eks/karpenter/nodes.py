"""What the nodes of all pools are in AWS and in the cluster. Made here and nowhere else."""

import pulumi
import pulumi_aws as aws

from .. import tags
from ..config import KarpenterConfig
from ..handles import ClusterHandle
from ..iam import document, trust
from ..iam.karpenter import NODE_POLICIES
from ..roles import attach
from ..rules import names
from ..rules.regions import REGIONS


class NodeIdentity:
    """One role, one instance profile and one access entry.

    The profile is ours and is named in every EC2NodeClass, so that Karpenter makes none that could outlive it. EKS
    makes access entries for managed node groups only: these nodes need one, of the type for nodes of one's own
    (`EC2_LINUX`: EKS user guide, "Create access entries").
    """

    role: aws.iam.Role
    instance_profile: aws.iam.InstanceProfile
    access_entry: aws.eks.AccessEntry
    attachments: list[aws.iam.RolePolicyAttachment]

    def __init__(self, name: str, config: KarpenterConfig, cluster: ClusterHandle, parent: pulumi.Resource) -> None:
        mine = pulumi.ResourceOptions(parent=parent)
        own_name = names.role_name(config.name, config.region, names.Purpose.POOL_NODES)
        carried = tags.of(config.name, config.tags)
        self.role = aws.iam.Role(
            f"{name}-nodes",
            name=own_name,
            assume_role_policy=document.text(trust.service(trust.EC2)),
            tags=carried,
            opts=mine,
        )
        self.attachments = attach(
            f"{name}-nodes",
            self.role,
            [*NODE_POLICIES, *cluster.plugin_policies],
            REGIONS[config.region].partition,
            pulumi.ResourceOptions(parent=parent, depends_on=cluster.control_plane),
        )
        self.instance_profile = aws.iam.InstanceProfile(
            f"{name}-nodes", name=own_name, role=self.role.name, tags=carried, opts=mine
        )
        self.access_entry = aws.eks.AccessEntry(
            f"{name}-nodes",
            cluster_name=cluster.name,
            principal_arn=self.role.arn,
            type="EC2_LINUX",
            tags=carried,
            # EKS refuses a principal that IAM has not spread yet (terraform-aws-modules/terraform-aws-eks,
            # modules/karpenter): by the time the profile and the policies are there, it has.
            opts=pulumi.ResourceOptions(
                parent=parent, depends_on=[*cluster.control_plane, self.instance_profile, *self.attachments]
            ),
        )

    @property
    def resources(self) -> list[pulumi.Resource]:
        """All of it: what must be there before the first node starts and stay until the last one is gone."""
        return [*self.attachments, self.instance_profile, self.access_entry]
