"""The policy `no-egress`: nodes reach the API server and the registries, or never join.

Judged are the stack's own subnets; of those that somebody else made nothing is known.
"""

from collections.abc import Iterator
from typing import Any

from pokayoke_eks.rules.finding import Finding

from .eks import FARGATE_PROFILE, NODE_GROUP, label
from .policy import Rule
from .practice import each
from .raw import UNKNOWN, known_list, list_of, mapping_of
from .references import is_given, referred, referring
from .selection import node_classes, selected_subnets
from .stack import Member, Stack

SLUG = "no-egress"
SUBNET = "aws:ec2/subnet:Subnet"
VPC = "aws:ec2/vpc:Vpc"
TABLE = "aws:ec2/routeTable:RouteTable"
_DEFAULT_TABLE = "aws:ec2/defaultRouteTable:DefaultRouteTable"
_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
_MAIN = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
ROUTE = "aws:ec2/route:Route"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway"
_EVERYWHERE = ("0.0.0.0/0", "::/0")
_DESTINATIONS = ("cidrBlock", "ipv6CidrBlock", "destinationCidrBlock", "destinationIpv6CidrBlock")
_LISTS = ("destinationPrefixListId",)
_WITHOUT_A_WAY_OUT = ("ec2", "ecr.api", "ecr.dkr", "s3")
"""Endpoints without which no node joins a cluster that has no way out (EKS user guide, "Deploy private clusters with
limited internet access"). A stack that has them all meant to have none."""


def nodes_have_a_way_out(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """The route table of every subnet in which nodes or pods start has a default route."""
    closed: dict[str, bool] = {}
    for member, place, subnets in placed(stack, NODE_GROUP, FARGATE_PROFILE):
        for subnet in subnets:
            if subnet.urn not in closed:
                closed[subnet.urn] = _is_closed(stack, subnet)
            if closed[subnet.urn]:
                finding = Finding(
                    f"{place}: the subnet '{label(subnet.urn)}' has no way out: no route of its table leads to "
                    "0.0.0.0/0 or ::/0, so nodes reach neither the API server nor a registry, and stay Not Initialized",
                    "Add a Route with destinationCidrBlock: 0.0.0.0/0 and natGatewayId: NAT.id to its table (a "
                    "RouteTableAssociation makes it that).",
                    SLUG,
                )
                yield member.urn, finding


RULE = Rule(SLUG, stack=(nodes_have_a_way_out,))


def placed(stack: Stack, *kinds: str) -> Iterator[tuple[Member, str, list[Member]]]:
    """What starts nodes or pods, of these types and Karpenter's and Auto Mode's classes: where it says in which
    subnets, and those of them that are the stack's."""
    for member in stack.of_type(*kinds):
        yield member, "subnetIds", referred(stack, member, "subnetIds", SUBNET)
    for node_class in node_classes(stack):
        found = selected_subnets(stack, node_class)
        place = f"{node_class.place}spec.subnetSelectorTerms"
        yield node_class.member, place, [one for one in found if one.type == SUBNET]


def _is_closed(stack: Stack, subnet: Member) -> bool:
    return has_no_way_out(stack, subnet) and not is_isolated_on_purpose(stack, subnet)


def has_no_way_out(stack: Stack, subnet: Member) -> bool:
    """Whether it is certain that nothing leads out of a subnet."""
    tables = tables_of(stack, subnet)
    return tables is not None and not any(_leads_out(stack, table) for table in tables)


def is_public(stack: Stack, subnet: Member) -> bool | None:
    """Whether a subnet leads to an internet gateway; None where that cannot be told."""
    tables = tables_of(stack, subnet)
    told = [_leads_to_gateway(stack, one) for one in tables] if tables is not None else [None]
    return True if True in told else None if None in told else False


def tables_of(stack: Stack, subnet: Member) -> list[Member] | None:
    """The route tables of a subnet: its own, else its VPC's main one; None where they are not the stack's."""
    own = referring(stack, _ASSOCIATION, "subnetId", subnet)
    if own:
        return referred(stack, own[0], "routeTableId", TABLE, _DEFAULT_TABLE) or None
    vpcs = referred(stack, subnet, "vpcId", VPC)
    if len(vpcs) != 1:
        return None
    chosen = referring(stack, _MAIN, "vpcId", vpcs[0])
    if chosen:
        return referred(stack, chosen[0], "routeTableId", TABLE) or None
    # A route may name the table that a VPC begins with by an attribute of the VPC.
    return [*referring(stack, _DEFAULT_TABLE, "defaultRouteTableId", vpcs[0]), vpcs[0]]


def _leads_out(stack: Stack, table: Member) -> bool:
    routes = table.properties.get("routes")
    if routes is UNKNOWN or any(route is UNKNOWN or _is_default(mapping_of(route)) for route in list_of(routes)):
        return True
    return any(_is_default(route.properties) for route in referring(stack, ROUTE, "routeTableId", table))


def _leads_to_gateway(stack: Stack, table: Member) -> bool | None:
    routes = table.properties.get("routes")
    listed = [one.get("gatewayId") for _, one in each(known_list(routes))]
    if any(str(one).startswith("igw-") for one in listed):
        return True
    is_unknown = routes is UNKNOWN or UNKNOWN in listed
    sources = [urn for urn in table.sources.get("routes", ()) if urn in stack.members]
    if any(stack.members[urn].type == _INTERNET_GATEWAY for urn in sources):
        return True
    for route in referring(stack, ROUTE, "routeTableId", table):
        said = route.properties.get("gatewayId")
        if str(said).startswith("igw-") or (said and referred(stack, route, "gatewayId", _INTERNET_GATEWAY)):
            return True
        is_unknown = is_unknown or said is UNKNOWN
    return None if is_unknown else False


def _is_default(route: Any) -> bool:
    """A route to everywhere, or to where is not known."""
    if any(is_given(route.get(key)) for key in _LISTS):
        return True
    return any(route.get(key) is UNKNOWN or route.get(key) in _EVERYWHERE for key in _DESTINATIONS)


def is_isolated_on_purpose(stack: Stack, subnet: Member) -> bool:
    """Whether the VPC of a subnet has the endpoints of one from which nothing is to lead out, or may have them."""
    vpcs = referred(stack, subnet, "vpcId", VPC)
    endpoints = [one for vpc in vpcs for one in referring(stack, ENDPOINT, "vpcId", vpc)]
    names = [one.properties.get("serviceName") for one in (endpoints if vpcs else stack.of_type(ENDPOINT))]
    if UNKNOWN in names:
        return True
    services = {str(name) for name in names}
    return all(any(name.endswith(f".{service}") for name in services) for service in _WITHOUT_A_WAY_OUT)
