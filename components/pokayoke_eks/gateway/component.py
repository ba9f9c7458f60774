"""A way into the cluster: hosts, a balancer that ends TLS, routes."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from .. import parts
from ..config import ClusterConfig
from ..config.gateway import GatewayConfig, RouteConfig
from ..config.network_policies import NetworkPoliciesConfig, Traffic
from ..dns import Certificate, ExternalDns
from ..handles import ClusterHandle
from ..istio import IstioAmbient
from ..istio.component import IN_MESH
from ..load_balancer import LoadBalancerController
from ..node_pools import NodePools
from ..rules import load_balancers
from ..rules.finding import Finding
from ..rules.workloads import POD_SECURITY
from . import controlled, istio, routing
from .access_logs import AccessLogs
from .balancer import EXAMPLE, Around, keeps_logs
from .listeners import ATTACHED
from .objects import AddressedGateway, Objects


class PublicGateway(pulumi.ComponentResource):
    """One gateway of a cluster: hosts that are reached over HTTPS, whose certificate a load balancer holds.

    Creates, in a namespace of the gateway's name, what the variant is made of:
        - `istio-ambient`: a Gateway of class `istio`, of which istiod makes two Envoys and a Service that the AWS Load
          Balancer Controller puts an NLB before; routes by host and path; what comes on port 80 is sent to HTTPS
        - `nlb`: a Gateway of class `nlb`; one Service behind it; port 80 is closed
        - `alb`: a Gateway of class `alb`; routes by host and path; what comes on port 80 is sent to HTTPS
        - in any variant the certificate, TLS policy, scheme and health checks of the balancer, plain HTTP behind it
          straight to the pods, and in a retained environment a bucket for its access logs

    It is there when its balancer has an address. What is of one variant carries its name: where another is taken, the
    new balancer comes first, the routes move to it, and then the old one goes with all that was made for it.

    On destroy its routes go first, then the Gateway, then the namespace, which is gone when the balancer is: what
    istiod made, the Service above all, goes after the Gateway. The controller, certificate and bucket outlive it.

    Args:
        config: what a user decides; the rest is derived.
        controller: who makes the balancer.
        certificate: for all hosts, of the region.
        mesh: who makes the Envoys; with `istio-ambient` and nothing else.
        dns: who makes records of the routes' hosts; None where somebody else does.
        pools: the nodes of the gateway's own pods, and of those behind it; None where nodes are somebody else's.
        opts: made by the cluster's own provider, and protected as it is, unless these say otherwise.

    Raises:
        ValueError: the config or the mesh is another cluster's, the mesh or the nodes are missing, or the certificate
            is not for every host.
    """

    address: pulumi.Output[str]
    """The balancer's host name."""
    namespace: str
    workload_labels: dict[str, str]
    """The labels of a namespace whose routes the gateway takes."""
    cluster: ClusterHandle
    ready: list[pulumi.Resource]

    def __init__(
        self,
        name: str,
        config: GatewayConfig,
        *,
        controller: LoadBalancerController,
        certificate: Certificate,
        mesh: IstioAmbient | None = None,
        dns: ExternalDns | None = None,
        pools: NodePools | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        cluster = controller.cluster
        parts.require(cluster, name=config.name, region=config.region, part=name)
        parts.refuse(name, _missing(config, cluster, mesh, pools))
        parts.refuse(name, load_balancers.not_certified(config.hosts, certificate.hosts))
        super().__init__("pokayoke-eks:index:PublicGateway", name, {}, parts.of(cluster, opts))
        self.cluster = cluster
        self.namespace = config.gateway
        self._name, self._config, self._dns = name, config, dns
        self._routes = 0
        self._objects = Objects(name, cluster=cluster, parent=self)
        self.workload_labels = {ATTACHED: config.gateway, **(IN_MESH if mesh else {})}
        logs = self._logs()
        home = self._home(
            [one for part in (controller, certificate, logs, mesh, dns, pools) if part for one in part.ready]
        )
        make = self._istio if config.variant == load_balancers.ISTIO else self._controlled
        gateway = make(self._around(certificate, logs), after=[home])
        self.address = gateway.address
        self.ready = [gateway]
        if config.variant != load_balancers.NLB:
            self._objects.make("redirect", routing.redirect(config, self._annotations), after=self.ready)
        self.register_outputs({"address": self.address})

    def routes(
        self, name: str, routes: Sequence[RouteConfig], *, after: Sequence[pulumi.Resource] = ()
    ) -> list[pulumi.Resource]:
        """Sends some of the gateway's traffic to Services, by one route each: `name`, `name-2`, ...

        A Service's namespace has `workload_labels`. `after` is what is there before, the Services: on destroy the
        routes go first, and with them their hosts' records.

        Raises:
            ValueError: the variant cannot route so; the error names those that can.
        """
        made: list[pulumi.Resource] = []
        for index, route in enumerate(routes):
            label = name if index == 0 else f"{name}-{index + 1}"
            made += self._route(label, route, [*self.ready, *after])
        return made

    def policies(self, *ports: int) -> NetworkPoliciesConfig:
        """What the network policies of a namespace say, for pods that stand behind this gateway on these ports."""
        if self._config.variant == load_balancers.ISTIO:
            return NetworkPoliciesConfig(mesh=True, ingress=(Traffic(namespaces=(self.namespace,), ports=ports),))
        # The balancer's targets are the pods, and an NLB shows them the address of whoever asks.
        return NetworkPoliciesConfig(ingress=(Traffic(ranges=(IPv4Network("0.0.0.0/0"),), ports=ports),))

    def _route(self, name: str, route: RouteConfig, after: list[pulumi.Resource]) -> list[pulumi.Resource]:
        config, hosts = self._config, routing.hosts_of(self._config, route)
        parts.refuse(name, load_balancers.not_served(hosts, config.hosts))
        parts.refuse(
            name,
            load_balancers.cannot_route(
                config.variant, path=route.path, hosts=hosts, of=config.hosts, others=self._routes
            ),
        )
        self._routes += 1
        if config.variant != load_balancers.ISTIO:
            after = [*after, self._objects.make(f"{name}-health", controlled.health(route), after=after)]
        obj = routing.to_service(name, config, route, self._annotations)
        return [self._objects.make(f"{name}-route", obj, after=after)]

    @property
    def _annotations(self) -> dict[str, str]:
        return self._dns.route_annotations if self._dns else {}

    def _logs(self) -> AccessLogs | None:
        if not keeps_logs(self._config):
            return None
        mine = pulumi.ResourceOptions(parent=self)
        return AccessLogs(self._name, self._config, cluster_arn=self.cluster.arn, opts=mine)

    def _around(self, certificate: Certificate, logs: AccessLogs | None) -> pulumi.Output[Around]:
        network = self.cluster.network
        public = self._config.scheme == "internet-facing"
        return pulumi.Output.all(
            certificate=certificate.arn,
            subnets=list(network.public_subnet_ids if public else network.private_subnet_ids),
            bucket=logs.bucket.bucket if logs else None,
        ).apply(lambda made: Around(made["certificate"], tuple(made["subnets"]), made["bucket"]))

    def _home(self, after: Sequence[pulumi.Resource]) -> kubernetes.core.v1.Namespace:
        """Goes when nothing in it is held any more, and before whoever holds it."""
        return kubernetes.core.v1.Namespace(
            f"{self._name}-{self.namespace}",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=self.namespace,
                labels={ATTACHED: self.namespace, f"{POD_SECURITY}/enforce": "restricted"},
            ),
            opts=self._objects.options(after),
        )

    def _istio(self, around: pulumi.Output[Around], *, after: list[pulumi.Resource]) -> AddressedGateway:
        config = self._config
        overlays = kubernetes.core.v1.ConfigMap(
            f"{self._name}-{config.variant}",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=config.variant, namespace=self.namespace),
            data=istio.overlays(config),
            opts=self._objects.options(after),
        )
        obj = istio.gateway(config)
        infrastructure: dict[str, Any] = {
            **obj.to_manifest()["spec"]["infrastructure"],
            "annotations": around.apply(lambda made: istio.annotations(config, made)),
        }
        return AddressedGateway(
            f"{self._name}-{config.variant}",
            obj,
            {"infrastructure": infrastructure},
            self._objects.options([*after, overlays]),
        )

    def _controlled(self, around: pulumi.Output[Around], *, after: list[pulumi.Resource]) -> AddressedGateway:
        config = self._config
        targets = self._objects.make(f"{config.variant}-targets", controlled.targets(config), after=after)
        said = around.apply(lambda made: controlled.configuration(config, made).to_manifest()["spec"])
        configuration = self._objects.make(
            f"{config.variant}-balancer",
            controlled.configuration(config, EXAMPLE),
            {key: said[key] for key in ("listenerConfigurations", "loadBalancerAttributes", "loadBalancerSubnets")},
            after=[*after, targets],
        )
        return AddressedGateway(
            f"{self._name}-{config.variant}",
            controlled.gateway(config),
            {},
            self._objects.options([*after, configuration]),
        )


def _missing(
    config: GatewayConfig, cluster: ClusterHandle, mesh: IstioAmbient | None, pools: NodePools | None
) -> Finding | None:
    wants_mesh = config.variant == load_balancers.ISTIO
    if mesh is not None and mesh.cluster is not cluster:
        return Finding("the mesh is another cluster's", "Pass this cluster's.")
    if wants_mesh and mesh is None:
        return Finding(f"{config.variant} needs a mesh", "Pass `mesh=IstioAmbient(...)`, or take the gateway alb.")
    if mesh is not None and not wants_mesh:
        return Finding(f"{config.variant} goes past the mesh", f"Take the gateway {load_balancers.ISTIO}.")
    if config.scheme == "internet-facing" and not cluster.network.public_subnet_ids:
        return Finding("the network has no public subnets", "Write `scheme: internal`, or give it some.")
    if wants_mesh and pools is None and isinstance(cluster.config, ClusterConfig):
        return Finding(
            "no node takes the gateway's pods: the system nodes are the platform's alone",
            "Pass `pools=NodePools(...)`.",
        )
    return None
