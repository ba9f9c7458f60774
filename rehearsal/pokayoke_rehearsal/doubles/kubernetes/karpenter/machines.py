"""The machines behind NodeClaims: started, joined to the cluster when they can, ended."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from pokayoke_rehearsal.doubles.kubernetes.initial import EKS
from pokayoke_rehearsal.doubles.kubernetes.karpenter import templates
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import (
    CAPACITY_LABEL,
    FINALIZER,
    NODE,
    POOL_LABEL,
    PROFILE,
    TYPE_LABEL,
    ZONE_LABEL,
)
from pokayoke_rehearsal.doubles.kubernetes.karpenter.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.karpenter.templates import LaunchError, Wanted
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    annotation,
    at,
    clone,
    fields,
    items,
    labels_of,
    name_of,
    text,
    text_map,
    whole,
)
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.principals import Role

WORKER = frozenset({"AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"})
PULL = frozenset(
    {
        "AmazonEC2ContainerRegistryReadOnly",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEC2ContainerRegistryPowerUser",
    }
)
NETWORK = "AmazonEKS_CNI_Policy"

_BOTTLEROCKET = "bottlerocket"


def start(acting: Acting, claim: Object, node_class: Object) -> str:
    """Starts the instance of a claim and answers its id; raises LaunchError."""
    labels = labels_of(claim)
    _require_readable(node_class)
    architecture = labels["kubernetes.io/arch"]
    return templates.launch(
        acting,
        Wanted(
            node_class=name_of(node_class),
            instance_type=labels[TYPE_LABEL],
            spot=labels[CAPACITY_LABEL] == "spot",
            subnet=_subnet(acting, node_class, labels[ZONE_LABEL]),
            groups=tuple(text(at(item, "id")) for item in items(at(node_class, "status", "securityGroups"))),
            image=_image(node_class, architecture),
            profile=text(at(node_class, "status", "instanceProfile")),
            tags={
                **templates.tags(
                    acting, name_of(node_class), labels[POOL_LABEL], text_map(at(node_class, "spec", "tags"))
                ),
                "karpenter.sh/nodeclaim": name_of(claim),
            },
            hop_limit=whole(at(node_class, "spec", "metadataOptions", "httpPutResponseHopLimit"), 1),
        ),
    )


def cannot_join(account: Account, cluster_name: str, claim: Object) -> str:
    """Why the machine of a claim does not become a node, empty when it does."""
    eks, instance = account.eks_cluster(cluster_name), instance_of(claim)
    role = _role(account, annotation(claim, PROFILE))
    if eks is None or not account.is_running(instance):
        return "the instance is gone"
    if not account.way_out(account.subnet_of(instance)):
        return "its subnet has no way out to the API server and the registries"
    if role is None or not role.attached & WORKER:
        return "its role lacks AmazonEKSWorkerNodePolicy"
    if not eks.admits_nodes_of(role.arn):
        return f"no access entry of type EC2_LINUX admits {role.arn}"
    if not account.reaches(instance, eks.security_group):
        return "its security groups do not let it and the control plane reach each other (443, 10250)"
    return ""


def join(cluster: Cluster, account: Account, claim: Object, room: Mapping[str, Object]) -> Object:
    """The machine of a claim registers as a node, with what the claim says of it."""
    instance = instance_of(claim)
    name, address = account.addresses_of(instance)
    taints = [clone(item) for key in ("taints", "startupTaints") for item in items(at(claim, "spec", key))]
    zone = labels_of(claim)[ZONE_LABEL]
    return cluster.create(
        {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {
                "name": name,
                "labels": {**labels_of(claim), "kubernetes.io/hostname": name, "karpenter.sh/registered": "true"},
                "annotations": {PROFILE: annotation(claim, PROFILE)},
                "finalizers": [FINALIZER],
            },
            "spec": {"providerID": f"aws:///{zone}/{instance}", **({"taints": taints} if taints else {})},
            "status": {"addresses": [{"type": "InternalIP", "address": address}], **room},
        },
        EKS,
    )


def gate(cluster: Cluster, pod: Object, account: Account) -> tuple[str, str] | None:
    """What on Karpenter's nodes keeps a placed pod from running: the node's role."""
    node = cluster.find(NODE, text(at(pod, "spec", "nodeName")))
    profile = annotation(node, PROFILE) if node is not None else ""
    if not profile:
        return None
    role = _role(account, profile)
    attached = role.attached if role is not None else frozenset[str]()
    for container in map(fields, items(at(pod, "spec", "containers"))):
        image = text(container.get("image"))
        if (image.startswith("eks/") or ".dkr.ecr." in image) and not attached & PULL:
            told = f'Back-off pulling image "{image}": unexpected status from HEAD request: 403 Forbidden'
            return "ImagePullBackOff", told
    if labels_of(pod).get("k8s-app") != "aws-node":
        return None
    if NETWORK not in attached:
        return "CrashLoopBackOff", "UnauthorizedOperation: the node's role lacks AmazonEKS_CNI_Policy"
    # The network plugin keeps at least one address, or one prefix, for the next pod.
    subnet = account.subnet_of(text(at(node, "spec", "providerID")).rsplit("/", 1)[-1])
    if not any(one.free for one in account.subnets() if one.id == subnet):
        told = f"The specified subnet '{subnet}' does not have enough free addresses to satisfy the request."
        return "CrashLoopBackOff", f"InsufficientFreeAddressesInSubnet: {told}"
    return None


def instance_of(claim: Object) -> str:
    """The instance of a claim, empty while it has none."""
    return text(at(claim, "status", "providerID")).rsplit("/", 1)[-1]


def _require_readable(node_class: Object) -> None:
    aliases = [text(at(item, "alias")) for item in items(at(node_class, "spec", "amiSelectorTerms"))]
    family = text(at(node_class, "spec", "amiFamily")).lower() or (aliases[0].partition("@")[0] if aliases else "")
    data = text(at(node_class, "spec", "userData"))
    if family != _BOTTLEROCKET or not data:
        return
    try:
        tomllib.loads(data)
    except tomllib.TOMLDecodeError as error:
        raise LaunchError(f"creating instance, getting launch templates, invalid UserData TOML: {error}") from None


def _subnet(acting: Acting, node_class: Object, zone: str) -> str:
    chosen = {text(at(item, "id")) for item in items(at(node_class, "status", "subnets"))}
    found = [one for one in acting.account.subnets() if one.id in chosen and one.zone == zone]
    free = [one for one in found if one.free > 0]
    if not free:
        told = (
            f"There are not enough free addresses in subnet '{found[0].id if found else zone}' to satisfy the request"
        )
        raise LaunchError(f"creating instance, with fleet error(s), InsufficientFreeAddressesInSubnet: {told}")
    return max(free, key=lambda one: (one.free, one.id)).id


def _image(node_class: Object, architecture: str) -> str:
    for image in items(at(node_class, "status", "amis")):
        values = [value for item in items(at(image, "requirements")) for value in items(at(item, "values"))]
        if architecture in values:
            return text(at(image, "id"))
    raise LaunchError(f"creating instance, no amis exist for architecture {architecture}")


def _role(account: Account, profile_name: str) -> Role | None:
    profile = account.profile(profile_name)
    return account.role(profile.role) if profile is not None and profile.role else None
