"""What the role of a node must be allowed, so that the node joins and becomes ready.

Source: EKS user guide, "Amazon EKS node IAM role" and "AWS managed policies for Amazon Elastic Kubernetes Service"; of
the registry's policies, Amazon ECR user guide, "AWS managed policies for Amazon Elastic Container Registry".
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .finding import Finding
from .iam_actions import Statement, not_allowed

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
