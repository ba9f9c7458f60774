"""How many pods a node may have: by its network interfaces, by AWS's own bound, and by the memory that Bottlerocket
keeps back for each of them (255 + 11 x maxPods MiB, see `instances`)."""

import operator
from math import ceil

from ..instances import InstanceType
from .finding import Finding
from .system_nodes import DAEMONS, on_the_last_node

EXHAUSTION = "subnet-ip-exhaustion"
INCOMPATIBLE = "incompatible-requirements"
BLOCK = 16
"""Addresses in the /28 blocks that prefix delegation hands out."""
HOST_NETWORK_PODS = 2
"""Pods on every node that take no address: aws-node and kube-proxy."""
WARM_BLOCKS = 1
"""Blocks that a node keeps in reserve: `WARM_PREFIX_TARGET` of the platform's vpc-cni."""
XEN_FAMILIES = frozenset(
    ["c1", "c3", "c4", "d2", "f1", "h1", "i2", "i3", "m1", "m2", "m3", "m4", "p3", "r3", "r4", "t1", "t2", "x1", "x1e"]
)
"""Families before Nitro, which take no /28 blocks (EKS user guide, "Assign more IP addresses to Amazon EKS nodes with
prefixes"). Source: `hypervisor` in the generated tables of aws/karpenter-provider-aws, 2026-08-06."""
SMALLEST_SHARE = 0.5
"""Of a node's memory, the least that must be left for pods when the kubelet, the system and evictions have theirs."""


def bound(kind: InstanceType) -> int:
    """The most pods that EKS lets a node of this size have (EKS user guide, "How maxPods is determined": 110 below 30
    vCPUs, 250 above)."""
    return 110 if kind.vcpus < 30 else 250


def default_pods(kind: InstanceType) -> int:
    """What a node takes without being told: as many as its interfaces have addresses, within the bound."""
    return min(kind.eni_pods, bound(kind))


def blocks_of(kind: InstanceType, pods: int) -> int:
    """The /28 blocks that a node with so many pods takes, the reserve counted in."""
    wanted = ceil(max(pods - HOST_NETWORK_PODS, 0) / BLOCK) + WARM_BLOCKS
    return min(wanted, kind.enis * _slots(kind))


def interfaces_of(kind: InstanceType, pods: int) -> int:
    """The network interfaces that those blocks need; each has one address of its own."""
    return ceil(blocks_of(kind, pods) / max(_slots(kind), 1))


def too_many_pods(kind: InstanceType, pods: int) -> Finding | None:
    """Why a node of this type cannot have so many pods."""
    if pods > bound(kind):
        return Finding(f"EKS takes at most {bound(kind)} pods on {kind.name} ({kind.vcpus} vCPUs)", "Lower max_pods.")
    addressed = kind.enis * _slots(kind) * BLOCK + HOST_NETWORK_PODS
    if kind.family in XEN_FAMILIES:
        addressed = kind.eni_pods
    if pods > addressed:
        blocks = "one by one: it is from before Nitro" if kind.family in XEN_FAMILIES else "in /28 blocks"
        return Finding(
            f"{kind.name} has addresses for {addressed} pods, {blocks}",
            "Lower max_pods, or take larger types.",
            EXHAUSTION,
        )
    there = kind.allocatable(pods)
    if there.memory < kind.memory * SMALLEST_SHARE:
        return Finding(
            f"with {pods} pods {kind.name} keeps {kind.memory - there.memory} of its {kind.memory} MiB back",
            "Lower max_pods, or take types with more memory.",
            INCOMPATIBLE,
        )
    return None


def too_small(kind: InstanceType) -> Finding | None:
    """Why a node of this type has no room for anything once the platform's own DaemonSets run on it."""
    there, needed = kind.allocatable(default_pods(kind)), on_the_last_node(DAEMONS)
    if all(map(operator.gt, there, needed)):
        return None
    return Finding(
        f"on {kind.name} nothing fits beside the platform's own DaemonSets "
        f"({there.pods} pods, {there.memory} MiB; they take {needed.pods} and {needed.memory})",
        "Take larger types.",
        INCOMPATIBLE,
    )


def _slots(kind: InstanceType) -> int:
    """What an interface can hold beside its own address: an address, or a block, each."""
    return kind.ipv4_per_eni - 1
