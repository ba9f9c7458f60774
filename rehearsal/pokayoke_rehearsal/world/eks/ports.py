"""Whether a machine and a control plane meet through their security groups (`control-plane-ports-blocked`).

Nodes reach the API server on 443, it reaches their kubelets on 10250 (EKS user guide, "View Amazon EKS security group
requirements for clusters"). The group that EKS makes for a cluster lets its members do all of that.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

from pokayoke_rehearsal.world.eks.state import Cluster

API, KUBELET = 443, 10250
_ANYWHERE = ipaddress.ip_network("0.0.0.0/0")


def blocked(ec2: Any, cluster: Cluster, groups: Iterable[str], address: str) -> str:
    """Why a machine with these groups at this address and the control plane do not meet, empty when they do."""
    machine = _Side(ec2, frozenset(groups), (address,))
    interfaces = [ec2.enis[interface] for interface in cluster.interfaces if interface in ec2.enis]
    names = frozenset(str(group.id) for interface in interfaces for group in interface.group_set)
    control_plane = _Side(ec2, names, tuple(str(interface.private_ip_address) for interface in interfaces))
    private = cluster.shape["resourcesVpcConfig"]["endpointPrivateAccess"]
    closed: list[str] = []
    if not machine.lets_out(API, control_plane if private else None):
        closed.append(f"no egress rule of its own lets it out to the API server on {API}")
    if private and not control_plane.lets_in(API, machine):
        closed.append(f"no rule of the control plane's lets it in on {API}")
    if not machine.lets_in(KUBELET, control_plane):
        closed.append(f"no rule of its own lets the control plane in on {KUBELET}")
    told = "its security groups do not let it and the control plane reach each other"
    return f"{told}: {', '.join(closed)}" if closed else ""


class _Side:
    """What sends or takes: its groups, and its addresses."""

    def __init__(self, ec2: Any, groups: frozenset[str], addresses: tuple[str, ...]) -> None:
        self.groups = groups
        self._addresses = [ipaddress.ip_address(address) for address in addresses if address]
        self._own = [found for name in groups if (found := ec2.get_security_group_from_id(name)) is not None]

    def lets_in(self, port: int, other: _Side) -> bool:
        return any(
            _holds(rule, port) and other.is_named_by(rule) for group in self._own for rule in group.ingress_rules
        )

    def lets_out(self, port: int, other: _Side | None) -> bool:
        """Whether it may send to the other side, or to anywhere for None."""
        rules = [rule for group in self._own for rule in group.egress_rules if _holds(rule, port)]
        return any(other.is_named_by(rule) if other else _range(rule) == _ANYWHERE for rule in rules)

    def is_named_by(self, rule: Any) -> bool:
        if (rule.source_group or {}).get("GroupId") in self.groups:
            return True
        named = _range(rule)
        return named is not None and any(address in named for address in self._addresses)


def _range(rule: Any) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    text = (rule.ip_range or {}).get("CidrIp") or (rule.ip_range or {}).get("CidrIpv6")
    return ipaddress.ip_network(text) if text else None


def _holds(rule: Any, port: int) -> bool:
    if rule.ip_protocol == "-1":
        return True
    return rule.ip_protocol == "tcp" and rule.from_port <= port <= rule.to_port
