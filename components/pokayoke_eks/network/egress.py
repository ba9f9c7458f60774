"""The way out: internet gateway, NAT gateways, routes."""

import pulumi
import pulumi_aws as aws

from .. import tags
from ..config import NetworkConfig

EVERYWHERE = "0.0.0.0/0"


class Egress:
    """Public subnets reach the internet by the gateway, private ones by the NAT gateway of their zone or, where there
    is one NAT for all, by that."""

    resources: list[pulumi.Resource]
    """Everything that a packet from a private subnet passes."""
    private_tables: list[aws.ec2.RouteTable]
    addresses: list[aws.ec2.Eip]
    """Those of the NAT gateways."""

    def __init__(
        self,
        name: str,
        config: NetworkConfig,
        vpc: aws.ec2.Vpc,
        public_subnets: list[aws.ec2.Subnet],
        private_subnets: list[aws.ec2.Subnet],
        opts: pulumi.ResourceOptions,
    ) -> None:
        self._name, self._config, self._vpc, self._opts = name, config, vpc, opts
        self.resources = []
        self.private_tables = []
        self.addresses = []
        gateway = aws.ec2.InternetGateway(f"{name}-internet", vpc_id=vpc.id, tags=self._tags("internet"), opts=opts)
        table = self._table("public")
        route = aws.ec2.Route(
            f"{name}-public",
            route_table_id=table.id,
            destination_cidr_block=EVERYWHERE,
            gateway_id=gateway.id,
            opts=opts,
        )
        self.resources += [gateway, route]
        for zone, subnet in zip(config.zones, public_subnets, strict=True):
            self._associate(f"{name}-public-{zone}", subnet, table)
        # A NAT gateway is usable only behind the internet gateway, in a subnet that is routed there.
        outward = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=list(self.resources)))
        public = dict(zip(config.zones, public_subnets, strict=True))
        nats = {zone: self._nat(zone, public[zone], outward) for zone in config.nat_zones}
        for zone, subnet in zip(config.zones, private_subnets, strict=True):
            self._private(zone, subnet, nats.get(zone) or nats[config.nat_zones[0]])

    def _nat(self, zone: str, subnet: aws.ec2.Subnet, outward: pulumi.ResourceOptions) -> aws.ec2.NatGateway:
        address = aws.ec2.Eip(f"{self._name}-nat-{zone}", domain="vpc", tags=self._tags(f"nat-{zone}"), opts=outward)
        nat = aws.ec2.NatGateway(
            f"{self._name}-{zone}",
            subnet_id=subnet.id,
            allocation_id=address.id,
            tags=self._tags(zone),
            opts=outward,
        )
        self.resources += [address, nat]
        self.addresses.append(address)
        return nat

    def _private(self, zone: str, subnet: aws.ec2.Subnet, nat: aws.ec2.NatGateway) -> None:
        table = self._table(f"private-{zone}")
        self.private_tables.append(table)
        self.resources.append(
            aws.ec2.Route(
                f"{self._name}-private-{zone}",
                route_table_id=table.id,
                destination_cidr_block=EVERYWHERE,
                nat_gateway_id=nat.id,
                opts=self._opts,
            )
        )
        self._associate(f"{self._name}-private-{zone}", subnet, table)

    def _table(self, label: str) -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(f"{self._name}-{label}", vpc_id=self._vpc.id, tags=self._tags(label), opts=self._opts)

    def _associate(self, name: str, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable) -> None:
        self.resources.append(
            aws.ec2.RouteTableAssociation(name, subnet_id=subnet.id, route_table_id=table.id, opts=self._opts)
        )

    def _tags(self, label: str) -> dict[str, str]:
        return tags.of(self._config.name, self._config.tags, Name=f"{self._config.name}-{label}")
