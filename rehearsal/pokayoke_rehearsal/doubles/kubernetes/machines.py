"""Machines as Node objects: labels as EKS sets them, room as the kubelet reserves it."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from functools import cache
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.controllers.kubelet import NOT_READY
from pokayoke_rehearsal.doubles.kubernetes.initial import EKS
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object
from pokayoke_rehearsal.world.model import Node

NODE = Kind("", "v1", "Node")

# Shares of each core that are reserved, most for the first (bottlerocket-os/bottlerocket-core-kit, kube-reserved).
_CPU_RESERVED = ((1, 0.06), (1, 0.01), (2, 0.005))
_CPU_RESERVED_BEYOND = 0.0025
_EVICTION_MIB = 100


def join(cluster: Cluster, region: str, node: Node) -> None:
    """A machine registers with the API server; it is Ready when its network plugin runs."""
    if cluster.find(NODE, node.name) is not None:
        return
    cluster.create(_manifest(region, node), EKS)


def leave(cluster: Cluster, name: str) -> None:
    """A machine is gone, and its pods with it."""
    if cluster.find(NODE, name) is not None:
        cluster.delete(NODE, name, propagation="Background")


def eni_limit(instance_type: str) -> int:
    """How many pods a type takes without prefix delegation: each interface's addresses but one, and two on the host."""
    network = _type(instance_type)["NetworkInfo"]
    return int(network["MaximumNetworkInterfaces"]) * (int(network["Ipv4AddressesPerInterface"]) - 1) + 2


def allocatable(instance_type: str, pods: int) -> dict[str, str]:
    """What a node of a type leaves to pods (facts of Bottlerocket and EKS: 255 MiB and 11 MiB a pod are reserved)."""
    found = _type(instance_type)
    cpus, memory = int(found["VCpuInfo"]["DefaultVCpus"]), int(found["MemoryInfo"]["SizeInMiB"])
    return {
        "cpu": f"{cpus * 1000 - _reserved_millicores(cpus)}m",
        "memory": f"{memory - 255 - 11 * pods - _EVICTION_MIB}Mi",
        "pods": str(pods),
    }


def _manifest(region: str, node: Node) -> Object:
    found = _type(node.instance_type)
    architecture = "arm64" if "arm64" in found["ProcessorInfo"]["SupportedArchitectures"] else "amd64"
    labels = {
        "kubernetes.io/arch": architecture,
        "kubernetes.io/os": "linux",
        "kubernetes.io/hostname": node.name,
        "node.kubernetes.io/instance-type": node.instance_type,
        "topology.kubernetes.io/region": region,
        "topology.kubernetes.io/zone": node.zone,
        "eks.amazonaws.com/capacityType": node.capacity_type,
        **({"eks.amazonaws.com/nodegroup": node.node_group} if node.node_group else {}),
        **dict(node.labels),
    }
    taints = [*({"key": key, "value": value, "effect": effect} for key, value, effect in node.taints), dict(NOT_READY)]
    pods = eni_limit(node.instance_type)
    room = allocatable(node.instance_type, pods)
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": node.name, "labels": labels},
        "spec": {"providerID": f"aws:///{node.zone}/{node.instance_id}", "taints": taints},
        "status": {
            "addresses": [{"type": "InternalIP", "address": node.private_ip}],
            "allocatable": room,
            "capacity": room,
        },
    }


def _reserved_millicores(cpus: int) -> int:
    left, reserved = cpus, 0.0
    for cores, share in _CPU_RESERVED:
        reserved += min(left, cores) * share
        left = max(left - cores, 0)
    return round((reserved + left * _CPU_RESERVED_BEYOND) * 1000)


@cache
def _type(instance_type: str) -> dict[str, Any]:
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    return INSTANCE_TYPES[instance_type]
