"""A whole environment: what a stack's YAML may say, and what each component takes of it."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from ..rules import combinations
from ..rules.finding import Finding
from .checks import platform
from .checks import pools as pool_checks
from .examined import Config
from .fields import RegionName
from .models import CLUSTER_CHECKS, NETWORK_CHECKS, ClusterConfig, ClusterFields, NetworkConfig, RegionConfig
from .pools import KarpenterConfig, NodePoolsConfig, PoolConfig
from .versions import Versions


class PlatformConfig(ClusterFields):
    """A whole environment: `pokayoke-eks:platform` of a stack."""

    checks = (
        *NETWORK_CHECKS,
        *CLUSTER_CHECKS,
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
