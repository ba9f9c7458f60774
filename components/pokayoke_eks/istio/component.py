"""Istio in ambient mode."""

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource

from .. import parts
from ..config import ClusterConfig
from ..config.gateway import IstioConfig
from ..gateway_api import GatewayApi
from ..handles import ClusterHandle
from ..helm import Chart, Values, release
from ..rules import sources, system_nodes
from ..rules.workloads import POD_SECURITY
from . import values

NAMESPACE = "istio-system"
IN_MESH = {"istio.io/dataplane-mode": "ambient"}
"""The label of a namespace whose pods are in the mesh."""


class IstioAmbient(pulumi.ComponentResource):
    """Istio's ambient mesh on one cluster: no sidecars; gateways are Gateway API resources of class `istio`.

    Creates:
        - the namespace `istio-system`
        - the releases `base` (Istio's kinds), `istiod` (two replicas apart on the system nodes, with a disruption
          budget), `cni` and `ztunnel` (on every node), each after the one before
        - the rule of the whole mesh that pods in it take no plain text: a PeerAuthentication `default`, STRICT, there
          before the first pod is in the mesh

    Kubelets' probes get through all the same (Istio, "Ambient and Kubernetes NetworkPolicy"), and so does whatever the
    gateways take in, whose own pods are not in the mesh. Whoever else calls a pod in the mesh from outside of it, as a
    Prometheus, a balancer straight to the pods or the API server to a webhook do, is hung up on. A namespace that has
    such callers says so in a PeerAuthentication of its own, PERMISSIVE: the nearer rule holds (Istio,
    PeerAuthentication).

    istiod makes the GatewayClass `istio` itself. It takes the taint `cni.istio.io/not-ready` off nodes whose istio-cni
    is ready: a pool that has it among its `startup_taints` gets no pod before the pod's traffic can be in the mesh.

    On destroy Istio's kinds stay, as Helm is told by the chart to keep them: deleting them would delete every object of
    those kinds, whoever wrote it. With the cluster they are gone; on a cluster of somebody else's, the next release of
    this name takes them over.

    Args:
        config: what a user decides; the rest is derived.
        cluster: where it runs.
        gateway_api: the kinds that it serves.
        opts: protected as the cluster is, unless these say otherwise.

    Raises:
        ValueError: the config, or the kinds, are another cluster's; or the cluster's system nodes are too small for
            the mesh.
    """

    cluster: ClusterHandle
    ready: list[pulumi.Resource]
    """The mesh: Gateways of class `istio`, and pods of namespaces in the mesh, depend on these."""

    def __init__(
        self,
        name: str,
        config: IstioConfig,
        *,
        cluster: ClusterHandle,
        gateway_api: GatewayApi,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        parts.require(cluster, name=config.name, region=config.region, part=name)
        gateway_api.require(cluster, part=name)
        _require_room(name, cluster)
        super().__init__("pokayoke-eks:index:IstioAmbient", name, {}, parts.of(cluster, opts))
        self.cluster = cluster
        home = kubernetes.core.v1.Namespace(
            f"{name}-{NAMESPACE}",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=NAMESPACE,
                # The node agents change the network of other pods.
                labels={f"{POD_SECURITY}/enforce": "privileged"},
            ),
            opts=pulumi.ResourceOptions(parent=self, provider=cluster.provider),
        )
        charts: dict[str, Values | None] = {
            "base": None,
            "istiod": values.istiod(cluster.placement),
            "cni": values.cni(),
            "ztunnel": values.ztunnel(),
        }
        before: list[pulumi.Resource] = [home, *gateway_api.ready]
        for chart, said in charts.items():
            made = release(
                f"{name}-istio-{chart}",
                Chart(sources.ISTIO, chart, config.version),
                cluster=cluster,
                namespace=NAMESPACE,
                values=said,
                after=before,
                parent=self,
            )
            # istiod judges what is of Istio's kinds; the node agents, which take pods into the mesh, come later.
            before = [made, _strict(name, cluster, after=made, parent=self)] if chart == "istiod" else [made]
        self.ready = before
        self.register_outputs({})


def _strict(name: str, cluster: ClusterHandle, *, after: pulumi.Resource, parent: pulumi.Resource) -> CustomResource:
    """The rule of all workloads, as it stands in Istio's own namespace (Istio, PeerAuthentication)."""
    return CustomResource(
        f"{name}-strict",
        api_version="security.istio.io/v1",
        kind="PeerAuthentication",
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name="default", namespace=NAMESPACE),
        spec={"mtls": {"mode": "STRICT"}},
        opts=pulumi.ResourceOptions(parent=parent, provider=cluster.provider, depends_on=[after]),
    )


def _require_room(name: str, cluster: ClusterHandle) -> None:
    if not isinstance(cluster.config, ClusterConfig):
        return
    finding = system_nodes.unfit_type(cluster.config.system_instance_type, system_nodes.WITH_MESH)
    if finding:
        fitting = system_nodes.smallest_type(system_nodes.WITH_MESH)
        raise ValueError(f"{name}: {finding.problem} [{finding.slug}]. Write `system_instance: {fitting}`.")
