"""What becomes of a machine that was started: whether it registers as a node, and what keeps the node from being ready.

Log 004 has one state for all of it, `Not Initialized`; here each cause is told (`no-egress`, `ami-version-skew`,
`control-plane-ports-blocked`, `node-role-policies-missing`, `startup-taint-deadlock`, `user-data-invalid`).
"""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import is_ready
from pokayoke_rehearsal.doubles.kubernetes.controllers.scheduling import unfit
from pokayoke_rehearsal.doubles.kubernetes.karpenter import user_data
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import NODE, PROFILE
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    annotation,
    at,
    fields,
    items,
    labels_of,
    name_of,
    text,
)
from pokayoke_rehearsal.world import node_rights
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.eks import images
from pokayoke_rehearsal.world.eks.facts import EksCluster
from pokayoke_rehearsal.world.principals import Role

_PLUGIN = "aws-node"


def cannot_join(
    account: Account, eks: EksCluster | None, instance: str, profile: str, node_class: Object | None
) -> str:
    """Why an instance does not become a node, empty when it does."""
    if eks is None or not account.is_running(instance):
        return "the instance is gone"
    if node_class is not None and (problem := user_data.unusable(node_class)):
        return f"its user data does not configure the kubelet: {problem}"
    if not account.way_out(account.subnet_of(instance)):
        return "its subnet has no way out to the API server and the registries"
    role = role_of(account, profile)
    if role is None or not node_rights.may_join(role, account.region):
        return "its role lacks AmazonEKSWorkerNodePolicy"
    if not eks.admits_nodes_of(role.arn):
        return f"no access entry of type EC2_LINUX admits {role.arn}"
    return account.blocked(instance, eks) or images.skew(_image(account, instance, node_class), eks.version)


def gate(cluster: Cluster, pod: Object, account: Account, eks_name: str) -> tuple[str, str] | None:
    """What on Karpenter's nodes keeps a placed pod from running: the node's role."""
    node = cluster.find(NODE, text(at(pod, "spec", "nodeName")))
    profile = annotation(node, PROFILE) if node is not None else ""
    if not profile:
        return None
    role = role_of(account, profile)
    for container in map(fields, items(at(pod, "spec", "containers"))):
        image = text(container.get("image"))
        if (image.startswith("eks/") or ".dkr.ecr." in image) and not node_rights.may_pull(role, account.region):
            told = f'Back-off pulling image "{image}": unexpected status from HEAD request: 403 Forbidden'
            return "ImagePullBackOff", told
    eks = account.eks_cluster(eks_name) if labels_of(pod).get("k8s-app") == _PLUGIN else None
    if eks is None:
        return None
    why = node_rights.unaddressed(account, eks, role)
    # The words: aws/karpenter-provider-aws#1185.
    told = "UnauthorizedOperation: You are not authorized to perform this operation"
    return ("CrashLoopBackOff", f"Failed to call ec2:DescribeNetworkInterfaces: {told} ({why})") if why else None


def without_network(cluster: Cluster, node: Object) -> str:
    """What keeps the network plugin from running on a node, empty when nothing does."""
    for pod in cluster.list("", "Pod", labels={"k8s-app": _PLUGIN}):
        if at(pod, "spec", "nodeName") != name_of(node):
            continue
        waiting = fields(at(pod, "status", "containerStatuses", 0, "state", "waiting"))
        if is_ready(pod) or not waiting:
            return ""
        return f"{_PLUGIN} waits: {text(waiting.get('reason'))}: {text(waiting.get('message'))}"
    plugin = cluster.find_named("apps", "DaemonSet", _PLUGIN, "kube-system")
    if plugin is None:
        return f"there is no DaemonSet {_PLUGIN}"
    refusal = unfit(fields(at(plugin, "spec", "template", "spec")), node, daemon=True)
    return f"no pod of the DaemonSet {_PLUGIN} runs there: {refusal}" if refusal else ""


def role_of(account: Account, profile_name: str) -> Role | None:
    """The role of an instance profile."""
    profile = account.profile(profile_name)
    return account.role(profile.role) if profile is not None and profile.role else None


def _image(account: Account, instance: str, node_class: Object | None) -> str:
    """What is known of the image that an instance was started from."""
    found = account.image_of(instance)
    listed = [fields(item) for item in items(at(node_class or {}, "status", "amis"))]
    return next((text(one.get("name")) for one in listed if one.get("id") == found), images.name_of(found))
