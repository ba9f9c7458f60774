"""What a stack's YAML may say, and what the components take."""

from collections.abc import Mapping
from datetime import date
from ipaddress import IPv4Network
from typing import Any, ClassVar, Self

from pydantic import Field, ModelWrapValidatorHandler, ValidationInfo, model_validator

from ..rules import releases, subnets, system_nodes
from ..rules.finding import Finding
from .base import Model
from .checks import cluster, network, platform
from .errors import ConfigErrors, Refused
from .examine import examine
from .fields import (
    AddonVersion,
    AnyLifecycle,
    BottlerocketRelease,
    Cidr,
    ClusterName,
    InstanceType,
    KubernetesVersion,
    Lifecycle,
    Reason,
    RegionName,
    RoleArn,
    Service,
    Switch,
    TagValue,
    Version,
    Zone,
)
from .plain import is_mapping

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
_EXAMINED = object()


class Config(Model):
    """A model that says everything that is wrong with it at once: constructing one raises `ConfigErrors`, which holds
    every error as `field.path: what is wrong [failure-slug]. How to fix it.`"""

    @model_validator(mode="wrap")
    @classmethod
    def _examined(cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if isinstance(data, cls):
            return data
        if info.context is not _EXAMINED:
            today = info.context if isinstance(info.context, date) else date.today()
            examined = examine(cls, data, today)
            if examined.errors:
                raise ConfigErrors(examined.errors)
            data = examined.value
        return handler(data if isinstance(data, dict) else cls.unfold(data))

    @classmethod
    def of(cls, examined: object) -> Self:
        """An instance of data that was examined already, alone or as part of another model."""
        return cls.model_validate(examined, context=_EXAMINED)


class ApiAccess(Config):
    """Who reaches the API server besides the VPC itself: nobody (`private`), or the stated public ranges."""

    public: tuple[Cidr, ...] = Field(default=(), description="Public ranges from which the API server answers.")
    open_reason: Reason | None = Field(
        default=None, validation_alias="reason", description="Why the whole internet is let in."
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


class AddonVersions(Config):
    """Versions of EKS add-ons, under the add-ons' names; what is left out takes EKS's default at creation."""

    vpc_cni: AddonVersion | None = Field(default=None, validation_alias="vpc-cni")
    kube_proxy: AddonVersion | None = Field(default=None, validation_alias="kube-proxy")
    coredns: AddonVersion | None = None
    eks_pod_identity_agent: AddonVersion | None = Field(default=None, validation_alias="eks-pod-identity-agent")
    aws_ebs_csi_driver: AddonVersion | None = Field(default=None, validation_alias="aws-ebs-csi-driver")
    metrics_server: AddonVersion | None = Field(default=None, validation_alias="metrics-server")


class Versions(Config):
    """Versions of charts and CRDs that differ from the tested combination."""

    karpenter: Version | None = None
    load_balancer_controller: Version | None = None
    gateway_api: Version | None = None
    external_dns: Version | None = None


class NetworkConfig(Config):
    """The network of one region."""

    checks = _NETWORK

    name: ClusterName
    region: RegionName
    cidr: Cidr
    zones: tuple[Zone, ...]
    lifecycle: AnyLifecycle
    service_cidr: Cidr = SERVICE_CIDR
    interface_endpoints: tuple[Service, ...] = ()
    tags: Mapping[str, TagValue] = Field(default_factory=dict[str, str])

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

    @property
    def log_retention_days(self) -> int:
        """How long flow logs are kept."""
        return 90 if self.lifecycle is Lifecycle.RETAINED else 30


class ClusterConfig(Config):
    """The cluster of one region."""

    checks = _CLUSTER
    notices = (platform.support_ends,)

    name: ClusterName
    region: RegionName
    kubernetes: KubernetesVersion
    lifecycle: AnyLifecycle
    api_access: ApiAccess
    admins: tuple[RoleArn, ...]
    bottlerocket: BottlerocketRelease
    addons: AddonVersions = Field(default_factory=AddonVersions)
    service_cidr: Cidr = SERVICE_CIDR
    system_instance: InstanceType | None = None
    tags: Mapping[str, TagValue] = Field(default_factory=dict[str, str])
    allow_destroy: Switch = False

    @property
    def protected(self) -> bool:
        """Whether AWS itself refuses to delete the cluster."""
        return self.lifecycle is Lifecycle.RETAINED and not self.allow_destroy

    @property
    def bottlerocket_alias(self) -> str:
        """Karpenter's form of the release: `bottlerocket@v1.65.0`."""
        return releases.bottlerocket_alias(self.bottlerocket)

    @property
    def log_retention_days(self) -> int:
        """How long control plane logs are kept."""
        return 90 if self.lifecycle is Lifecycle.RETAINED else 30

    @property
    def system_instance_type(self) -> str:
        """What the system node group runs on: as stated, else the cheapest that holds what the platform places there."""
        return self.system_instance or system_nodes.smallest_type()


class RegionConfig(Config):
    """What differs by region."""

    cidr: Cidr = Field(description="The VPC's range.", examples=["10.0.0.0/16"])
    zones: tuple[Zone, ...] = Field(description="Letters of the availability zones.", examples=[["a", "b", "c"]])
    interface_endpoints: tuple[Service, ...] = ()


class PlatformConfig(Config):
    """A whole environment: `pokayoke-eks:platform` of a stack."""

    checks = (*_NETWORK, *_CLUSTER, platform.there_is_a_region, platform.versions_are_known_to_work)
    notices = (platform.support_ends, platform.versions_are_past_the_table)
    later: ClassVar[Mapping[str, Finding]] = {
        key: Finding(f"{what} with a later version", "Leave the key out until then.")
        for key, what in {
            "pools": "node pools come",
            "edge": "gateways, certificates and DNS come",
            "dsql": "Aurora DSQL comes",
        }.items()
    }

    name: ClusterName
    lifecycle: AnyLifecycle
    regions: Mapping[RegionName, RegionConfig]
    kubernetes: KubernetesVersion
    bottlerocket: BottlerocketRelease
    api_access: ApiAccess
    admins: tuple[RoleArn, ...]
    addons: AddonVersions = Field(default_factory=AddonVersions)
    versions: Versions = Field(default_factory=Versions)
    service_cidr: Cidr = SERVICE_CIDR
    system_instance: InstanceType | None = None
    tags: Mapping[str, TagValue] = Field(default_factory=dict[str, str])
    allow_destroy: Switch = False

    def network(self, region: str) -> NetworkConfig:
        """The network of one of `regions`; raises `KeyError` for another."""
        there = self.regions[region]
        shared = {name: getattr(self, name) for name in ("name", "lifecycle", "service_cidr", "tags")}
        return NetworkConfig.of({**shared, **there.__dict__, "region": region})

    def cluster(self, region: str) -> ClusterConfig:
        """The cluster of one of `regions`; raises `KeyError` for another."""
        _ = self.regions[region]
        shared = {name: getattr(self, name) for name in ClusterConfig.model_fields if name in type(self).model_fields}
        return ClusterConfig.of({**shared, "region": region})
