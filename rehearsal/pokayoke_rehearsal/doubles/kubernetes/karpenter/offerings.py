"""What a pool can bring: instance types, zones and capacity types that its requirements leave, cheapest first."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from pokayoke_eks import instances
from pokayoke_eks.instances import InstanceType
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import (
    ARCHITECTURE_LABEL,
    CAPACITY_LABEL,
    CLASS_LABEL,
    POOL_LABEL,
    TYPE_LABEL,
    ZONE_LABEL,
)
from pokayoke_rehearsal.doubles.kubernetes.store.names import selects
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    fields,
    items,
    name_of,
    text,
    text_map,
    whole,
)
from pokayoke_rehearsal.world.account import Account

_CAPACITIES = ("spot", "on-demand")
"""In the order of Karpenter's preference."""
_UNPRICED = 1e9
_KUBERNETES = {instances.X86_64: "amd64", instances.ARM64: "arm64"}


@dataclass(frozen=True)
class Offering:
    """One kind of node: a type in a zone, bought in one way."""

    type: InstanceType
    zone: str
    capacity: str
    labels: Mapping[str, str]
    max_pods: int

    @property
    def node(self) -> Object:
        """The node that it would become, as the scheduler sees it; taints are the pool's business."""
        room = self.type.allocatable(self.max_pods)
        return {
            "metadata": {"name": "", "labels": dict(self.labels)},
            "spec": {},
            "status": {
                "allocatable": {"cpu": f"{room.cpu}m", "memory": f"{room.memory}Mi", "pods": str(room.pods)},
                "capacity": {
                    "cpu": str(self.type.vcpus),
                    "memory": f"{self.type.visible_memory}Mi",
                    "pods": str(room.pods),
                },
            },
        }

    @property
    def takes(self) -> dict[str, Decimal]:
        """What it takes of a pool's limits."""
        return {
            "cpu": Decimal(self.type.vcpus),
            "memory": Decimal(self.type.visible_memory) * 1024**2,
            "nodes": Decimal(1),
        }


def offerings(account: Account, pool: Object, node_class: Object) -> list[Offering]:
    """All kinds of nodes that a pool and its class allow."""
    template = fields(at(pool, "spec", "template"))
    requirements = [fields(item) for item in items(at(template, "spec", "requirements"))]
    zones = sorted({text(at(item, "zone")) for item in items(at(node_class, "status", "subnets"))})
    architectures = {
        value
        for image in items(at(node_class, "status", "amis"))
        for requirement in items(at(image, "requirements"))
        for value in items(at(requirement, "values"))
    }
    common = {
        **text_map(at(template, "metadata", "labels")),
        **_own_labels(requirements),
        POOL_LABEL: name_of(pool),
        CLASS_LABEL: name_of(node_class),
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/region": account.region,
    }
    found: list[Offering] = []
    for kind in _types(requirements):
        own = {**common, **_type_labels(kind.name)}
        if own[ARCHITECTURE_LABEL] not in architectures:
            continue
        for zone in zones:
            for capacity in _CAPACITIES if kind.name in _offered(account.region, zone) else ():
                labels = {**own, ZONE_LABEL: zone, CAPACITY_LABEL: capacity}
                if meets(requirements, labels):
                    found.append(Offering(kind, zone, capacity, labels, _max_pods(kind, node_class)))
    return sorted(found, key=lambda one: (_CAPACITIES.index(one.capacity), _price(one.type), one.type.name, one.zone))


def meets(requirements: Sequence[Mapping[str, Any]], labels: Mapping[str, str]) -> bool:
    """Whether labels satisfy all requirements."""
    return all(_met(requirement, labels) for requirement in requirements)


def _met(requirement: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    how, key = text(requirement.get("operator")), text(requirement.get("key"))
    values = [text(value) for value in items(requirement.get("values"))]
    if how in _COMPARED:
        actual = labels.get(key, "")
        return actual.isdigit() and len(values) == 1 and _COMPARED[how](int(actual), int(values[0]))
    return selects({"matchExpressions": [{"key": key, "operator": how, "values": values}]}, dict(labels))


def _types(requirements: Iterable[Mapping[str, Any]]) -> list[InstanceType]:
    # A pool that lists its types, as ours do, is spared the look at hundreds of others.
    stated = [item for item in requirements if item.get("key") == TYPE_LABEL and item.get("operator") == "In"]
    names = [text(value) for value in items(stated[0].get("values"))] if stated else instances.names()
    return [found for name in names if (found := instances.instance_type(name)) is not None and name in _catalogue()]


def _own_labels(requirements: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Labels of the user's own that a requirement gives to every node."""
    known = {*_WELL_KNOWN}
    return {
        text(item.get("key")): text(items(item.get("values"))[0])
        for item in requirements
        if item.get("operator") == "In"
        and items(item.get("values"))
        and text(item.get("key")) not in known
        and not text(item.get("key")).startswith("karpenter.k8s.aws/")
    }


@cache
def _type_labels(name: str) -> dict[str, str]:
    kind, described = instances.instance_type(name), _catalogue()[name]
    if kind is None:
        return {}
    family, _, size = name.partition(".")
    letters = re.match(r"([a-z]+)(\d+)?", family)
    processor: dict[str, Any] = described.get("ProcessorInfo", {})
    clock = processor.get("SustainedClockSpeedInGhz")
    labels = {
        TYPE_LABEL: name,
        ARCHITECTURE_LABEL: _KUBERNETES[kind.architecture],
        "karpenter.k8s.aws/instance-category": letters.group(1) if letters else "",
        "karpenter.k8s.aws/instance-generation": (letters.group(2) if letters else "") or "",
        "karpenter.k8s.aws/instance-family": family,
        "karpenter.k8s.aws/instance-size": size,
        "karpenter.k8s.aws/instance-cpu": str(kind.vcpus),
        "karpenter.k8s.aws/instance-cpu-manufacturer": str(processor.get("Manufacturer", "")).lower(),
        "karpenter.k8s.aws/instance-memory": str(kind.memory),
        "karpenter.k8s.aws/instance-hypervisor": str(described.get("Hypervisor", "")),
    }
    if clock:
        labels["karpenter.k8s.aws/instance-cpu-sustained-clock-speed-mhz"] = str(int(float(clock) * 1000))
    gpus: list[dict[str, Any]] = (described.get("GpuInfo") or {}).get("Gpus", [])
    if gpus:
        labels["karpenter.k8s.aws/instance-gpu-count"] = str(sum(int(gpu.get("Count", 0)) for gpu in gpus))
        labels["karpenter.k8s.aws/instance-gpu-name"] = str(gpus[0].get("Name", "")).lower()
        labels["karpenter.k8s.aws/instance-gpu-manufacturer"] = str(gpus[0].get("Manufacturer", "")).lower()
    return {key: value for key, value in labels.items() if value}


def _max_pods(kind: InstanceType, node_class: Object) -> int:
    kubelet = fields(at(node_class, "spec", "kubelet"))
    most = whole(kubelet.get("maxPods"), kind.eni_pods)
    per_core = whole(kubelet.get("podsPerCore"), 0)
    return min(most, per_core * kind.vcpus) if per_core else most


def _price(kind: InstanceType) -> float:
    return _UNPRICED if kind.usd_per_hour is None else kind.usd_per_hour


@cache
def _offered(region: str, zone: str) -> frozenset[str]:
    from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS

    listed: list[dict[str, str]] = INSTANCE_TYPE_OFFERINGS["availability-zone"].get(region, [])
    return frozenset(one["InstanceType"] for one in listed if one["Location"] == zone)


@cache
def _catalogue() -> Mapping[str, dict[str, Any]]:
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    return INSTANCE_TYPES


_COMPARED: dict[str, Callable[[int, int], bool]] = {
    "Gt": operator.gt,
    "Lt": operator.lt,
    "Gte": operator.ge,
    "Lte": operator.le,
}
_WELL_KNOWN = (
    TYPE_LABEL,
    ARCHITECTURE_LABEL,
    ZONE_LABEL,
    CAPACITY_LABEL,
    "kubernetes.io/os",
    "topology.kubernetes.io/region",
    "topology.k8s.aws/zone-id",
)
