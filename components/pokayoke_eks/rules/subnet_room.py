"""Whether subnets hold the addresses that nodes take by themselves, before any pod asks for more.

Sources: amazon-vpc-cni-k8s, README, and values of the chart aws-vpc-cni: with nothing configured a node keeps an
interface's addresses ready (WARM_ENI_TARGET 1), with prefix delegation a block of 16 (WARM_PREFIX_TARGET 1), with
MINIMUM_IP_TARGET so many. VPC user guide, "Subnet CIDR blocks": five addresses of each subnet are AWS's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from ..instances import instance_type
from .addresses import AWS_KEEPS
from .finding import Finding
from .pod_density import BLOCK, EXHAUSTION
from .quantities import quantity

SHORTEST_SUBNET_PREFIX = 16


@dataclass(frozen=True, slots=True)
class Plugin:
    """How the network plugin takes addresses for pods."""

    from_the_subnet: bool = True
    """Whether out of the node's own subnet, in IPv4."""
    blocks: bool = False
    kept: int | None = None
    """How many it is told to keep at least, where it is told."""

    @classmethod
    def configured(cls, env: Mapping[str, Any]) -> "Plugin":
        """The VPC CNI with these variables of its environment."""
        told = [env.get("MINIMUM_IP_TARGET"), env.get("WARM_IP_TARGET")]
        kept = [int(found) for one in told if (found := quantity(one)) is not None]
        return cls(
            from_the_subnet=not (_is_on(env, "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG") or _is_on(env, "ENABLE_IPv6")),
            blocks=_is_on(env, "ENABLE_PREFIX_DELEGATION"),
            kept=max(kept) if kept else None,
        )

    def least(self, types: Iterable[str]) -> int:
        """The addresses that a node of one of these types takes at least: its own, and what is kept ready."""
        if not self.from_the_subnet:
            return 1
        if self.blocks:
            return 1 + BLOCK
        if self.kept is not None:
            return 1 + self.kept
        known = [kind.ipv4_per_eni for name in types if (kind := instance_type(name))]
        return min(known, default=1)


def usable(cidr: IPv4Network) -> int:
    """The addresses of a subnet that are not AWS's."""
    return max(cidr.num_addresses - AWS_KEEPS, 0)


def fewest_nodes(types: Iterable[str], cpu: object, memory: object) -> int | None:
    """How many nodes of these types a pool's limits allow, were all of them the largest; None where nothing is told."""
    kinds = [kind for name in types if (kind := instance_type(name))]
    if not kinds:
        return None
    by_cpu, by_memory = quantity(cpu), quantity(memory)
    found: list[int] = []
    if by_cpu is not None:
        found.append(int(by_cpu / max(kind.vcpus for kind in kinds)))
    if by_memory is not None:
        found.append(int(by_memory / (max(kind.memory for kind in kinds) * 2**20)))
    return max(min(found), 0) if found else None


def exhausted(cidrs: Iterable[IPv4Network], needed: int, nodes: int) -> Finding | None:
    """Why so many nodes, which take `needed` addresses together, do not fit into subnets of these ranges."""
    ranges = list(cidrs)
    there = sum(usable(one) for one in ranges)
    if needed <= there or not ranges:
        return None
    lengths = range(min(one.prefixlen for one in ranges), SHORTEST_SUBNET_PREFIX - 1, -1)
    enough = next((one for one in lengths if needed <= len(ranges) * ((1 << (32 - one)) - AWS_KEEPS)), None)
    larger = f"Take subnets of /{enough} (cidrBlock), or lower" if enough else "Lower"
    return Finding(
        f"its subnets have {there} addresses, and the {nodes} nodes that may come there keep {needed} at least, "
        "before their pods ask for more: the last ones get none",
        f"{larger} how many nodes may come (scalingConfig.maxSize, or limits.cpu of a pool).",
        EXHAUSTION,
    )


def _is_on(env: Mapping[str, Any], name: str) -> bool:
    return str(env.get(name)).lower() == "true"
