"""Whether private subnets hold the nodes that the pools' limits allow, in the /28 blocks of prefix delegation."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from ipaddress import IPv4Network
from math import ceil, floor

from ..instances import InstanceType, instance_type
from .finding import Finding
from .pod_density import BLOCK, EXHAUSTION, blocks_of, default_pods, interfaces_of
from .subnets import SHORTEST_VPC_PREFIX, subnets_of
from .system_nodes import NODES

AWS_KEEPS = 5
"""Addresses of every subnet that AWS keeps (VPC user guide, "Subnet CIDR blocks")."""
CONTROL_PLANE = 16
"""What EKS asks to be left for the control plane's interfaces (EKS user guide, network requirements: six at least,
sixteen recommended)."""
LOAD_BALANCER = 8
"""What a load balancer asks to be free in each of its subnets (Elastic Load Balancing user guide)."""
UNBROKEN = Fraction(3, 4)
"""Ours: the share of a subnet's blocks that is counted on. AWS hands single addresses out anywhere, and each breaks the
block that it lies in (EKS best practices, "Prefix mode": fragmentation)."""


@dataclass(frozen=True, slots=True)
class Demand:
    """The nodes that one pool may have at most, and what each takes of a subnet."""

    nodes: int
    blocks: int
    interfaces: int


def demand(types: Iterable[str], pods: int, cpu: Fraction, memory: Fraction) -> Demand:
    """The demand of a pool whose nodes have `pods` pods each, within limits in cores and bytes. Any mixture of types
    stays below it: the least vCPUs and the least memory of all types are divided into the limits."""
    kinds = [kind for name in types if (kind := instance_type(name))]
    if not kinds:
        return Demand(0, 0, 0)
    by_cpu = floor(cpu / min(kind.vcpus for kind in kinds))
    by_memory = floor(memory / min(_counted(kind) for kind in kinds))
    return Demand(
        nodes=max(min(by_cpu, by_memory), 0),
        blocks=max(blocks_of(kind, pods) for kind in kinds),
        interfaces=max(interfaces_of(kind, pods) for kind in kinds),
    )


def too_few_addresses(
    cidr: IPv4Network, zones: tuple[str, ...], demands: Iterable[Demand], *, endpoints: int, system: InstanceType
) -> Finding | None:
    """Why a VPC's private subnets do not hold the pools when one zone fails and the others take its nodes over.

    Beside the nodes, each subnet holds the system nodes (all of them, one more while one is replaced), the control
    plane's interfaces, an internal load balancer and `endpoints` interface endpoints.
    """
    wanted = list(demands)
    needed = _needed(wanted, max(len(zones) - 1, 1), endpoints, system)
    there = _blocks(cidr)
    if not any(one.nodes for one in wanted) or needed <= there:
        return None
    enough = next(
        (
            prefix
            for prefix in range(cidr.prefixlen, SHORTEST_VPC_PREFIX - 1, -1)
            if needed <= _blocks(cidr.supernet(new_prefix=prefix))
        ),
        None,
    )
    larger = f"Give the region a /{enough}, or lower" if enough else "Lower"
    return Finding(
        f"the pools' limits allow {sum(one.nodes for one in wanted)} nodes: with a zone down each private subnet would "
        f"need {needed} blocks of {BLOCK} addresses, and {there} can be counted on",
        f"{larger} the pools' limits, or take larger instance types.",
        EXHAUSTION,
    )


def _needed(demands: list[Demand], zones: int, endpoints: int, system: InstanceType) -> int:
    system_pods = default_pods(system)
    blocks = (NODES + 1) * blocks_of(system, system_pods)
    single = AWS_KEEPS + CONTROL_PLANE + LOAD_BALANCER + endpoints + (NODES + 1) * interfaces_of(system, system_pods)
    for one in demands:
        nodes = ceil(one.nodes / zones)
        blocks += nodes * one.blocks
        single += nodes * one.interfaces
    return blocks + ceil(single / BLOCK)


def _blocks(cidr: IPv4Network) -> int:
    private = subnets_of(cidr, ("a",))[0].private
    return floor(UNBROKEN * private.num_addresses / BLOCK)


def _counted(kind: InstanceType) -> int:
    """The memory of a node that Karpenter counts against a pool's limits, in bytes: what the machine is thought to
    see."""
    return kind.visible_memory * 2**20
