"""What a stack's YAML may say of a network and of a cluster, and what these two components take."""

from ipaddress import IPv4Network

from pydantic import Field

from ..rules import releases, subnets, system_nodes
from .access import ApiAccess
from .checks import cluster, network, platform
from .examined import Config
from .fields import (
    BottlerocketRelease,
    Cidr,
    InstanceType,
    KubernetesVersion,
    Lifecycle,
    RegionName,
    RoleArn,
    Service,
    Zone,
)
from .shared import BOTTLEROCKET, KUBERNETES, REGION, Living, Protected
from .versions import AddonVersions

NETWORK_CHECKS = (
    network.zones_exist,
    network.ranges_fit,
    network.endpoints_are_stated_once,
    platform.names_fit,
    platform.tags_are_legal,
    cluster.protection_means_something,
)
CLUSTER_CHECKS = (
    cluster.version_is_in_standard_support,
    cluster.versions_fit_kubernetes,
    cluster.api_access_is_narrow,
    cluster.somebody_administers,
    cluster.protection_means_something,
    cluster.system_nodes_hold_the_platform,
    platform.names_fit,
    platform.tags_are_legal,
)
SERVICE_CIDR = IPv4Network("172.20.0.0/16")


class Place(Config):
    """What a network's config says of its region."""

    cidr: Cidr = Field(description="The VPC's range, from /16 to /21.", examples=["10.0.0.0/16"])
    zones: tuple[Zone, ...] = Field(
        description="Letters of the availability zones, two at least.",
        examples=[["a", "b", "c"]],
        json_schema_extra={"minItems": 2},
    )
    interface_endpoints: tuple[Service, ...] = Field(
        default=(),
        description="AWS services that get an interface endpoint beside NAT, by their short names.",
        examples=[["ecr.api", "ecr.dkr", "sts"]],
    )


class Ranged(Living):
    """What needs to know where Services' addresses are."""

    service_cidr: Cidr = Field(
        default=SERVICE_CIDR, description="The range of Services' addresses.", examples=["172.20.0.0/16"]
    )


class ClusterFields(Protected, Ranged):
    """What a cluster's config says, whether of one region or of all."""

    kubernetes: KubernetesVersion = KUBERNETES
    bottlerocket: BottlerocketRelease = BOTTLEROCKET
    api_access: ApiAccess = Field(
        description="Who reaches the API server besides the VPC. Must be said.",
        examples=[{"public": ["203.0.113.0/24"]}, "private"],
    )
    admins: tuple[RoleArn, ...] = Field(
        description="ARNs of the IAM roles that administer.",
        examples=[["arn:aws:iam::123456789012:role/platform"]],
        json_schema_extra={"minItems": 1},
    )
    addons: AddonVersions = Field(default_factory=AddonVersions, description="Versions of EKS add-ons.")
    system_instance: InstanceType | None = Field(
        default=None,
        description="The instance type of the two system nodes; the cheapest that is enough unless stated.",
        examples=["t4g.large"],
    )


class RegionConfig(Place):
    """What differs by region."""


class NetworkConfig(Place, Protected, Ranged):
    """The network of one region."""

    checks = NETWORK_CHECKS

    region: RegionName = REGION

    @property
    def zone_names(self) -> tuple[str, ...]:
        """`ap-northeast-2a`, ..."""
        return tuple(f"{self.region}{zone}" for zone in self.zones)

    @property
    def public_subnets(self) -> tuple[IPv4Network, ...]:
        """One a zone, in the order of `zones`."""
        return tuple(one.public for one in subnets.subnets_of(self.cidr, self.zones))

    @property
    def private_subnets(self) -> tuple[IPv4Network, ...]:
        """One a zone, in the order of `zones`."""
        return tuple(one.private for one in subnets.subnets_of(self.cidr, self.zones))

    @property
    def nat_zones(self) -> tuple[str, ...]:
        """The zones that get a NAT gateway: all of a retained environment, the first of a disposable one."""
        return self.zones if self.lifecycle is Lifecycle.RETAINED else self.zones[:1]


class ClusterConfig(ClusterFields):
    """The cluster of one region."""

    checks = CLUSTER_CHECKS

    region: RegionName = REGION

    @property
    def bottlerocket_alias(self) -> str:
        """Karpenter's form of the release: `bottlerocket@v1.65.0`."""
        return releases.bottlerocket_alias(self.bottlerocket)

    @property
    def system_instance_type(self) -> str:
        """What the system nodes run on: as stated, else the cheapest type that holds what the platform places there."""
        return self.system_instance or system_nodes.smallest_type()
