"""What a stack's YAML may say of node pools, and what Karpenter and the pools take."""

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from ..instances import InstanceType as KnownType
from ..rules import combinations, labels, pod_density, pools, releases
from ..rules.finding import Finding
from ..rules.quantities import quantity
from .checks import cluster, platform
from .checks import pools as pool_checks
from .examined import Config
from .fields import BottlerocketRelease, InstanceType, KubernetesVersion, RegionName, Version
from .pool_fields import (
    Capacity,
    Cores,
    CpuCount,
    DiskSize,
    Duration,
    Effect,
    Family,
    Key,
    LabelValue,
    Memory,
    Pods,
    PoolName,
    Remover,
)
from .shared import BOTTLEROCKET, KUBERNETES, REGION, Living, Named

_UNBOUNDED = "unbounded-instance-size"


class Limits(Config):
    """What a pool's nodes may add up to; Karpenter makes none beyond it."""

    missing: ClassVar[Mapping[str, Finding]] = {
        "cpu": Finding("the pool's nodes have no limit on CPU together", "Write e.g. `cpu: 32`.", _UNBOUNDED),
        "memory": Finding(
            "the pool's nodes have no limit on memory together", "Write e.g. `memory: 64Gi`.", _UNBOUNDED
        ),
    }

    cpu: Cores = Field(description="vCPUs of all nodes of the pool together.", examples=[32])
    memory: Memory = Field(description="Memory of all nodes of the pool together.", examples=["64Gi"])

    @property
    def amounts(self) -> tuple[Fraction, Fraction]:
        """Cores and bytes."""
        return quantity(self.cpu) or Fraction(0), quantity(self.memory) or Fraction(0)


class Taint(Config):
    """What keeps pods without a matching toleration off a pool's nodes."""

    key: Key = Field(description="The taint's key.", examples=["dedicated"])
    value: LabelValue = Field(default="", description="The taint's value.", examples=["batch"])
    effect: Effect = Field(description=f"One of {', '.join(labels.EFFECTS)}.", examples=["NoSchedule"])


class StartupTaint(Taint):
    """A taint that a node has until something takes it off; Karpenter does not count it against pods."""

    missing: ClassVar[Mapping[str, Finding]] = {"removed_by": labels.WITHOUT_REMOVER}

    removed_by: Remover = Field(
        description="The DaemonSet or controller that takes the taint off once a node is ready.", examples=["cilium"]
    )


class PoolConfig(Config):
    """Nodes of one architecture that come and go with the pods: listed instance types, or families with numbers of
    vCPUs."""

    checks = pool_checks.OF_EACH
    missing: ClassVar[Mapping[str, Finding]] = {
        "limits": Finding(
            "the pool has no limits: it could grow without end",
            "Write e.g. `limits: {cpu: 32, memory: 64Gi}`.",
            _UNBOUNDED,
        )
    }

    name: PoolName = Field(
        description="The pool's name, and its nodes' label karpenter.sh/nodepool.", examples=["general"]
    )
    instances: tuple[InstanceType, ...] = Field(
        default=(),
        description="Instance types of one architecture. Or state families and cpu.",
        examples=[["t4g.large", "m7g.large", "m8g.large"]],
    )
    families: tuple[Family, ...] = Field(
        default=(),
        description="Families of instance types (m7g), or categories, which mean their ARM64 families (m).",
        examples=[["m", "c"], ["m7g", "m8g"]],
    )
    cpu: tuple[CpuCount, ...] = Field(
        default=(), description="How many vCPUs a node of those families may have.", examples=[[2, 4]]
    )
    capacity: tuple[Capacity, ...] = Field(
        default=("on-demand",),
        description="spot, on-demand, or both: spot is then taken where there is any.",
        examples=[["spot", "on-demand"]],
        json_schema_extra={"minItems": 1},
    )
    limits: Limits = Field(description="What the pool's nodes may add up to.", examples=[{"cpu": 32, "memory": "64Gi"}])
    max_pods: Pods | None = Field(
        default=None,
        description="Pods a node; as many as the smallest type's network interfaces have addresses unless stated.",
        examples=[60],
    )
    taints: tuple[Taint, ...] = Field(
        default=(),
        description="Taints of every node of the pool.",
        examples=[[{"key": "dedicated", "value": "batch", "effect": "NoSchedule"}]],
    )
    startup_taints: tuple[StartupTaint, ...] = Field(
        default=(),
        description="Taints that something takes off a new node.",
        examples=[[{"key": "node.cilium.io/agent-not-ready", "effect": "NoExecute", "removed_by": "cilium"}]],
    )
    labels: Mapping[str, LabelValue] = Field(
        default_factory=dict[str, str],
        description="Labels of every node of the pool, for selectors.",
        examples=[{"example.com/team": "shop"}],
    )
    disk_gib: DiskSize = Field(default=50, description="The volume for images, logs and pods, in GiB.", examples=[100])
    expire_after: Duration = Field(
        default="720h", description="How long a node lives before it is replaced.", examples=["336h"]
    )
    grace: Duration = Field(
        default="1h",
        description="How long a node that goes waits for its pods before it takes them down.",
        examples=["30m"],
    )

    @property
    def instance_types(self) -> tuple[str, ...]:
        """Every type that the pool can bring, sorted by name."""
        return pools.types_of(self.instances, self.families, self.cpu)

    @property
    def architecture(self) -> str:
        """`arm64` or `amd64`: the one that all the types have."""
        return pools.architecture(self.instance_types) or ""

    @property
    def pods_per_node(self) -> int:
        """As stated, else what the smallest type takes."""
        return self.max_pods or pod_density.default_pods(pools.smallest(self.instance_types))

    @property
    def largest(self) -> KnownType:
        """The largest type that the pool can bring; its price is of `instances.PRICE_REGION` and `PRICE_DATE`."""
        return pools.largest(self.instance_types)

    @property
    def largest_node(self) -> str:
        """The largest node that can come and its price an hour, in words."""
        return f"pool {self.name}: {pools.largest_node(self.instance_types)}"


class KarpenterConfig(Living):
    """Karpenter in one cluster."""

    checks = (platform.names_fit, platform.tags_are_legal, pool_checks.karpenter_serves_kubernetes)

    region: RegionName = REGION
    kubernetes: KubernetesVersion = KUBERNETES
    version: Version = Field(
        default=combinations.COMBINATIONS[0].karpenter,
        description="The version of Karpenter's two charts.",
        examples=["1.14.1"],
    )


class NodePoolsConfig(Named):
    """The pools of one cluster."""

    checks = (
        platform.names_fit,
        platform.tags_are_legal,
        cluster.versions_fit_kubernetes,
        pool_checks.there_is_a_pool,
        *pool_checks.ALL,
    )

    region: RegionName = REGION
    kubernetes: KubernetesVersion = KUBERNETES
    bottlerocket: BottlerocketRelease = BOTTLEROCKET
    pools: tuple[PoolConfig, ...] = Field(description="The pools.", json_schema_extra={"minItems": 1})

    @property
    def bottlerocket_alias(self) -> str:
        """Karpenter's form of the release: `bottlerocket@v1.65.0`."""
        return releases.bottlerocket_alias(self.bottlerocket)
