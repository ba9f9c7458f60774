"""What the account says of a network, as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from .. import tags
from ..config.existing import ExistingNetworkConfig

EVERYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, slots=True)
class SeenVpc:
    """A VPC."""

    id: str
    dns: bool
    """Whether it resolves names and gives its hosts some."""


@dataclass(frozen=True, slots=True)
class SeenSubnet:
    """A subnet."""

    id: str
    zone: str
    cidr: IPv4Network
    free: int
    """Addresses that nobody has."""
    way_out: str
    """What the default route of its table points to: a gateway's id, or nothing."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class SeenNetwork:
    """All that there is of a network, subnets in the order of their zones."""

    vpcs: Sequence[str]
    """The VPCs that are meant: one, if all is well."""
    vpc: SeenVpc | None = None
    public: Sequence[SeenSubnet] = ()
    private: Sequence[SeenSubnet] = ()
    working_nats: frozenset[str] = frozenset()
    """Ids of the NAT gateways that are there to be used."""


def look_up(config: ExistingNetworkConfig, opts: pulumi.InvokeOptions) -> SeenNetwork:
    """Asks for the VPC, its subnets, their routes and its NAT gateways."""
    ask = _Asking(config.region, opts)
    vpcs = ask.vpcs(config)
    if len(vpcs) != 1:
        return SeenNetwork(vpcs)
    vpc = ask.vpc(vpcs[0])
    routes = ask.default_routes(vpc.id)
    public = [] if config.internal else ask.subnets(vpc.id, config.public_subnets, tags.PUBLIC_BALANCERS, routes)
    private = ask.subnets(vpc.id, config.private_subnets, tags.INTERNAL_BALANCERS, routes)
    return SeenNetwork(vpcs, vpc, public, private, ask.working_nats(vpc.id))


class _Asking:
    def __init__(self, region: str, opts: pulumi.InvokeOptions) -> None:
        self._region, self._opts = region, opts

    def vpcs(self, config: ExistingNetworkConfig) -> Sequence[str]:
        if config.vpc:
            by_id: list[aws.ec2.GetVpcsFilterArgsDict] = [{"name": "vpc-id", "values": [config.vpc]}]
            return aws.ec2.get_vpcs(filters=by_id, region=self._region, opts=self._opts).ids
        return aws.ec2.get_vpcs(tags=dict(config.vpc_tags), region=self._region, opts=self._opts).ids

    def vpc(self, vpc_id: str) -> SeenVpc:
        found = aws.ec2.get_vpc(id=vpc_id, region=self._region, opts=self._opts)
        return SeenVpc(vpc_id, found.enable_dns_hostnames and found.enable_dns_support)

    def default_routes(self, vpc_id: str) -> Mapping[str, str]:
        """Where the default route leads, by subnet; under the empty name that of all subnets without a table of their
        own."""
        found: dict[str, str] = {}
        for table_id in aws.ec2.get_route_tables(vpc_id=vpc_id, region=self._region, opts=self._opts).ids:
            table = aws.ec2.get_route_table(route_table_id=table_id, region=self._region, opts=self._opts)
            way = next((_target(route) for route in table.routes if route.cidr_block == EVERYWHERE), "")
            for one in table.associations:
                if one.main or one.subnet_id:
                    found["" if one.main else one.subnet_id] = way
        return found

    def subnets(self, vpc_id: str, ids: Sequence[str], role: str, routes: Mapping[str, str]) -> list[SeenSubnet]:
        inside: aws.ec2.GetSubnetsFilterArgsDict = {"name": "vpc-id", "values": [vpc_id]}
        meant: aws.ec2.GetSubnetsFilterArgsDict = (
            {"name": "subnet-id", "values": list(ids)} if ids else {"name": "tag-key", "values": [role]}
        )
        found = aws.ec2.get_subnets(filters=[inside, meant], region=self._region, opts=self._opts).ids
        return sorted((self._subnet(one, routes) for one in found), key=lambda one: (one.zone, one.id))

    def working_nats(self, vpc_id: str) -> frozenset[str]:
        working: aws.ec2.GetNatGatewaysFilterArgsDict = {"name": "state", "values": ["available"]}
        found = aws.ec2.get_nat_gateways(vpc_id=vpc_id, filters=[working], region=self._region, opts=self._opts)
        return frozenset(found.ids)

    def _subnet(self, subnet_id: str, routes: Mapping[str, str]) -> SeenSubnet:
        found = aws.ec2.get_subnet(id=subnet_id, region=self._region, opts=self._opts)
        return SeenSubnet(
            subnet_id,
            found.availability_zone,
            IPv4Network(found.cidr_block),
            found.available_ip_address_count,
            routes.get(subnet_id, routes.get("", "")),
            dict(found.tags),
        )


def _target(route: aws.ec2.outputs.GetRouteTableRouteResult) -> str:
    return (
        route.nat_gateway_id
        or route.gateway_id
        or route.transit_gateway_id
        or route.network_interface_id
        or route.vpc_peering_connection_id
        or route.core_network_arn
        or route.local_gateway_id
        or route.vpc_endpoint_id
    )
