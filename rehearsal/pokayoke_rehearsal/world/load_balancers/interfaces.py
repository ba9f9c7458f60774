"""The interfaces of balancers: one in each subnet, made and kept by AWS itself."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from moto.ec2.utils import random_public_ip

from pokayoke_rehearsal.world.load_balancers.names import NETWORK, short

OWNER = "amazon-elb"
"""Who made such an interface, as its `RequesterId`."""


def describes(balancer_arn: str) -> str:
    """The description of a balancer's interfaces."""
    return f"ELB {short(balancer_arn)}"


def place(ec2: Any, balancer: Any, addresses: Mapping[str, str]) -> None:
    """Gives a balancer an interface in each of its subnets; `addresses` are the allocations that it was given, by
    subnet. Those that it has elsewhere go."""
    wanted = {subnet.id: subnet for subnet in balancer.subnets}
    held = {interface.subnet.id: interface for interface in of(ec2, balancer.arn)}
    for subnet_id, interface in held.items():
        if subnet_id not in wanted:
            _remove(ec2, interface)
    for subnet_id, subnet in wanted.items():
        if subnet_id not in held:
            _make(ec2, balancer, subnet, addresses.get(subnet_id, ""))


def regroup(ec2: Any, balancer: Any) -> None:
    """Gives a balancer's interfaces the security groups that it has."""
    groups = [ec2.get_security_group_from_id(group) for group in balancer.security_groups]
    for interface in of(ec2, balancer.arn):
        interface._group_set = [group for group in groups if group is not None]


def clear(ec2: Any, balancer_arn: str) -> None:
    """Takes a balancer's interfaces away, and gives back the addresses that it was given."""
    for interface in of(ec2, balancer_arn):
        _remove(ec2, interface)


def of(ec2: Any, balancer_arn: str) -> Iterable[Any]:
    """The interfaces of a balancer."""
    wanted = describes(balancer_arn)
    return [interface for interface in ec2.enis.values() if interface.description == wanted]


def _make(ec2: Any, balancer: Any, subnet: Any, allocation: str) -> None:
    # A balancer without security groups has interfaces without any: moto would put them into the default group.
    interface = ec2.create_network_interface(
        subnet, "", group_ids=list(balancer.security_groups), description=describes(balancer.arn)
    )
    if not balancer.security_groups:
        interface._group_set = []
    interface.requester_managed, interface.requester_id = True, OWNER
    interface.status = "in-use"
    interface.interface_type = "network_load_balancer" if balancer.type == NETWORK else "interface"
    if allocation:
        ec2.associate_address(eni=interface, allocation_id=allocation)
    elif balancer.scheme == "internet-facing":
        interface.public_ip = random_public_ip()


def _remove(ec2: Any, interface: Any) -> None:
    for address in ec2.addresses:
        if address.eni is interface:
            ec2.disassociate_address(association_id=address.association_id)
    ec2.enis.pop(interface.id, None)
