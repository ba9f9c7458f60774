"""The machines behind NodeClaims: started, joined to the cluster when they can, ended."""

from __future__ import annotations

from collections.abc import Mapping

from pokayoke_rehearsal.doubles.kubernetes.controllers.kubelet import NOT_READY
from pokayoke_rehearsal.doubles.kubernetes.initial import EKS
from pokayoke_rehearsal.doubles.kubernetes.karpenter import templates, user_data
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import (
    CAPACITY_LABEL,
    FINALIZER,
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
    items,
    labels_of,
    name_of,
    text,
    text_map,
    whole,
)
from pokayoke_rehearsal.world.account import Account


def start(acting: Acting, claim: Object, node_class: Object) -> str:
    """Starts the instance of a claim and answers its id; raises LaunchError."""
    labels = labels_of(claim)
    if problem := user_data.unreadable(node_class):
        raise LaunchError(f"creating instance, getting launch templates, {problem}")
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
            "spec": {"providerID": f"aws:///{zone}/{instance}", "taints": [*taints, dict(NOT_READY)]},
            "status": {"addresses": [{"type": "InternalIP", "address": address}], **room},
        },
        EKS,
    )


def instance_of(claim: Object) -> str:
    """The instance of a claim, empty while it has none."""
    return text(at(claim, "status", "providerID")).rsplit("/", 1)[-1]


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
