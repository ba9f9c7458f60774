"""The AWS Load Balancer Controller, with all that it needs in the account."""

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource

from .. import parts
from ..config.gateway import LoadBalancerControllerConfig
from ..gateway_api import GatewayApi, manifests
from ..handles import ClusterHandle
from ..helm import Chart, release_with_identity
from ..iam.load_balancer_controller import VERSION, controller_policy
from ..identity import IdentityConfig, WorkloadIdentity
from ..rules import sources
from ..rules.regions import REGIONS
from ..waiting import Leftover, Waiting, nothing_left
from .values import values

NAME = "aws-load-balancer-controller"
IDENTITY = IdentityConfig(namespace="kube-system", service_account=NAME)
CLASSES = {"nlb": "gateway.k8s.aws/nlb", "alb": "gateway.k8s.aws/alb"}
"""The GatewayClasses, each with the name by which the controller knows its own."""
CLUSTER_TAG = "elbv2.k8s.aws/cluster"
"""On every load balancer of the controller's making, with the cluster's name."""
MINUTES_FOR_BALANCERS = 20


class LoadBalancerController(pulumi.ComponentResource):
    """The AWS Load Balancer Controller on one cluster.

    Creates:
        - the controller's identity, with all statements of upstream's policy
        - the `elbv2.k8s.aws` kinds, from the chart's manifest at its version or from a file
        - the release `aws-load-balancer-controller` on the system nodes: two replicas apart, a disruption budget, VPC
          and region said outright, no webhook on every Service, targets by IP
        - the GatewayClasses `nlb` and `alb`
        - a wait, on destroy, until no load balancer of its making is left, while the controller still runs

    Args:
        config: what a user decides; the rest is derived.
        cluster: where it runs, and whose load balancers it makes.
        gateway_api: the kinds that it looks for as it starts.
        opts: made by the cluster's own provider, and protected as it is, unless these say otherwise.

    Raises:
        ValueError: the config, or the kinds, are another cluster's.
    """

    cluster: ClusterHandle
    release: kubernetes.helm.v3.Release
    gateway_classes: dict[str, CustomResource]
    """`nlb` and `alb`."""
    ready: list[pulumi.Resource]
    """The controller with its webhooks, and its classes. Whatever its webhooks judge or its finalizers hold (Gateway,
    Service of type LoadBalancer, Ingress, TargetGroupBinding) depends on these: it is not made before the controller
    answers, and is gone before the controller is."""

    def __init__(
        self,
        name: str,
        config: LoadBalancerControllerConfig,
        *,
        cluster: ClusterHandle,
        gateway_api: GatewayApi,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        parts.require(cluster, name=config.name, region=config.region, part=name)
        gateway_api.require(cluster, part=name)
        super().__init__("pokayoke-eks:index:LoadBalancerController", name, {}, parts.of(cluster, opts))
        self.cluster = cluster
        if config.version != VERSION:
            pulumi.log.warn(
                f"what the controller may do is upstream's policy of {VERSION}: if {config.version} asks for more, it "
                "is refused [lbc-iam-incomplete]",
                self,
            )
        identity = WorkloadIdentity(
            f"{name}-{NAME}",
            IDENTITY,
            cluster=cluster,
            policies={"AWSLoadBalancerController": controller_policy(REGIONS[config.region].partition)},
            opts=pulumi.ResourceOptions(parent=self),
        )
        # On destroy the definitions go after the controller: without it nothing would take off their objects'
        # finalizers.
        kinds = manifests.applied(
            f"{name}-load-balancer-kinds",
            config.manifest or sources.controller_kinds(config.version),
            cluster=cluster,
            parent=self,
        )
        self.release = release_with_identity(
            f"{name}-{NAME}",
            Chart(sources.LOAD_BALANCER_CONTROLLER, NAME, config.version),
            identity=identity,
            values=values(config, cluster.placement),
            outputs={"vpcId": cluster.network.vpc_id},
            after=[*gateway_api.ready, kinds],
            parent=self,
        )
        gone = Waiting(
            f"{name}-load-balancers-gone",
            region=config.region,
            before_gone=[
                nothing_left(Leftover.LOAD_BALANCER, vpc=cluster.network.vpc_id, tag=CLUSTER_TAG, value=config.name)
            ],
            minutes=MINUTES_FOR_BALANCERS,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.release]),
        )
        self.gateway_classes = {one: self._gateway_class(name, one) for one in CLASSES}
        self.ready = [self.release, gone, *self.gateway_classes.values()]
        self.register_outputs({})

    def _gateway_class(self, name: str, one: str) -> CustomResource:
        return CustomResource(
            f"{name}-{one}-class",
            api_version="gateway.networking.k8s.io/v1",
            kind="GatewayClass",
            metadata={"name": one, "annotations": {"pulumi.com/waitFor": "condition=Accepted"}},
            spec={"controllerName": CLASSES[one]},
            opts=pulumi.ResourceOptions(parent=self, provider=self.cluster.provider, depends_on=[self.release]),
        )
