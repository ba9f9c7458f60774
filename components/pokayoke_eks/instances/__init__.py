"""What is known of EC2 instance types: architecture, size, ENI limits, price, regions. Pure; tables load on first use.

Sources of the tables (`types.json` and `regions.json`, written by `generate`): architecture, vCPUs, memory and regions
from moto 5.2.5's catalogue; ENI limits (generated 2026-08-06) and prices from the generated tables of
aws/karpenter-provider-aws, snapshot of 2026-08-21.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

PRICE_REGION = "us-east-1"
PRICE_DATE = date(2026, 7, 20)
"""Where and when the prices are from; other regions differ."""

ARM64 = "arm64"
X86_64 = "x86_64"

# As Karpenter 1.14 computes a Bottlerocket node (aws/karpenter-provider-aws, pkg/providers/instancetype/types.go):
# kube-reserved memory and CPU after bottlerocket-os/bottlerocket#1388, the kubelet's default eviction threshold, what
# Graviton keeps back, and the share of memory that a virtual machine never sees (chart value vmMemoryOverheadPercent).
_RESERVED_MIB, _RESERVED_MIB_PER_POD = 255, 11
_EVICTION_MIB = 100
_GRAVITON_MIB = 64
_OVERHEAD_PERMILLE = 75
_RESERVED_CPU = ((0, 1_000, 0.06), (1_000, 2_000, 0.01), (2_000, 4_000, 0.005), (4_000, 1 << 31, 0.0025))


class Allocatable(NamedTuple):
    """What pods can take of a node."""

    cpu: int
    """Thousandths of a CPU."""
    memory: int
    """MiB."""
    pods: int


@dataclass(frozen=True, slots=True)
class InstanceType:
    """One instance type. Memory in MiB; the price is Linux on demand in US dollars an hour, None where unknown."""

    name: str
    architecture: str
    vcpus: int
    memory: int
    enis: int
    ipv4_per_eni: int
    usd_per_hour: float | None

    @property
    def family(self) -> str:
        """`t4g` of `t4g.medium`."""
        return self.name.split(".")[0]

    @property
    def eni_pods(self) -> int:
        """Pods that get an address without prefix delegation; two more run on the host's network (amazon-eks-ami,
        eni-max-pods)."""
        return self.enis * (self.ipv4_per_eni - 1) + 2

    @property
    def visible_memory(self) -> int:
        """What Karpenter thinks that the machine sees of its memory, in MiB: what it counts against a pool's limits."""
        memory = self.memory - (_GRAVITON_MIB if self.architecture == ARM64 else 0)
        return memory - ceil(memory * _OVERHEAD_PERMILLE / 1_000)

    def allocatable(self, max_pods: int | None = None) -> Allocatable:
        """What a Bottlerocket node of this type leaves to pods; `max_pods` is `eni_pods` unless stated."""
        pods = self.eni_pods if max_pods is None else max_pods
        cpu = self.vcpus * 1_000
        reserved = sum(int((min(cpu, end) - start) * share) for start, end, share in _RESERVED_CPU if cpu > start)
        return Allocatable(
            cpu=cpu - reserved,
            memory=self.visible_memory - _RESERVED_MIB - _RESERVED_MIB_PER_POD * pods - _EVICTION_MIB,
            pods=pods,
        )


def instance_type(name: str) -> InstanceType | None:
    """What is known of this type, None if nothing is."""
    row = _table().get(name)
    return InstanceType(name, *row) if row else None


def names() -> tuple[str, ...]:
    """Every known type."""
    return tuple(_table())


@cache
def offered(region: str) -> frozenset[str] | None:
    """The known types that a region offers in one of its zones; None for a region without data. Zones are left out:
    the same letter is another zone in another account."""
    regions, types = _offers()
    if region not in regions:
        return None
    bit = 1 << regions.index(region)
    return frozenset(name for name, places in types.items() if places & bit)


@cache
def _offers() -> tuple[list[str], dict[str, int]]:
    table = json.loads(Path(__file__).with_name("regions.json").read_bytes())
    return table["regions"], {name: int(places, 16) for name, places in table["types"].items()}


@cache
def _table() -> dict[str, list[Any]]:
    return json.loads(Path(__file__).with_name("types.json").read_bytes())
