"""A VPC in which no private subnet is without a way out."""

from collections.abc import Mapping
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from .. import tags
from ..config import NetworkConfig
from .egress import Egress
from .endpoints import interface_endpoints, s3_endpoint
from .flow_logs import flow_logs


class Network(pulumi.ComponentResource):
    """The network of one cluster in one region.

    Creates:
        - a VPC with DNS hostnames and support; its default security group, emptied
        - per zone a public and a private subnet, tagged for load balancers and, the private ones, for discovery by the
          cluster's name; none hands out public addresses
        - an internet gateway, and NAT gateways: one for `disposable`, one a zone for `retained`; a private subnet
          without a route to one has no spelling
        - an S3 gateway endpoint, and the interface endpoints that the config names, with private DNS
        - flow logs of all traffic into a log group with retention, by a role that may not create log groups

    Args:
        config: what a user decides; the rest is derived.
        opts: pass the region's `aws.Provider` as `provider`. While `config.protected`, every resource is protected
            against Pulumi, unless `protect` says otherwise.
    """

    config: NetworkConfig
    vpc: aws.ec2.Vpc
    public_subnets: list[aws.ec2.Subnet]
    """One a zone, for load balancers and NAT; in the order of the config's zones."""
    private_subnets: list[aws.ec2.Subnet]
    """One a zone, for the control plane, nodes and pods; in the order of the config's zones."""
    addresses: list[pulumi.Output[str]]
    """The public addresses by which private subnets are seen from outside: the NAT gateways', and nobody else's."""
    ready: list[pulumi.Resource]
    """The whole way out: gateways, NAT, routes, associations, endpoints. Whatever needs egress depends on it, so that
    egress is there before the first node starts and stays until the last one is gone."""

    def __init__(self, name: str, config: NetworkConfig, opts: pulumi.ResourceOptions | None = None) -> None:
        protected = pulumi.ResourceOptions(protect=config.protected or None)
        super().__init__("pokayoke-eks:index:Network", name, {}, pulumi.ResourceOptions.merge(protected, opts))
        mine = pulumi.ResourceOptions(parent=self)
        self.config = config
        self.vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=str(config.cidr),
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=tags.of(config.name, config.tags, Name=config.name),
            opts=mine,
        )
        aws.ec2.DefaultSecurityGroup(
            f"{name}-default",
            vpc_id=self.vpc.id,
            ingress=[],
            egress=[],
            tags=tags.of(config.name, config.tags, Name=f"{config.name}-default-unused"),
            opts=mine,
        )
        self.public_subnets = self._subnets(
            name, config, "public", {tags.PUBLIC_BALANCERS: "1"}, [str(cidr) for cidr in config.public_subnets]
        )
        self.private_subnets = self._subnets(
            name,
            config,
            "private",
            {tags.INTERNAL_BALANCERS: "1", tags.DISCOVERY: config.name},
            [str(cidr) for cidr in config.private_subnets],
        )
        egress = Egress(name, config, self.vpc, self.public_subnets, self.private_subnets, mine)
        self.addresses = [address.public_ip for address in egress.addresses]
        self.ready = [
            *egress.resources,
            s3_endpoint(name, config, self.vpc, egress.private_tables, mine),
            *interface_endpoints(name, config, self.vpc, self.private_subnets, mine),
        ]
        flow_logs(name, config, self.vpc, mine)
        self.register_outputs({})

    @property
    def vpc_id(self) -> pulumi.Output[str]:
        """The VPC's id."""
        return self.vpc.id

    @property
    def zone_names(self) -> tuple[str, ...]:
        """`ap-northeast-2a`, ..."""
        return self.config.zone_names

    @property
    def private_ranges(self) -> tuple[IPv4Network, ...]:
        """The ranges of `private_subnets`."""
        return self.config.private_subnets

    @property
    def public_subnet_ids(self) -> list[pulumi.Output[str]]:
        """Ids of `public_subnets`."""
        return [subnet.id for subnet in self.public_subnets]

    @property
    def private_subnet_ids(self) -> list[pulumi.Output[str]]:
        """Ids of `private_subnets`."""
        return [subnet.id for subnet in self.private_subnets]

    def _subnets(
        self, name: str, config: NetworkConfig, kind: str, roles: Mapping[str, str], ranges: list[str]
    ) -> list[aws.ec2.Subnet]:
        return [
            aws.ec2.Subnet(
                f"{name}-{kind}-{zone}",
                vpc_id=self.vpc.id,
                availability_zone=zone_name,
                cidr_block=cidr,
                map_public_ip_on_launch=False,
                tags={**tags.of(config.name, config.tags, Name=f"{config.name}-{kind}-{zone}"), **roles},
                opts=pulumi.ResourceOptions(parent=self),
            )
            for zone, zone_name, cidr in zip(config.zones, config.zone_names, ranges, strict=True)
        ]
