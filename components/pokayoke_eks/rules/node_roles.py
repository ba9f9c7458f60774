"""What the role of a node must be allowed, so that the node joins and becomes ready.

Source: EKS user guide, "Amazon EKS node IAM role" and "AWS managed policies for Amazon Elastic Kubernetes Service"; of
the registry's policies, Amazon ECR user guide, "AWS managed policies for Amazon Elastic Container Registry".
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .finding import Finding
from .iam_actions import Statement, not_allowed, of_service

SLUG = "node-role-policies-missing"


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a node does with its role."""

    what: str
    policies: tuple[str, ...]
    """AWS's own policies that allow it, the one to take first."""
    actions: tuple[tuple[str, ...], ...]
    """The actions that show that a document allows it: all of one of these."""


WORKER = Need(
    "register in the cluster",
    ("AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"),
    (("ec2:DescribeInstances",), ("eks:DescribeCluster",), ("eks-auth:AssumeRoleForPodIdentity",)),
)
REGISTRY = Need(
    "pull images",
    (
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEC2ContainerRegistryReadOnly",
        "AmazonEC2ContainerRegistryPowerUser",
        "AmazonEC2ContainerRegistryFullAccess",
    ),
    (("ecr:GetAuthorizationToken", "ecr:BatchGetImage"),),
)
NETWORK = Need(
    "give pods addresses",
    ("AmazonEKS_CNI_Policy",),
    (("ec2:AssignPrivateIpAddresses",), ("ec2:AssignIpv6Addresses",)),
)
SESSIONS = "AmazonSSMManagedInstanceCore"
"""With which Session Manager reaches a node (EKS best practices, security/hosts)."""
ENOUGH = frozenset({*WORKER.policies, *REGISTRY.policies[:2], SESSIONS})
"""All of AWS's own policies that a node is to have, beside the network plugin's where that has no other role."""
ENOUGH_ACTIONS = frozenset[str]().union(
    of_service("eks", "DescribeCluster"),
    of_service("eks-auth", "AssumeRoleForPodIdentity"),
    of_service(
        "ec2",
        "DescribeInstances DescribeInstanceTypes DescribeRouteTables DescribeSecurityGroups DescribeSubnets "
        "DescribeVolumes DescribeVolumesModifications DescribeVpcs",
    ),
    of_service(
        "ecr",
        "BatchCheckLayerAvailability BatchGetImage BatchImportUpstreamImage DescribeImageScanFindings DescribeImages "
        "DescribeRepositories GetAuthorizationToken GetDownloadUrlForLayer GetLifecyclePolicy "
        "GetLifecyclePolicyPreview GetRepositoryPolicy ListImages ListTagsForResource",
    ),
    of_service("ec2messages", "AcknowledgeMessage DeleteMessage FailMessage GetEndpoint GetMessages SendReply"),
    of_service("ssmmessages", "CreateControlChannel CreateDataChannel OpenControlChannel OpenDataChannel"),
    of_service(
        "ssm",
        "DescribeAssociation DescribeDocument GetDeployablePatchSnapshotForInstance GetDocument GetManifest "
        "GetParameter GetParameters ListAssociations ListInstanceAssociations PutComplianceItems "
        "PutConfigurePackageResult PutInventory UpdateAssociationStatus UpdateInstanceAssociationStatus "
        "UpdateInstanceInformation",
    ),
)
"""What those allow (AWS managed policy reference)."""
NETWORK_ACTIONS = of_service(
    "ec2",
    "AssignIpv6Addresses AssignPrivateIpAddresses AttachNetworkInterface CreateNetworkInterface CreateTags "
    "DeleteNetworkInterface DescribeInstances DescribeInstanceTypes DescribeNetworkInterfaces DescribeSecurityGroups "
    "DescribeSubnets DescribeTags DetachNetworkInterface ModifyNetworkInterfaceAttribute UnassignPrivateIpAddresses",
)
"""What the network plugin's allows, and for IPv6 one's own (EKS user guide, "Configure Amazon VPC CNI plugin to use
IRSA")."""
_EVERYTHING = ("AdministratorAccess", "PowerUserAccess")


def lacking(names: Collection[str], statements: Iterable[Statement], *, network: bool) -> Finding | None:
    """Why a node with this role does not become ready: AWS's own policies by their names, all others by their
    statements. Without `network`, what gives pods addresses has a role of its own, or is none of AWS's."""
    told = list(statements)
    if any(name in names for name in _EVERYTHING):
        return None
    missing = [
        need
        for need in (WORKER, REGISTRY, *((NETWORK,) if network else ()))
        if not any(name in need.policies for name in names)
        and all(not_allowed(actions, told) for actions in need.actions)
    ]
    if not missing:
        return None
    wanted = " and ".join(need.policies[0] for need in missing)
    instead = f"; {NETWORK.policies[0]} may go to an identity of aws-node instead" if NETWORK in missing else ""
    return Finding(
        f"nothing attached to it lets its nodes {' or '.join(need.what for need in missing)}",
        f"Attach {wanted}, each as policyArn: arn:aws:iam::aws:policy/NAME{instead}.",
        SLUG,
    )
