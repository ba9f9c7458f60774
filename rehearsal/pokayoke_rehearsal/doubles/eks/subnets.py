"""Which subnets nodes go to, and what network cards they get."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any

import pulumi

from pokayoke_rehearsal.doubles.eks.ami import DEFAULT_INSTANCE_TYPE
from pokayoke_rehearsal.doubles.eks.children import invoke, lookup
from pokayoke_rehearsal.doubles.eks.values import Args, Value, joined, output, pick

_PRIVATE = [ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]


async def worker_subnets(parent: pulumi.Resource, subnet_ids: Sequence[str]) -> list[str]:
    """The subnets without a route to an internet gateway, or all of them when each has one."""
    tables = [await _route_table(parent, subnet) for subnet in subnet_ids]
    private = [subnet for subnet, table in zip(subnet_ids, tables, strict=True) if not _reaches_internet(table)]
    return private or list(subnet_ids)


def subnets_in_zone(
    subnet_ids: Value, zone: Value, instance_types: Value, parent: pulumi.Resource
) -> pulumi.Output[Any]:
    """The subnets in the zone; raises `InputPropertyError` if none is, or the zone lacks the instance type."""
    offerings = invoke(
        "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings",
        {
            "filters": [{"name": "instance-type", "values": [_first_type(instance_types)]}],
            "locationType": "availability-zone",
        },
        parent,
    )
    zones = pick(offerings, "locations")
    path = "placementGroupAvailabilityZone"

    def offered(found: Sequence[Any]) -> str:
        if found[0] in found[1]:
            return found[0]
        raise pulumi.InputPropertyError(
            path,
            f"The provided availability zone ('{found[0]}') is not supported by the instance type. Supported AZs: "
            f"[{', '.join(found[1])}]",
        )

    def some(found: Sequence[Any]) -> list[str]:
        if found[0]:
            return found[0]
        raise pulumi.InputPropertyError(
            path,
            "None of the configured subnets are in the provided availability zone. Choose a different availability "
            f"zone or change the subnets. Supported AZs: [{', '.join(found[1])}]",
        )

    filters = [
        {"name": "availability-zone", "values": [joined(zone, zones).apply(offered)]},
        {"name": "subnet-id", "values": subnet_ids},
    ]
    subnets = invoke("aws:ec2/getSubnets:getSubnets", {"filters": filters}, parent)
    return joined(pick(subnets, "ids"), zones).apply(some)


def efa_interfaces(instance_types: Value, security_groups: Value, parent: pulumi.Resource) -> pulumi.Output[Any]:
    """One Elastic Fabric Adapter per network card of the first instance type; `InputPropertyError` if it has none."""
    kind = _first_type(instance_types)
    info = invoke("aws:ec2/getInstanceType:getInstanceType", {"instanceType": kind}, parent)
    cards = joined(pick(info, "efaSupported"), pick(info, "maximumNetworkCards"), kind).apply(_network_cards)

    return cards.apply(lambda count: [_interface(index, security_groups) for index in range(count)])


def _network_cards(found: Sequence[Any]) -> int:
    supported, cards, kind = found
    if not supported:
        raise pulumi.InputPropertyError("instanceTypes", f"The selected instance type '{kind}' does not support EFA.")
    return max(1, int(cards or 1))


def _interface(index: int, security_groups: Value) -> Args:
    return {
        "deleteOnTermination": "true",
        "networkCardIndex": index,
        "deviceIndex": min(index, 1),
        # Beyond the first, cards without IP: they spare private addresses.
        "interfaceType": "efa" if index == 0 else "efa-only",
        "securityGroups": security_groups,
    }


def _first_type(instance_types: Value) -> pulumi.Output[Any]:
    types = output(instance_types)
    return types.apply(lambda found: found[0] if found else DEFAULT_INSTANCE_TYPE)


async def _route_table(parent: pulumi.Resource, subnet: str) -> dict[str, Value]:
    token = "aws:ec2/getRouteTable:getRouteTable"  # noqa: S105 - a function's name
    try:
        return await lookup(token, {"subnetId": subnet}, parent)
    except Exception:
        # A subnet that is associated with no table uses the main table of its VPC.
        found = await lookup("aws:ec2/getSubnet:getSubnet", {"id": subnet}, parent)
        main = {"vpcId": found["vpcId"], "filters": [{"name": "association.main", "values": ["true"]}]}
        tables = await lookup("aws:ec2/getRouteTables:getRouteTables", main, parent)
        return await lookup(token, {"routeTableId": tables["ids"][0]}, parent)


def _reaches_internet(table: Args) -> bool:
    return any(route.get("gatewayId") and not _is_private(route.get("cidrBlock")) for route in table["routes"])


def _is_private(block: str | None) -> bool:
    if not block:
        return False
    network = ipaddress.ip_network(block, strict=False)
    return isinstance(network, ipaddress.IPv4Network) and any(network.subnet_of(private) for private in _PRIVATE)
