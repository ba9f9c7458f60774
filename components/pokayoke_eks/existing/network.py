"""A network that somebody else made."""

from collections.abc import Sequence
from ipaddress import IPv4Network

import pulumi

from ..config.errors import ConfigError, ConfigErrors
from ..config.existing import ExistingNetworkConfig
from .network_findings import findings
from .network_lookup import look_up


class ExistingNetwork(pulumi.ComponentResource):
    """The VPC of somebody else, as a network that a cluster and all on top of it can stand on.

    Creates: nothing. It looks the VPC and its subnets up while the program runs, and refuses at once what would fail
    later: subnets of another VPC, private ones without a way out, too few addresses, tags that load balancers go by.

    Args:
        config: which VPC, and which of its subnets.
        opts: pass the region's `aws.Provider` as `provider`.

    Raises:
        ConfigErrors: everything that is wrong with the network, each with the failure that it leads to.
    """

    vpc: str
    """The VPC's id."""
    vpc_id: pulumi.Output[str]
    zone_names: tuple[str, ...]
    """The zones of the private subnets, sorted."""
    public_subnet_ids: list[pulumi.Output[str]]
    """Empty for an internal network."""
    private_subnet_ids: list[pulumi.Output[str]]
    private_ranges: tuple[IPv4Network, ...]
    ready: Sequence[pulumi.Resource]
    """Nothing to wait for: the way out is there, and goes by no doing of this stack."""

    def __init__(self, name: str, config: ExistingNetworkConfig, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("pokayoke-eks:index:ExistingNetwork", name, {}, opts)
        seen = look_up(config, pulumi.InvokeOptions(parent=self))
        wrong = findings(config, seen)
        if wrong or seen.vpc is None:
            raise ConfigErrors(ConfigError.at(f"{name}.{place}" if place else name, one) for place, one in wrong)
        self.vpc = seen.vpc.id
        self.vpc_id = pulumi.Output.from_input(self.vpc)
        self.zone_names = tuple(subnet.zone for subnet in seen.private)
        self.private_ranges = tuple(subnet.cidr for subnet in seen.private)
        self.private_subnet_ids = [pulumi.Output.from_input(subnet.id) for subnet in seen.private]
        self.public_subnet_ids = [pulumi.Output.from_input(subnet.id) for subnet in seen.public]
        self.ready = ()
        self.register_outputs({})
