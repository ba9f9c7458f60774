"""A whole environment: what a stack's YAML may say, and what each component takes of it."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import Field

from ..rules import combinations, external_dns, load_balancers, system_nodes
from .checks import environment, platform
from .checks import pools as pool_checks
from .dns import DnsConfig, ExternalDnsConfig
from .dsql import Dsql, DsqlConfig
from .edge import Edge
from .examined import Config
from .fields import AccountId, RegionName
from .gateway import GatewayApiConfig, GatewayConfig, IstioConfig, LoadBalancerControllerConfig
from .guardrails import GuardrailRules, GuardrailsConfig
from .models import CLUSTER_CHECKS, NETWORK_CHECKS, ClusterConfig, ClusterFields, NetworkConfig, RegionConfig
from .pools import KarpenterConfig, NodePoolsConfig, PoolConfig
from .registry import Images, RegistryConfig
from .versions import Versions

T = TypeVar("T", bound=Config)


class PlatformConfig(ClusterFields):
    """A whole environment: `pokayoke-eks:platform` of a stack."""

    checks = (
        *NETWORK_CHECKS,
        *CLUSTER_CHECKS,
        platform.there_is_a_region,
        platform.versions_are_known_to_work,
        *pool_checks.ALL,
        pool_checks.subnets_hold_the_pools,
        *environment.ALL,
    )
    notices = (platform.support_ends, platform.versions_are_past_the_table, pool_checks.spot_rests_on_few_types)
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

    edge: Edge | None = Field(
        default=None,
        description="The way in from outside: a gateway in every region, its certificate and its DNS records.",
        examples=[{"domain": "dev.example.com", "parent_zone": "example.com", "gateway": "istio-ambient"}],
    )
    dsql: Dsql | None = Field(
        default=None,
        description="Aurora DSQL in the platform's regions; {} for one region, with a witness for two.",
        examples=[{}],
    )
    registry: Images | None = Field(
        default=None,
        description="Repositories for the platform's own images, in every region.",
        examples=[{"repositories": ["shop/orders", "shop/web"]}],
    )
    guardrails: GuardrailRules | None = Field(
        default=None,
        description="What the clusters themselves refuse, from kubectl, Argo CD, Helm or eksctl alike.",
        examples=[{"mode": "warn"}],
    )
    account: AccountId | None = Field(
        default=None,
        description="The AWS account, in quotes: nothing is ever made in another. The admins' account unless stated.",
        examples=["123456789012"],
    )

    def network(self, region: str) -> NetworkConfig:
        """The network of one of `regions`; raises `KeyError` for another."""
        return NetworkConfig.of({**self._shared(NetworkConfig), **self.regions[region].__dict__, "region": region})

    def cluster(self, region: str) -> ClusterConfig:
        """The cluster of one of `regions`; raises `KeyError` for another."""
        mesh = self.edge is not None and self.edge.gateway == load_balancers.ISTIO
        roomy = system_nodes.smallest_type(system_nodes.WITH_MESH) if mesh else None
        return self._regional(ClusterConfig, region, system_instance=self.system_instance or roomy)

    def karpenter(self, region: str) -> KarpenterConfig:
        """Karpenter in one of `regions`, for `pools`; raises `KeyError` for another."""
        return self._regional(KarpenterConfig, region, version=self._version("karpenter"))

    def node_pools(self, region: str) -> NodePoolsConfig:
        """The pools in one of `regions`; raises `KeyError` for another."""
        return self._regional(NodePoolsConfig, region)

    def gateway_api(self, region: str) -> GatewayApiConfig:
        """The kinds of gateways and routes in one of `regions`; raises `KeyError` for another."""
        controller = self._version("load_balancer_controller")
        version = self._version("gateway_api")
        return self._regional(GatewayApiConfig, region, version=version, controller_version=controller)

    def load_balancer_controller(self, region: str) -> LoadBalancerControllerConfig:
        """The controller of load balancers in one of `regions`; raises `KeyError` for another."""
        version = self._version("load_balancer_controller")
        return self._regional(LoadBalancerControllerConfig, region, version=version)

    def istio(self, region: str) -> IstioConfig:
        """The mesh in one of `regions`; raises `KeyError` for another."""
        return self._regional(IstioConfig, region, version=self._version("istio"))

    def gateway(self, region: str, edge: Edge) -> GatewayConfig:
        """The gateway in one of `regions`, with `self.edge`; raises `KeyError` for another region."""
        return self._regional(GatewayConfig, region, variant=edge.gateway, hosts=edge.hosts, scheme=edge.scheme)

    def dns(self, edge: Edge) -> DnsConfig:
        """The hosted zone of all regions."""
        return DnsConfig.of({**self._shared(DnsConfig), "domain": edge.domain, "parent_zone": edge.parent_zone})

    def external_dns(self, region: str, edge: Edge) -> ExternalDnsConfig:
        """ExternalDNS in one of `regions`, with `self.edge`; raises `KeyError` for another region."""
        return self._regional(
            ExternalDnsConfig,
            region,
            version=self._version("external_dns"),
            sources=external_dns.SOURCES_OF_VARIANT[edge.gateway],
            latency_routing=len(self.regions) > 1,
        )

    def databases(self, dsql: Dsql) -> DsqlConfig:
        """Aurora DSQL in all regions, with `self.dsql`."""
        return DsqlConfig.of({**self._shared(DsqlConfig), **dsql.__dict__, "regions": tuple(self.regions)})

    def images(self, region: str, registry: Images) -> RegistryConfig:
        """The repositories in one of `regions`, with `self.registry`; raises `KeyError` for another region."""
        return self._regional(RegistryConfig, region, **registry.__dict__)

    def guarded(self, region: str, rules: GuardrailRules) -> GuardrailsConfig:
        """The guardrails in one of `regions`, with `self.guardrails`; raises `KeyError` for another region."""
        own = (self.gateway(region, self.edge).gateway,) if self.edge else ()
        return GuardrailsConfig.of(
            {
                **rules.__dict__,
                "platform_namespaces": tuple(dict.fromkeys((*rules.platform_namespaces, *own))),
                "admins": self.admins,
            }
        )

    def _version(self, part: str) -> str:
        return combinations.version_of(part, self.kubernetes, self.versions.stated)

    def _regional(self, model: type[T], region: str, **own: object) -> T:
        _ = self.regions[region]
        return model.of({**self._shared(model), **own, "region": region})

    def _shared(self, model: type[Config]) -> dict[str, object]:
        return {name: getattr(self, name) for name in model.model_fields.keys() & type(self).model_fields.keys()}
