"""What a stack's YAML may say, and what the components take."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any, ClassVar

from pydantic import Field, GetJsonSchemaHandler

from ..rules import combinations, releases, subnets, system_nodes
from ..rules.finding import Finding
from .checks import cluster, network, platform
from .checks import pools as pool_checks
from .errors import Refused
from .examined import Config
from .fields import (
    AddonVersion,
    BottlerocketRelease,
    Cidr,
    InstanceType,
    KubernetesVersion,
    Lifecycle,
    Reason,
    RegionName,
    RoleArn,
    Service,
    Switch,
    Version,
    Zone,
)
from .plain import is_mapping
from .pools import KarpenterConfig, NodePoolsConfig, PoolConfig
from .shared import BOTTLEROCKET, KUBERNETES, REGION, Living

_NETWORK = (
    network.zones_exist,
    network.ranges_fit,
    network.endpoints_are_stated_once,
    platform.names_fit,
    platform.tags_are_legal,
)
_CLUSTER = (
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


class ApiAccess(Config):
    """Who reaches the API server besides the VPC itself: nobody (`private`), or the stated public ranges."""

    public: tuple[Cidr, ...] = Field(
        default=(), description="Public ranges from which the API server answers.", examples=[["203.0.113.0/24"]]
    )
    open_reason: Reason | None = Field(
        default=None, validation_alias="reason", description="Why the whole internet is let in, where it is."
    )

    @property
    def is_public(self) -> bool:
        """Whether the API server has a public endpoint at all."""
        return bool(self.public)

    @classmethod
    def unfold(cls, raw: object) -> object:
        if raw == "private":
            return {}
        if is_mapping(raw) and raw.get("public"):
            return raw
        raise Refused(
            Finding("it does not say who reaches the API server", "Write private, or {public: [203.0.113.0/24]}.")
        )

    def spelt(self) -> object:
        return super().spelt() if self.public else "private"

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        ranges = handler.resolve_ref_schema(handler(core_schema))
        public = {**ranges["properties"]["public"], "minItems": 1}
        stated = {**ranges, "properties": {**ranges["properties"], "public": public}, "required": ["public"]}
        return {"anyOf": [{"const": "private"}, stated]}


def _addon(name: str, what: str) -> Any:
    return Field(
        default=None,
        validation_alias=name,
        description=f"{what} EKS's default for the Kubernetes version unless stated.",
        examples=["v1.2.3-eksbuild.1"],
    )


def _version(what: str, example: str) -> Any:
    return Field(default=None, description=f"{what} The tested combination's unless stated.", examples=[example])


class AddonVersions(Config):
    """Versions of EKS add-ons, under the add-ons' names; what is left out takes EKS's default at creation."""

    vpc_cni: AddonVersion | None = _addon("vpc-cni", "Pod networking (aws-node).")
    kube_proxy: AddonVersion | None = _addon("kube-proxy", "Services' addresses; of the cluster's minor version.")
    coredns: AddonVersion | None = _addon("coredns", "DNS in the cluster.")
    eks_pod_identity_agent: AddonVersion | None = _addon("eks-pod-identity-agent", "Hands credentials to pods.")
    aws_ebs_csi_driver: AddonVersion | None = _addon("aws-ebs-csi-driver", "Volumes.")
    metrics_server: AddonVersion | None = _addon("metrics-server", "What pods and nodes use, for autoscaling.")


class Versions(Config):
    """Versions of charts and of Gateway API that differ from the tested combination."""

    karpenter: Version | None = _version("Karpenter's two charts.", "1.14.1")
    load_balancer_controller: Version | None = _version("The chart of the AWS Load Balancer Controller.", "3.5.0")
    gateway_api: Version | None = _version("The release of Gateway API's CRDs.", "v1.6.1")
    external_dns: Version | None = _version("The chart of ExternalDNS.", "1.22.0")

    @property
    def stated(self) -> dict[str, str]:
        """The versions that are stated, by part."""
        return {part: version for part, version in self.__dict__.items() if version is not None}


class _Region(Config):
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


class _Shared(Living):
    service_cidr: Cidr = Field(
        default=SERVICE_CIDR, description="The range of Services' addresses.", examples=["172.20.0.0/16"]
    )


class _Cluster(_Shared):
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
    allow_destroy: Switch = Field(
        default=False, description="Lifts the protection of a retained environment, to destroy it.", examples=[True]
    )


class RegionConfig(_Region):
    """What differs by region."""


class NetworkConfig(_Region, _Shared):
    """The network of one region."""

    checks = _NETWORK

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


class ClusterConfig(_Cluster):
    """The cluster of one region."""

    checks = _CLUSTER

    region: RegionName = REGION

    @property
    def protected(self) -> bool:
        """Whether AWS itself refuses to delete the cluster."""
        return self.lifecycle is Lifecycle.RETAINED and not self.allow_destroy

    @property
    def bottlerocket_alias(self) -> str:
        """Karpenter's form of the release: `bottlerocket@v1.65.0`."""
        return releases.bottlerocket_alias(self.bottlerocket)

    @property
    def system_instance_type(self) -> str:
        """What the system nodes run on: as stated, else the cheapest type that holds what the platform places there."""
        return self.system_instance or system_nodes.smallest_type()


class PlatformConfig(_Cluster):
    """A whole environment: `pokayoke-eks:platform` of a stack."""

    checks = (
        *_NETWORK,
        *_CLUSTER,
        platform.there_is_a_region,
        platform.versions_are_known_to_work,
        *pool_checks.ALL,
        pool_checks.subnets_hold_the_pools,
    )
    notices = (platform.support_ends, platform.versions_are_past_the_table, pool_checks.spot_rests_on_few_types)
    later: ClassVar[Mapping[str, Finding]] = {
        key: Finding(f"{what} with a later version", "Leave the key out until then.")
        for key, what in {
            "edge": "gateways, certificates and DNS come",
            "dsql": "Aurora DSQL comes",
        }.items()
    }

    regions: Mapping[RegionName, RegionConfig] = Field(
        description="The regions, each with its network.",
        examples=[{"ap-northeast-2": {"cidr": "10.0.0.0/16", "zones": ["a", "b", "c"]}}],
    )
    versions: Versions = Field(
        default_factory=Versions, description="Versions that differ from the tested combination."
    )

    pools: tuple[PoolConfig, ...] = Field(
        default=(),
        description="Where the applications' pods run: nodes that Karpenter makes as they are needed.",
        examples=[
            [{"name": "general", "instances": ["t4g.large", "m7g.large"], "limits": {"cpu": 32, "memory": "64Gi"}}]
        ],
    )

    def network(self, region: str) -> NetworkConfig:
        """The network of one of `regions`; raises `KeyError` for another."""
        return NetworkConfig.of({**self._shared(NetworkConfig), **self.regions[region].__dict__, "region": region})

    def cluster(self, region: str) -> ClusterConfig:
        """The cluster of one of `regions`; raises `KeyError` for another."""
        _ = self.regions[region]
        return ClusterConfig.of({**self._shared(ClusterConfig), "region": region})

    def karpenter(self, region: str) -> KarpenterConfig | None:
        """Karpenter in one of `regions`, where there are pools; raises `KeyError` for another."""
        _ = self.regions[region]
        if not self.pools:
            return None
        version = combinations.version_of("karpenter", self.kubernetes, self.versions.stated)
        return KarpenterConfig.of({**self._shared(KarpenterConfig), "region": region, "version": version})

    def node_pools(self, region: str) -> NodePoolsConfig:
        """The pools in one of `regions`; raises `KeyError` for another."""
        _ = self.regions[region]
        return NodePoolsConfig.of({**self._shared(NodePoolsConfig), "region": region})

    def _shared(self, model: type[Config]) -> dict[str, object]:
        return {name: getattr(self, name) for name in model.model_fields.keys() & type(self).model_fields.keys()}
