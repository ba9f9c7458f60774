"""A cluster that somebody else made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from ..cluster.access import provider
from ..config import Lifecycle
from ..config.errors import ConfigError, ConfigErrors
from ..config.existing import ExistingClusterConfig
from ..handles import Placement
from ..iam import managed
from ..waiting import Waiting, addon_active
from .cluster_findings import findings, warnings
from .cluster_lookup import AGENT, SeenCluster, look_up
from .network import ExistingNetwork

MINUTES_UNTIL_ACTIVE = 5
NODE_GROUP_LABEL = "eks.amazonaws.com/nodegroup"
"""On every node of a managed node group (EKS user guide, "Managed node groups")."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is plain about the cluster: the config's words, and what the account says."""

    name: str
    region: str
    kubernetes: str
    lifecycle: Lifecycle
    protected: bool
    service_cidr: IPv4Network
    tags: Mapping[str, str]


class ExistingCluster(pulumi.ComponentResource):
    """The cluster of somebody else, as one that Karpenter, controllers and workloads can run on.

    It looks the cluster up while the program runs, and refuses at once what would fail later: access entries or the
    Pod Identity agent missing, another VPC, an API server that the VPC does not reach, too few nodes for controllers.

    Creates:
        - a Kubernetes provider for whatever comes on top
        - a wait, on create, until EKS says that the Pod Identity agent is ACTIVE

    Nothing of the cluster itself is changed, and a destroy leaves it as it was. Controllers run on `config.node_group`,
    whose nodes outlive what Karpenter makes.

    Args:
        config: which cluster, and what comes of the things on top of it.
        network: where it stands.
        opts: pass the region's `aws.Provider` as `provider`. Whoever runs the program needs an access entry of the
            cluster's: its owner makes it.

    Raises:
        ConfigErrors: everything that is wrong with the cluster, each with the failure that it leads to.
    """

    config: Facts
    network: ExistingNetwork
    placement: Placement
    """The nodes of `node_group`, with whatever taints they have."""
    plugin_policies: Sequence[str] = managed.NETWORK_PLUGIN
    """Its network plugin may have no role but its node's."""
    provider: kubernetes.Provider
    control_plane_ranges: Sequence[IPv4Network]
    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    ready: list[pulumi.Resource]

    def __init__(
        self,
        name: str,
        config: ExistingClusterConfig,
        *,
        network: ExistingNetwork,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        protected = pulumi.ResourceOptions(protect=config.protected or None)
        super().__init__("pokayoke-eks:index:ExistingCluster", name, {}, pulumi.ResourceOptions.merge(protected, opts))
        seen = look_up(config, pulumi.InvokeOptions(parent=self))
        wrong = findings(config, seen, network.vpc)
        if wrong or seen is None or seen.node_group is None:
            raise ConfigErrors(ConfigError.at(f"{name}.{place}", one) for place, one in wrong)
        for warning in warnings(seen, datetime.now(UTC).date()):
            pulumi.log.warn(warning, self)
        self.config = _facts(config, seen)
        self.network = network
        self.placement = Placement(
            {NODE_GROUP_LABEL: config.node_group},
            [{"key": key, "operator": "Exists"} for key in seen.node_group.taint_keys],
        )
        self.control_plane_ranges = seen.ranges
        self.name = pulumi.Output.from_input(config.name)
        self.arn = pulumi.Output.from_input(seen.arn)
        self.endpoint = pulumi.Output.from_input(seen.endpoint)
        self.security_group_id = pulumi.Output.from_input(seen.security_group)
        mine = pulumi.ResourceOptions(parent=self)
        self.provider = provider(
            name,
            cluster=config.name,
            region=config.region,
            endpoint=self.endpoint,
            certificate_authority=pulumi.Output.from_input(seen.certificate_authority),
            opts=mine,
        )
        agent = Waiting(
            f"{name}-agent-active",
            region=config.region,
            before_ready=[addon_active(config.name, addon=AGENT)],
            minutes=MINUTES_UNTIL_ACTIVE,
            opts=mine,
        )
        self.ready = [agent, *network.ready]
        self.register_outputs({})

    @property
    def account(self) -> aws.Provider | None:
        """The provider of the cluster's account and region; None is the stack's default one."""
        maker = self.get_provider("aws:eks/cluster:Cluster")
        return maker if isinstance(maker, aws.Provider) else None

    @property
    def control_plane(self) -> list[pulumi.Resource]:
        """Nothing of this stack: the control plane is somebody else's."""
        return []


def _facts(config: ExistingClusterConfig, seen: SeenCluster) -> Facts:
    return Facts(
        config.name,
        config.region,
        seen.kubernetes,
        config.lifecycle,
        config.protected,
        IPv4Network(seen.service_cidr),
        config.tags,
    )
