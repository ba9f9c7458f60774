"""Karpenter, with all that it needs in the account."""

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from .. import parts
from ..config import KarpenterConfig
from ..handles import ClusterHandle
from ..helm import Chart, release, release_with_identity
from ..iam.document import Document
from ..iam.karpenter import controller_policies
from ..identity import IdentityConfig, WorkloadIdentity
from ..rules import sources
from ..waiting import Leftover, Waiting, nothing_left
from .interruption import Interruption
from .nodes import NodeIdentity
from .values import values

IDENTITY = IdentityConfig(namespace="kube-system", service_account="karpenter")
"""kube-system: what runs there comes first at the API server (Karpenter v1.14, getting started: FlowSchemas)."""
POLICIES = (
    "KarpenterControllerNodeLifecyclePolicy",
    "KarpenterControllerIAMIntegrationPolicy",
    "KarpenterControllerEKSIntegrationPolicy",
    "KarpenterControllerInterruptionPolicy",
    "KarpenterControllerZonalShiftPolicy",
    "KarpenterControllerResourceDiscoveryPolicy",
)
MINUTES_FOR_INSTANCES = 30


class Karpenter(pulumi.ComponentResource):
    """Karpenter on one cluster.

    Creates:
        - the controller's identity, with upstream's six policies
        - the interruption queue (encrypted, TLS only, written to by this account's EventBridge alone) and the five
          rules that fill it
        - the role, instance profile and access entry of its nodes
        - the releases `karpenter-crd` and `karpenter`, on the system nodes, from the public registry
        - a wait, on destroy, until no instance of its making is left, while the controller still runs

    Args:
        config: what a user decides; the rest is derived.
        cluster: where it runs, and whose nodes it makes.
        opts: made by the cluster's own provider, and protected as it is, unless these say otherwise.

    Raises:
        ValueError: the config is another cluster's.
    """

    cluster: ClusterHandle
    queue: aws.sqs.Queue
    node_role: aws.iam.Role
    instance_profile: aws.iam.InstanceProfile
    release: kubernetes.helm.v3.Release
    ready: list[pulumi.Resource]
    """The controller and its kinds: node pools, and all that needs nodes of theirs, depend on these."""

    def __init__(
        self, name: str, config: KarpenterConfig, *, cluster: ClusterHandle, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        parts.require(cluster, name=config.name, region=config.region, part=name)
        super().__init__("pokayoke-eks:index:Karpenter", name, {}, parts.of(cluster, opts))
        mine = pulumi.ResourceOptions(parent=self)
        self.cluster = cluster
        nodes = NodeIdentity(name, config, cluster, self)
        self.node_role, self.instance_profile = nodes.role, nodes.instance_profile
        interruption = Interruption(name, config, mine)
        self.queue = interruption.queue
        identity = WorkloadIdentity(
            f"{name}-karpenter",
            IDENTITY,
            cluster=cluster,
            policies=self._policies(config),
            opts=mine,
        )
        # On destroy the definitions go after the controller: without it nothing would take off their objects'
        # finalizers.
        definitions = release(
            f"{name}-karpenter-crd",
            Chart(sources.KARPENTER, "karpenter-crd", config.version),
            cluster=cluster,
            namespace=identity.namespace,
            parent=self,
        )
        self.release = release_with_identity(
            f"{name}-karpenter",
            Chart(sources.KARPENTER, "karpenter", config.version),
            identity=identity,
            values=values(config, cluster.placement),
            outputs={"settings": {"clusterEndpoint": cluster.endpoint}},
            after=[definitions, *nodes.resources, *interruption.resources],
            parent=self,
        )
        gone = Waiting(
            f"{name}-instances-gone",
            region=config.region,
            before_gone=[
                # On every instance of Karpenter's making, whoever wrote its pool; `*` stands for any value.
                nothing_left(Leftover.INSTANCE, vpc=cluster.network.vpc_id, tag="karpenter.sh/nodepool", value="*")
            ],
            minutes=MINUTES_FOR_INSTANCES,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.release]),
        )
        self.ready = [self.release, gone]
        self.register_outputs({})

    def _policies(self, config: KarpenterConfig) -> dict[str, pulumi.Output[Document]]:
        documents = pulumi.Output.all(
            cluster=self.cluster.arn, node_role=self.node_role.arn, queue=self.queue.arn
        ).apply(lambda arns: _documents(config, **arns))
        return {policy: documents.apply(lambda made, policy=policy: made[policy]) for policy in POLICIES}


def _documents(config: KarpenterConfig, *, cluster: str, node_role: str, queue: str) -> dict[str, Document]:
    _, partition, _, region, account, _ = cluster.split(":", 5)
    return controller_policies(partition, region, account, config.name, node_role, queue)
