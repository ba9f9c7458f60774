"""What the role of a machine must allow before the machine is a ready node (`node-role-policies-missing`).

AWS's own policies, or what they allow that a node cannot do without (EKS user guide, "Amazon EKS node IAM role").
"""

from __future__ import annotations

from pokayoke_rehearsal.world.principals import Caller, Role

_WORKER = frozenset({"AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"})
_PULL = frozenset(
    {
        "AmazonEC2ContainerRegistryReadOnly",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEC2ContainerRegistryPowerUser",
    }
)
_NETWORK = frozenset({"AmazonEKS_CNI_Policy"})


def may_join(role: Role | None, region: str) -> bool:
    """Whether a machine learns enough of itself and its cluster to register."""
    return _may(role, region, _WORKER, "ec2:DescribeInstances", "eks:DescribeCluster")


def may_pull(role: Role | None, region: str) -> bool:
    """Whether its kubelet gets images from ECR, where EKS' own are."""
    return _may(role, region, _PULL, "ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def may_address(role: Role | None, region: str) -> bool:
    """Whether the network plugin gets addresses for pods."""
    return _may(role, region, _NETWORK, "ec2:DescribeNetworkInterfaces", "ec2:AssignPrivateIpAddresses")


def _may(role: Role | None, region: str, policies: frozenset[str], *actions: str) -> bool:
    if role is None:
        return False
    caller = Caller(role, region, {})
    return bool(role.attached & policies) or all(caller.may(action) for action in actions)
