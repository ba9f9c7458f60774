"""What the role of a machine must allow before the machine is a ready node (`node-role-policies-missing`).

AWS's own policies, or what they allow that a node cannot do without (EKS user guide, "Amazon EKS node IAM role"). The
network plugin's may be on a role of its own.
"""

from __future__ import annotations

from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.eks.facts import EksCluster
from pokayoke_rehearsal.world.principals import Caller, Role

_AGENT = "eks-pod-identity-agent"
_PLUGIN = ("kube-system", "aws-node")
"""Namespace and service account of the network plugin."""

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


def unaddressed(account: Account, eks: EksCluster, role: Role | None) -> str:
    """Why the network plugin gets no addresses for pods on a node with this role, empty where it does.

    An association is all that it looks at where it has one, and the node's agent hands out what that gives
    (aws/amazon-vpc-cni-k8s#3840, eksctl-io/eksctl, `pkg/actions/addon/tasks.go`).
    """
    own = eks.association(*_PLUGIN)
    if own is None:
        own = eks.role_of_addon("vpc-cni")
    elif not eks.runs(_AGENT):
        return f"without the add-on {_AGENT}, its Pod Identity association gives it nothing"
    elif not _may(role, account.region, _WORKER, "eks-auth:AssumeRoleForPodIdentity"):
        return "the node's role lacks eks-auth:AssumeRoleForPodIdentity"
    elif account.assume_pod_role(own, eks, *_PLUGIN) is None:
        return f"EKS may not assume {own} for it"
    found = role if own is None else account.role(own)
    if _may(found, account.region, _NETWORK, "ec2:DescribeNetworkInterfaces", "ec2:AssignPrivateIpAddresses"):
        return ""
    return f"{'the node' if own is None else 'the network plugin'}'s role lacks AmazonEKS_CNI_Policy"


def _may(role: Role | None, region: str, policies: frozenset[str], *actions: str) -> bool:
    if role is None:
        return False
    caller = Caller(role, region, {})
    return bool(role.attached & policies) or all(caller.may(action) for action in actions)
