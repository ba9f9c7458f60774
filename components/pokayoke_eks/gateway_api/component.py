"""The kinds of gateways and routes, there before any controller that looks for them."""

import pulumi

from .. import parts
from ..config.gateway import GatewayApiConfig
from ..handles import ClusterHandle
from ..rules import sources
from . import manifests
from .installed import looked_at


class GatewayApi(pulumi.ComponentResource):
    """The `gateway.networking.k8s.io` and `gateway.k8s.aws` kinds of one cluster.

    Creates:
        - the standard channel of Gateway API's release, from upstream's manifest at its version or from a file
        - the AWS Load Balancer Controller's own gateway kinds, from its manifest at its version or from a file
        - neither where the cluster has them already: then every kind is looked up, in the version that is needed

    The controller looks for these kinds only as it starts: it takes this component, and starts later. An upgrade of
    either version moves its kinds along.

    Args:
        config: versions, and where the kinds come from.
        cluster: whose kinds they are.
        opts: protected as the cluster is, unless these say otherwise.

    Raises:
        ValueError: the config is another cluster's.
        pulumi.RunError: the cluster is said to have the kinds, but serves another version of one.
    """

    cluster: ClusterHandle
    ready: list[pulumi.Resource]
    """The kinds: controllers, gateways and routes depend on these."""

    def __init__(
        self, name: str, config: GatewayApiConfig, *, cluster: ClusterHandle, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        parts.require(cluster, name=config.name, region=config.region, part=name)
        super().__init__("pokayoke-eks:index:GatewayApi", name, {}, parts.of(cluster, opts))
        self.cluster = cluster
        self.ready = looked_at(name, cluster=cluster, parent=self) if config.installed else self._applied(name, config)
        self.register_outputs({})

    def require(self, cluster: ClusterHandle, *, part: str) -> None:
        """Raises ValueError where a part that needs these kinds is on another cluster."""
        if self.cluster is not cluster:
            raise ValueError(f"{part}: the kinds of gateways are another cluster's")

    def _applied(self, name: str, config: GatewayApiConfig) -> list[pulumi.Resource]:
        files = {
            f"{name}-gateway-api": config.manifest or sources.gateway_api(config.version),
            f"{name}-gateway-kinds": config.controller_manifest
            or sources.controller_gateway_kinds(config.controller_version),
        }
        return [manifests.applied(one, file, cluster=self.cluster, parent=self) for one, file in files.items()]
