"""Whether a machine in a subnet can reach what it needs to become a node."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from typing import Any

# What a node asks for while it boots in a VPC without a way out (EKS user guide, private cluster requirements).
ENDPOINTS = ("ec2", "ecr.api", "ecr.dkr", "sts")


def way_out(ec2: Any, subnet: Any) -> str:
    """ "nat", "internet", "endpoints" or "" (none) for a subnet of moto's."""
    for route in _routes(ec2, subnet):
        if route.destination_cidr_block != "0.0.0.0/0":
            continue
        if route.nat_gateway is not None and route.nat_gateway.state == "available":
            through = ec2.get_subnet(route.nat_gateway.subnet_id)
            return "nat" if _to_internet(ec2, through) else ""
        if route.gateway is not None and route.gateway.id.startswith("igw-"):
            return "internet"
    return "endpoints" if _has_endpoints(ec2, subnet.vpc_id) else ""


def public_addresses(ec2: Any, vpc_id: str) -> list[str]:
    """The public addresses of the NAT gateways of a VPC."""
    return [
        address["publicIp"]
        for gateway in ec2.nat_gateways.values()
        if gateway.vpc_id == vpc_id and gateway.state == "available"
        for address in gateway.address_set
        if address.get("publicIp")
    ]


def _routes(ec2: Any, subnet: Any) -> list[Any]:
    tables = [table for table in ec2.route_tables.values() if table.vpc_id == subnet.vpc_id]
    for table in tables:
        if any(item.get("SubnetId") == subnet.id for item in table.associations):
            return table.routes
    return next((table.routes for table in tables if table.main_association_id is not None), [])


def _to_internet(ec2: Any, subnet: Any) -> bool:
    return any(
        route.destination_cidr_block == "0.0.0.0/0"
        and route.gateway is not None
        and route.gateway.id.startswith("igw-")
        for route in _routes(ec2, subnet)
    )


def _has_endpoints(ec2: Any, vpc_id: str) -> bool:
    names = [
        endpoint.service_name
        for endpoint in ec2.vpc_end_points.values()
        if endpoint.vpc_id == vpc_id and endpoint.state != "deleted"
    ]
    return all(any(name.endswith(f".{wanted}") for name in names) for wanted in ENDPOINTS)
