"""What Karpenter's controller may do, and what the role of the nodes that it makes holds.

Source: aws/karpenter-provider-aws v1.14, `getting-started-with-karpenter/cloudformation.yaml`; names, Sids, actions,
resources and conditions are upstream's. One document of them all would pass the limit of a managed policy, but for
the shortest names: six, as upstream splits them, stay below it for any.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from .document import Document, Statement, allow, document

VERSION = "1.14"
"""The version whose permissions these are."""

NODE_POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
)
"""The policies managed by AWS on the role of Karpenter's nodes. Upstream's has the network plugin's too, which is the
cluster's to say (`ClusterHandle.plugin_policies`)."""

_MADE = ("fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request")
_DESCRIBED = (
    "CapacityReservations",
    "Images",
    "Instances",
    "InstanceStatus",
    "InstanceTypeOfferings",
    "InstanceTypes",
    "LaunchTemplates",
    "PlacementGroups",
    "SecurityGroups",
    "SpotPriceHistory",
    "Subnets",
)


def controller_policies(
    partition: str, region: str, account: str, cluster_name: str, node_role_arn: str, queue_arn: str
) -> dict[str, Document]:
    """The controller's six policies, by upstream's names. `queue_arn` is the interruption queue's."""
    cluster_arn = f"arn:{partition}:eks:{region}:{account}:cluster/{cluster_name}"
    profiles = f"arn:{partition}:iam::{account}:instance-profile/*"
    return {
        "KarpenterControllerNodeLifecyclePolicy": document(*_node_lifecycle(partition, region, cluster_name)),
        "KarpenterControllerIAMIntegrationPolicy": document(
            *_instance_profiles(region, cluster_name, node_role_arn, profiles)
        ),
        "KarpenterControllerEKSIntegrationPolicy": document(
            allow("AllowAPIServerEndpointDiscovery", ["eks:DescribeCluster"], [cluster_arn])
        ),
        "KarpenterControllerInterruptionPolicy": document(
            allow(
                "AllowInterruptionQueueActions",
                ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
                [queue_arn],
            )
        ),
        "KarpenterControllerZonalShiftPolicy": document(
            _allow_if(
                "AllowZonalShiftStatusReadOnly",
                ["arc-zonal-shift:GetManagedResource"],
                ["*"],
                StringEquals={"arc-zonal-shift:ResourceIdentifier": cluster_arn},
            )
        ),
        "KarpenterControllerResourceDiscoveryPolicy": document(*_discovery(partition, region, profiles)),
    }


def _node_lifecycle(partition: str, region: str, cluster: str) -> Sequence[Statement]:
    run, regional = ["ec2:RunInstances", "ec2:CreateFleet"], f"arn:{partition}:ec2:{region}:*"
    shared = [f"arn:{partition}:ec2:{region}::{kind}/*" for kind in ("image", "snapshot")]
    ours = [f"{regional}:{kind}/*" for kind in ("security-group", "subnet", "capacity-reservation", "placement-group")]
    made = [f"{regional}:{kind}/*" for kind in _MADE]
    templates, instances = f"{regional}:launch-template/*", f"{regional}:instance/*"
    owned = {f"aws:ResourceTag/{_owner(cluster)}": "owned"}
    from_pool = {"aws:ResourceTag/karpenter.sh/nodepool": "*"}
    to_own = {f"aws:RequestTag/{_owner(cluster)}": "owned", "aws:RequestTag/eks:eks-cluster-name": cluster}
    for_pool = {"aws:RequestTag/karpenter.sh/nodepool": "*"}
    while_made = {"ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"]}
    later_tags = ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"]
    return (
        allow("AllowScopedEC2InstanceAccessActions", run, [*shared, *ours]),
        _allow_if(
            "AllowScopedEC2LaunchTemplateAccessActions", run, [templates], StringEquals=owned, StringLike=from_pool
        ),
        _allow_if(
            "AllowScopedEC2InstanceActionsWithTags",
            [*run, "ec2:CreateLaunchTemplate"],
            made,
            StringEquals=to_own,
            StringLike=for_pool,
        ),
        _allow_if(
            "AllowScopedResourceCreationTagging",
            ["ec2:CreateTags"],
            made,
            StringEquals={**to_own, **while_made},
            StringLike=for_pool,
        ),
        _allow_if(
            "AllowScopedResourceTagging",
            ["ec2:CreateTags"],
            [instances],
            StringEquals=owned,
            StringLike=from_pool,
            StringEqualsIfExists={"aws:RequestTag/eks:eks-cluster-name": cluster},
            **{"ForAllValues:StringEquals": {"aws:TagKeys": later_tags}},
        ),
        _allow_if(
            "AllowScopedDeletion",
            ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
            [instances, templates],
            StringEquals=owned,
            StringLike=from_pool,
        ),
    )


def _instance_profiles(region: str, cluster: str, node_role_arn: str, profiles: str) -> Sequence[Statement]:
    owned = {
        f"aws:ResourceTag/{_owner(cluster)}": "owned",
        "aws:ResourceTag/topology.kubernetes.io/region": region,
    }
    to_own = {
        f"aws:RequestTag/{_owner(cluster)}": "owned",
        "aws:RequestTag/eks:eks-cluster-name": cluster,
        "aws:RequestTag/topology.kubernetes.io/region": region,
    }
    of_class = {"aws:ResourceTag/karpenter.k8s.aws/ec2nodeclass": "*"}
    for_class = {"aws:RequestTag/karpenter.k8s.aws/ec2nodeclass": "*"}
    ec2 = {"iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]}
    change = ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"]
    return (
        _allow_if("AllowPassingInstanceRole", ["iam:PassRole"], [node_role_arn], StringEquals=ec2),
        _allow_if(
            "AllowScopedInstanceProfileCreationActions",
            ["iam:CreateInstanceProfile"],
            [profiles],
            StringEquals=to_own,
            StringLike=for_class,
        ),
        _allow_if(
            "AllowScopedInstanceProfileTagActions",
            ["iam:TagInstanceProfile"],
            [profiles],
            StringEquals={**owned, **to_own},
            StringLike={**of_class, **for_class},
        ),
        _allow_if("AllowScopedInstanceProfileActions", change, [profiles], StringEquals=owned, StringLike=of_class),
    )


def _discovery(partition: str, region: str, profiles: str) -> Sequence[Statement]:
    describe = [f"ec2:Describe{what}" for what in _DESCRIBED]
    parameters = f"arn:{partition}:ssm:{region}::parameter/aws/service/*"
    return (
        _allow_if("AllowRegionalReadActions", describe, ["*"], StringEquals={"aws:RequestedRegion": region}),
        allow("AllowSSMReadActions", ["ssm:GetParameter"], [parameters]),
        allow("AllowPricingReadActions", ["pricing:GetProducts"], ["*"]),
        allow("AllowUnscopedInstanceProfileListAction", ["iam:ListInstanceProfiles"], ["*"]),
        allow("AllowInstanceProfileReadActions", ["iam:GetInstanceProfile"], [profiles]),
    )


def _owner(cluster: str) -> str:
    return f"kubernetes.io/cluster/{cluster}"


def _allow_if(sid: str, actions: Sequence[str], resources: Sequence[str], **conditions: Mapping[str, Any]) -> Statement:
    return {**allow(sid, actions, resources), "Condition": conditions}
