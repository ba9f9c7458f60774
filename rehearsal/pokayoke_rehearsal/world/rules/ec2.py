"""EC2: nothing goes while something still uses it, and a NAT gateway needs a way out.

Codes and texts as AWS gives them (EC2 API reference, error codes; the texts from reports of failed Terraform destroys).
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportPrivateUsage=false
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend

from pokayoke_rehearsal.world.rules.guard import guard


def install() -> None:
    """Puts the rules in place."""
    guard(EC2Backend, "delete_subnet", before=_subnet_is_free, after=_forget_subnet)
    guard(EC2Backend, "delete_security_group", before=_group_is_free)
    guard(EC2Backend, "delete_vpc", before=_vpc_is_empty, after=_forget_vpc)
    guard(EC2Backend, "detach_internet_gateway", before=_no_public_addresses)
    guard(EC2Backend, "attach_internet_gateway", before=_one_gateway_each)
    guard(EC2Backend, "create_vpc_endpoint", before=_tables_have_no_such_route)
    guard(EC2Backend, "release_address", before=_address_is_free)
    guard(EC2Backend, "create_nat_gateway", before=_nat_has_a_way_out)
    guard(EC2Backend, "delete_nat_gateway", after=_free_what_nat_held)
    guard(EC2Backend, "terminate_instances", after=_free_what_instances_held)


def _subnet_is_free(ec2: Any, asked: dict[str, Any]) -> None:
    subnet_id = asked["subnet_id"]
    if any(interface.subnet.id == subnet_id for interface in _interfaces(ec2)):
        raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")


def _forget_subnet(ec2: Any, asked: dict[str, Any]) -> None:
    for table in ec2.route_tables.values():
        for association, target in list(table._associations.items()):
            if target == asked["subnet_id"]:
                del table._associations[association]
    for acl in ec2.network_acls.values():
        for association, held in list(acl._associations.items()):
            if held.subnet_id == asked["subnet_id"]:
                del acl._associations[association]


def _group_is_free(ec2: Any, asked: dict[str, Any]) -> None:
    group = ec2.get_security_group_from_id(asked["group_id"]) if asked["group_id"] else None
    if group is None:
        return
    used = any(held.id == group.id for interface in _interfaces(ec2) for held in interface.group_set)
    used = used or any(group.id in (endpoint.security_group_ids or []) for endpoint in _endpoints(ec2))
    if used or any(group.id in _referenced(other) for other in _groups(ec2, group.vpc_id) if other.id != group.id):
        raise DependencyViolationError(f"resource {group.id} has a dependent object")


def _vpc_is_empty(ec2: Any, asked: dict[str, Any]) -> None:
    vpc_id = asked["vpc_id"]
    inside: list[bool] = [
        any(gateway.vpc is not None and gateway.vpc.id == vpc_id for gateway in ec2.internet_gateways.values()),
        any(group.name != "default" for group in _groups(ec2, vpc_id)),
        any(interface.subnet.vpc_id == vpc_id for interface in _interfaces(ec2)),
        any(gateway.vpc_id == vpc_id and gateway.state != "deleted" for gateway in ec2.nat_gateways.values()),
        any(endpoint.vpc_id == vpc_id for endpoint in _endpoints(ec2)),
    ]
    if any(inside):
        raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")


def _forget_vpc(ec2: Any, asked: dict[str, Any]) -> None:
    for acl_id, acl in list(ec2.network_acls.items()):
        if acl.vpc_id == asked["vpc_id"]:
            del ec2.network_acls[acl_id]


def _no_public_addresses(ec2: Any, asked: dict[str, Any]) -> None:
    vpc_id = asked["vpc_id"]
    gateways = ec2.nat_gateways.values()
    public = any(
        gateway.vpc_id == vpc_id and gateway.state != "deleted" and gateway.connectivity_type == "public"
        for gateway in gateways
    )
    mapped = any(address.eni is not None and address.eni.subnet.vpc_id == vpc_id for address in ec2.addresses)
    # Balancers and machines have public addresses that are nobody's Elastic IP.
    mapped = mapped or any(one.public_ip and one.subnet.vpc_id == vpc_id for one in _interfaces(ec2))
    if public or mapped:
        raise DependencyViolationError(
            f"Network {vpc_id} has some mapped public address(es). "
            "Please unmap those public address(es) before detaching the gateway."
        )


def _one_gateway_each(ec2: Any, asked: dict[str, Any]) -> None:
    for gateway in ec2.internet_gateways.values():
        if gateway.vpc is not None and gateway.vpc.id == asked["vpc_id"] and gateway.id != asked["internet_gateway_id"]:
            raise EC2ClientError(
                "InvalidParameterValue", f"Network {asked['vpc_id']} already has an internet gateway attached"
            )


def _tables_have_no_such_route(ec2: Any, asked: dict[str, Any]) -> None:
    """A route table has one route for a service (reports of second S3 gateway endpoints, eksctl-io/eksctl#2510)."""
    for endpoint in _endpoints(ec2):
        shared = set(endpoint.route_table_ids or ()) & set(asked["route_table_ids"] or ())
        if shared and endpoint.service_name == asked["service_name"]:
            told = f"route table {min(shared)} already has a route with destination-prefix-list-id"
            raise EC2ClientError("RouteAlreadyExists", f"{told} {endpoint.destination_prefix_list_id}")


def _address_is_free(ec2: Any, asked: dict[str, Any]) -> None:
    for address in ec2.addresses:
        named = asked["allocation_id"] in (address.allocation_id,) or asked["address"] == address.public_ip
        if named and address.association_id:
            raise EC2ClientError("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")


def _nat_has_a_way_out(ec2: Any, asked: dict[str, Any]) -> None:
    if asked["connectivity_type"] == "private":
        return
    vpc_id = ec2.get_subnet(asked["subnet_id"]).vpc_id
    if not any(gateway.vpc is not None and gateway.vpc.id == vpc_id for gateway in ec2.internet_gateways.values()):
        raise EC2ClientError("Gateway.NotAttached", f"Network {vpc_id} has no Internet gateway attached")
    for address in ec2.addresses:
        if address.allocation_id == asked["allocation_id"] and address.association_id:
            raise EC2ClientError(
                "Resource.AlreadyAssociated",
                f"Elastic IP address [{address.allocation_id}] is already associated with another resource",
            )


def _free_what_nat_held(ec2: Any, asked: dict[str, Any]) -> None:
    gateway = ec2.nat_gateways[asked["nat_gateway_id"]]
    for address in ec2.addresses:
        if address.eni is gateway._eni:
            ec2.disassociate_address(association_id=address.association_id)
    ec2.enis.pop(gateway._eni.id, None)


def _free_what_instances_held(ec2: Any, asked: dict[str, Any]) -> None:
    for instance in ec2.get_multi_instances_by_id(asked["instance_ids"]):
        for index, interface in instance.nics.items():
            # Unless somebody says otherwise the primary interface goes with its machine.
            if interface.delete_on_termination or str(index) == "0":
                ec2.enis.pop(interface.id, None)


def _interfaces(ec2: Any) -> Iterator[Any]:
    yield from ec2.enis.values()


def _endpoints(ec2: Any) -> Iterator[Any]:
    yield from (endpoint for endpoint in ec2.vpc_end_points.values() if endpoint.state != "deleted")


def _groups(ec2: Any, vpc_id: str) -> Iterator[Any]:
    yield from list(ec2.groups.get(vpc_id, {}).values())


def _referenced(group: Any) -> set[str]:
    rules = [*group.ingress_rules, *group.egress_rules]
    return {rule.source_group["GroupId"] for rule in rules if rule.source_group.get("GroupId")}
