"""The pools of a platform, each with what its nodes are made from."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource

from .. import parts
from ..config import NodePoolsConfig, PoolConfig
from ..crds import Resource
from ..karpenter import Karpenter
from ..rules.durations import seconds
from .manifests import node_class, node_pool

MINUTES_UNTIL_READY = 10
MINUTES_BEYOND_GRACE = 30
"""From the end of a node's grace until its instance is terminated and every object that waits for it is gone."""


class NodePools(pulumi.ComponentResource):
    """The pools from which Karpenter makes nodes.

    Creates for each pool:
        - an EC2NodeClass: Bottlerocket of the cluster's release, the cluster's private subnets and its own security
          group by their ids, Karpenter's instance profile, IMDSv2 at one hop, both volumes encrypted, the most pods
        - a NodePool: the pool's instance types, one architecture, its capacity types, the cluster's zones; limits,
          disruption budget, expiry, grace, taints, labels

    Both are there when Karpenter says that they are ready. On destroy a NodePool is gone when its last instance is, and
    an EC2NodeClass when its last launch template is; Karpenter goes after them.

    Args:
        config: what a user decides; the rest is derived.
        karpenter: who makes the nodes.
        opts: protected as the cluster is, unless these say otherwise.

    Raises:
        ValueError: the config is another cluster's.
        pydantic.ValidationError: the API server would refuse an object.
    """

    ready: list[pulumi.Resource]
    """The pools: pods that need their nodes depend on these, and are gone before them."""

    def __init__(
        self, name: str, config: NodePoolsConfig, *, karpenter: Karpenter, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        cluster = karpenter.cluster
        parts.require(cluster, name=config.name, region=config.region, part=name)
        super().__init__("pokayoke-eks:index:NodePools", name, {}, parts.of(cluster, opts))
        self._name, self._config, self._karpenter = name, config, karpenter
        self.ready = [self._pool(pool) for pool in config.pools]
        self.register_outputs({})

    def _pool(self, pool: PoolConfig) -> pulumi.Resource:
        pulumi.log.info(pool.largest_node, self)
        cluster = self._karpenter.cluster
        # What is plain is judged at once and is known in every preview; only these three are outputs.
        ids: dict[str, object] = {
            "subnetSelectorTerms": [{"id": subnet} for subnet in cluster.network.private_subnet_ids],
            "securityGroupSelectorTerms": [{"id": cluster.security_group_id}],
            "instanceProfile": self._karpenter.instance_profile.name,
        }
        made_from = self._object("class", pool, node_class(self._config, pool), ids, after=self._karpenter.ready)
        return self._object("pool", pool, node_pool(pool, cluster.network.zone_names), {}, after=[made_from])

    def _object(
        self, kind: str, pool: PoolConfig, obj: Resource, ids: Mapping[str, object], *, after: list[pulumi.Resource]
    ) -> CustomResource:
        return parts.custom_object(
            f"{self._name}-{pool.name}-{kind}",
            obj,
            ids,
            pulumi.ResourceOptions(
                parent=self,
                provider=self._karpenter.cluster.provider,
                depends_on=after,
                custom_timeouts=pulumi.CustomTimeouts(
                    create=f"{MINUTES_UNTIL_READY}m",
                    update=f"{MINUTES_UNTIL_READY}m",
                    delete=f"{seconds(pool.grace) + MINUTES_BEYOND_GRACE * 60}s",
                ),
            ),
        )
