"""The interfaces of balancers: one in each subnet, made and kept by AWS itself."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from moto.ec2.utils import random_public_ip

from pokayoke_rehearsal.world.load_balancers.names import NETWORK, short

OWNER = "amazon-elb"
"""Who made such an interface, as its `RequesterId`."""


@dataclass(frozen=True)
class Holder:
    """A balancer, as its interfaces show it."""

    description: str
    subnets: Sequence[str]
    groups: Sequence[str]
    kind: str
    public: bool
    allocations: Mapping[str, str] = field(default_factory=dict[str, str])
    """Elastic IPs that it was given, by subnet."""


def describes(balancer_arn: str) -> str:
    """The description of the interfaces of a network or application balancer."""
    return f"ELB {short(balancer_arn)}"


def place(ec2: Any, holder: Holder) -> None:
    """Gives a balancer an interface in each of its subnets, and takes away those that it has elsewhere."""
    held = {interface.subnet.id: interface for interface in of(ec2, holder.description)}
    for subnet, interface in held.items():
        if subnet not in holder.subnets:
            _remove(ec2, interface)
    for subnet in holder.subnets:
        if subnet not in held:
            _make(ec2, holder, subnet)


def regroup(ec2: Any, description: str, groups: Sequence[str]) -> None:
    """Puts a balancer's interfaces into these security groups."""
    found = [ec2.get_security_group_from_id(group) for group in groups]
    for interface in of(ec2, description):
        interface._group_set = [group for group in found if group is not None]


def clear(ec2: Any, description: str) -> None:
    """Takes a balancer's interfaces away, and gives back the addresses that it was given."""
    for interface in of(ec2, description):
        _remove(ec2, interface)


def of(ec2: Any, description: str) -> list[Any]:
    """The interfaces of a balancer."""
    return [interface for interface in ec2.enis.values() if interface.description == description]


def _make(ec2: Any, holder: Holder, subnet: str) -> None:
    interface = ec2.create_network_interface(
        ec2.get_subnet(subnet), "", group_ids=list(holder.groups), description=holder.description
    )
    # A balancer without security groups has interfaces without any: moto would put them into the default group.
    if not holder.groups:
        interface._group_set = []
    interface.requester_managed, interface.requester_id = True, OWNER
    interface.status = "in-use"
    interface.interface_type = "network_load_balancer" if holder.kind == NETWORK else "interface"
    if allocation := holder.allocations.get(subnet):
        ec2.associate_address(eni=interface, allocation_id=allocation)
    elif holder.public:
        interface.public_ip = random_public_ip()


def _remove(ec2: Any, interface: Any) -> None:
    for address in ec2.addresses:
        if address.eni is interface:
            ec2.disassociate_address(association_id=address.association_id)
    ec2.enis.pop(interface.id, None)
