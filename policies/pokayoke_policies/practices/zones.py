"""What is asked of zones: that one may fail without the others."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Interface
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.eks import CLUSTER, label
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, number
from pokayoke_policies.raw import list_at, over, stated
from pokayoke_policies.references import referred, referring
from pokayoke_policies.routes import ROUTE, SUBNET, tables_of
from pokayoke_policies.stack import Member, Stack

from .production import STACKS, is_one_of

_NAT = "aws:ec2/natGateway:NatGateway"
_ZONE_KEYS = ("availabilityZone", "availabilityZoneId")

_SMALLEST = 27
"""The longest prefix of a subnet in which a control plane stands: of a /28, AWS keeps 5 addresses, and 16 are asked
for (VPC user guide, "Subnet CIDR blocks"; EKS user guide, "View Amazon EKS networking requirements for VPC and
subnets")."""

SUBNETS = Practice(
    "eks-subnets-az-room",
    "A control plane stands in too few zones, or in subnets without room",
    "EKS refuses the cluster or an upgrade of it, which puts new interfaces beside the old ones",
    "Set vpcConfig.subnetIds to subnets of different zones, each with cidrBlock of /27 or larger.",
    "EKS user guide, networking requirements for VPC and subnets; EKS best practices, networking/subnets and upgrades",
    {"leastZones": number(2, 2, "The fewest zones in which a control plane stands.")},
)
WAY_OUT = Practice(
    "nat-per-zone",
    "Nodes of one zone leave through another",
    "when that zone fails they have no way out either, and until then each byte is paid for between zones",
    "Make a NatGateway in a public subnet of each zone, and a RouteTable for each zone's private subnets with "
    "natGatewayId: NAT.id of the same zone.",
    "EKS best practices, networking/subnets and cost/cost_opt_networking; VPC user guide, NAT gateway basics",
    STACKS,
)


def ways_out(settings: Mapping[str, Any]) -> Rule:
    """In production a subnet leaves by a NAT gateway of its own zone."""

    def subnets_leave_by_their_own_zone(stack: Stack) -> Iterator[tuple[str, Finding]]:
        asked = is_one_of(stack, settings["stacks"])
        yield from over(stack.of_type(SUBNET) if asked else (), lambda subnet: judged(stack, subnet))

    def judged(stack: Stack, subnet: Member) -> Iterator[tuple[str, Finding]]:
        homes = [
            (nat, home)
            for table in tables_of(stack, subnet) or ()
            for nat in _nats(stack, table)
            for home in referred(stack, nat, "subnetId", SUBNET)
        ]
        zones = [_zones(subnet, home) for _, home in homes]
        if homes and all(own and other and own != other for own, other in zones):
            (nat, _), (own, other) = homes[0], zones[0]
            yield (
                subnet.urn,
                WAY_OUT.finding(_ZONE_KEYS[0], f"it is {own}, and it leaves by '{label(nat.urn)}' in {other}"),
            )

    return Rule(WAY_OUT.slug, stack=(subnets_leave_by_their_own_zone,), practice=WAY_OUT, tuned=ways_out)


def homes_of_control_planes(settings: Mapping[str, Any]) -> Rule:
    """A cluster's subnets, as far as they are the stack's, are in several zones, and each has room."""
    least = int(settings["leastZones"])

    def clusters_stand_in_zones(stack: Stack) -> Iterator[tuple[str, Finding]]:
        def judged(cluster: Member) -> Iterator[tuple[str, Finding]]:
            listed = list_at(cluster.properties, "vpcConfig", "subnetIds")
            subnets = referred(stack, cluster, "vpcConfig", SUBNET)
            # Those of others may be in any zone.
            zones = {_zone(one) for one in subnets} if len(subnets) == len(listed) > 0 else {None}
            if None not in zones and len(zones) < least:
                where = " and ".join(sorted(map(str, zones)))
                yield cluster.urn, SUBNETS.finding("vpcConfig.subnetIds", f"they are in {where} alone")

        yield from over(stack.of_type(CLUSTER), judged)

    def subnets_have_room(stack: Stack) -> Iterator[tuple[str, Finding]]:
        used = {
            one.urn: one for cluster in stack.of_type(CLUSTER) for one in referred(stack, cluster, "vpcConfig", SUBNET)
        }

        def judged(subnet: Member) -> Iterator[tuple[str, Finding]]:
            if _is_small(stated(subnet.properties, "cidrBlock")):
                problem = f"a control plane stands in it, and it is smaller than a /{_SMALLEST}"
                yield subnet.urn, SUBNETS.finding("cidrBlock", problem)

        yield from over(used.values(), judged)

    return Rule(
        SUBNETS.slug,
        stack=(clusters_stand_in_zones, subnets_have_room),
        practice=SUBNETS,
        tuned=homes_of_control_planes,
    )


RULES = (homes_of_control_planes(SUBNETS.set_by({})), ways_out(WAY_OUT.set_by({})))


def _nats(stack: Stack, table: Member) -> Iterator[Member]:
    """The NAT gateways to which routes of a table lead."""
    yield from referred(stack, table, "routes", _NAT)
    for route in referring(stack, ROUTE, "routeTableId", table):
        yield from referred(stack, route, "natGatewayId", _NAT)


def _zones(subnet: Member, other: Member) -> tuple[Any, Any]:
    """The zones of two subnets, both by name or both by id; None for what is told of neither or of one alone."""
    for key in _ZONE_KEYS:
        said = stated(subnet.properties, key), stated(other.properties, key)
        if None not in said:
            return said
    return None, None


def _zone(subnet: Member) -> str | None:
    found = (stated(subnet.properties, key) for key in _ZONE_KEYS)
    return next((one for one in found if isinstance(one, str)), None)


def _is_small(cidr: Any) -> bool:
    """Whether a range of IPv4 has too few addresses; what is none is left to AWS."""
    try:
        return IPv4Interface(str(cidr)).network.prefixlen > _SMALLEST
    except ValueError:
        return False
