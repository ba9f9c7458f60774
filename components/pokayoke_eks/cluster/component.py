"""An EKS cluster with the nodes and add-ons that a platform needs to stand on."""

from collections.abc import Sequence
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws
import pulumi_eks
import pulumi_kubernetes as kubernetes

from .. import tags
from ..config import ClusterConfig
from ..handles import NetworkHandle
from ..waiting import Leftover, Waiting, nothing_left
from .access import admins, provider
from .addons import Addons
from .control_plane import ControlPlane
from .nodes import NodeRole, system_nodes
from .placement import SYSTEM_NODES
from .storage import default_storage_class

MINUTES_FOR_LEFTOVERS = 45
"""The controller in EKS's control plane removes network interfaces that nodes left behind as the node goes, at the
latest with its half-hourly round (aws/amazon-vpc-resource-controller-k8s#418)."""


class Cluster(pulumi.ComponentResource):
    """One cluster on one network.

    Creates:
        - the control plane: standard support only, access entries only, nobody an administrator implicitly, private
          endpoint always and public one by `config.api_access`, Secrets encrypted by a key of ours (rotated), all five
          log types in a log group of ours (with retention), deletion protection by lifecycle
        - an access entry for each of `config.admins`
        - the add-ons eks-pod-identity-agent, vpc-cni (prefix delegation, with its own role) and kube-proxy before the
          nodes; coredns, metrics-server and aws-ebs-csi-driver, with its own role, after them
        - the system node group: two nodes, Bottlerocket, IMDSv2 at one hop, encrypted gp3, repaired by EKS, reserved
          for the platform by a taint
        - a default StorageClass, encrypted gp3
        - a Kubernetes provider for whatever comes on top
        - a wait, on destroy, until neither an instance nor a network interface of the cluster is left

    Args:
        config: what a user decides; the rest is derived.
        network: where the cluster stands; its nodes wait for `network.ready` and are gone before it goes.
        opts: pass the region's `aws.Provider` as `provider`. While `config.protected`, every resource is protected
            against Pulumi too, unless `protect` says otherwise.
    """

    config: ClusterConfig
    network: NetworkHandle
    eks: pulumi_eks.Cluster
    """The control plane, as pulumi-eks makes it."""
    placement = SYSTEM_NODES
    """The system nodes."""
    plugin_policies: Sequence[str] = ()
    """None: the network plugin has a role of its own."""
    provider: kubernetes.Provider
    """The way into the cluster, for whoever runs the program: one of `config.admins`, with the AWS CLI at hand."""
    node_group: aws.eks.NodeGroup
    """The system nodes."""
    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    """The security group that the control plane and all nodes share."""
    ready: list[pulumi.Resource]
    """Nodes, network, DNS, Pod Identity, access: whatever runs in the cluster depends on these."""

    def __init__(
        self, name: str, config: ClusterConfig, *, network: NetworkHandle, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        protected = pulumi.ResourceOptions(protect=config.protected or None)
        super().__init__("pokayoke-eks:index:Cluster", name, {}, pulumi.ResourceOptions.merge(protected, opts))
        mine = pulumi.ResourceOptions(parent=self)
        self.config = config
        self.network = network
        control_plane = ControlPlane(name, config, network=network, opts=mine)
        self.eks = control_plane.eks
        self.name = control_plane.name
        self.arn = control_plane.arn
        self.endpoint = control_plane.endpoint
        self.security_group_id = control_plane.security_group_id
        aws.ec2.Tag(
            f"{name}-discovery",
            resource_id=control_plane.security_group_id,
            key=tags.DISCOVERY,
            value=config.name,
            opts=mine,
        )
        entered = admins(name, config, control_plane, pulumi.ResourceOptions(parent=self, depends_on=[self.eks]))
        self.provider = provider(
            name,
            cluster=config.name,
            region=config.region,
            endpoint=control_plane.endpoint,
            certificate_authority=control_plane.certificate_authority,
            entered=entered,
            opts=mine,
        )

        # On destroy all of this is read backwards: what comes later here is gone before what comes earlier.
        node_role = NodeRole(name, config, control_plane, self)
        addons = Addons(name, config, control_plane, self)
        node_addons = addons.for_nodes([*node_role.attachments])
        gone = self._nodes_gone(name, config, network)
        self.node_group = system_nodes(
            name,
            config,
            network=network,
            control_plane=control_plane,
            role=node_role.role,
            after=[*node_role.attachments, *entered, *node_addons, gone],
            parent=self,
        )
        pod_addons = addons.for_pods([self.node_group])
        driver = addons.ebs([self.node_group])
        default_storage_class(name, provider=self.provider, driver=driver, parent=self)
        self.ready = [*entered, *node_addons, self.node_group, *pod_addons]
        self.register_outputs({})

    @property
    def account(self) -> aws.Provider | None:
        """The provider of the cluster's account and region; None is the stack's default one."""
        maker = self.get_provider("aws:eks/cluster:Cluster")
        return maker if isinstance(maker, aws.Provider) else None

    @property
    def control_plane(self) -> list[pulumi.Resource]:
        """`eks`: what an association, an access entry or an attachment for this cluster depends on."""
        return [self.eks]

    @property
    def control_plane_ranges(self) -> Sequence[IPv4Network]:
        """The private subnets' ranges: EKS's network interfaces are there."""
        return self.network.private_ranges

    def _nodes_gone(self, name: str, config: ClusterConfig, network: NetworkHandle) -> Waiting:
        """Interfaces that the CNI left behind hold the subnets and the cluster's security group, and what removes them
        lives in the control plane: so it stays until they are gone."""
        return Waiting(
            f"{name}-nodes-gone",
            region=config.region,
            before_gone=[
                nothing_left(
                    Leftover.INSTANCE, vpc=network.vpc_id, tag=f"kubernetes.io/cluster/{config.name}", value="owned"
                ),
                nothing_left(
                    Leftover.NETWORK_INTERFACE,
                    vpc=network.vpc_id,
                    tag="cluster.k8s.amazonaws.com/name",
                    value=config.name,
                ),
            ],
            minutes=MINUTES_FOR_LEFTOVERS,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.eks]),
        )
