"""The cluster's add-ons, all of them managed by EKS, in the order in which they are needed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from .. import tags
from ..config import ClusterConfig
from ..iam import managed
from ..roles import PodRole, pod_role
from ..rules import names
from ..rules.system_nodes import COREDNS, EBS_CSI_CONTROLLER, METRICS_SERVER
from .control_plane import ControlPlane
from .placement import NODE_SELECTOR, TOLERATIONS

NAMESPACE = "kube-system"
NETWORK_SERVICE_ACCOUNT = "aws-node"
EBS_SERVICE_ACCOUNT = "ebs-csi-controller-sa"
"""Where the add-ons put what calls AWS (EKS user guide, "AWS add-ons")."""


class Addons:
    """Makes `aws.eks.Addon`s. Each takes over the copy that EKS put into the new cluster (`OVERWRITE`), and is removed
    with its objects when it goes."""

    def __init__(self, name: str, config: ClusterConfig, control_plane: ControlPlane, parent: pulumi.Resource) -> None:
        self._name, self._config, self._control_plane, self._parent = name, config, control_plane, parent

    def for_nodes(self, after: list[pulumi.Resource]) -> list[aws.eks.Addon]:
        """What every node runs: before any node, after what the nodes' role may do (`after`).

        The network plugin gets its role over Pod Identity, on the first node too: the agent is there before it, needs
        nothing but the host's network and the node's role, and tolerates that the node is not ready (its chart). So do
        eksctl's clusters of IPv6, whose nodes' role holds no right of the plugin's (eksctl,
        `pkg/apis/eksctl.io/v1alpha5/validation.go` and `pkg/actions/addon/tasks.go`). Where the association comes to
        nodes that run, EKS restarts the plugin's pods one after the other (EKS user guide, "IAM roles for Amazon EKS
        add-ons"), and what the nodes' role had goes with the last step of the update.
        """
        versions = self._config.addons
        # A node is tainted until its network works. Stated, since add-ons were seen without it
        # (terraform-aws-modules/terraform-aws-eks#3621).
        anywhere = {"tolerations": [{"operator": "Exists"}]}
        agent = self._addon("eks-pod-identity-agent", versions.eks_pod_identity_agent, after, anywhere)
        return [agent, self._network([*after, agent]), self._addon("kube-proxy", versions.kube_proxy, after)]

    def _network(self, after: list[pulumi.Resource]) -> aws.eks.Addon:
        """Prefix delegation gives a node addresses in /28 blocks, one block in reserve (`WARM_PREFIX_TARGET`). Network
        policies are enforced only where the add-on is told so, in text (EKS user guide, "Restrict Pod network traffic
        with Kubernetes network policies")."""
        identity = self._identity("vpc-cni", names.Purpose.VPC_CNI, NETWORK_SERVICE_ACCOUNT, managed.NETWORK_PLUGIN)
        return self._addon(
            "vpc-cni",
            self._config.addons.vpc_cni,
            [*after, *identity.attachments],
            {
                "enableNetworkPolicy": "true",
                "env": {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"},
            },
            identity,
        )

    def for_pods(self, after: list[pulumi.Resource]) -> list[aws.eks.Addon]:
        """What runs on the system nodes (`after`): DNS and metrics, with requests that are limits."""
        versions = self._config.addons
        placed = {"nodeSelector": NODE_SELECTOR, "tolerations": TOLERATIONS}
        return [
            self._addon(
                "coredns",
                versions.coredns,
                after,
                {**placed, "replicaCount": COREDNS.replicas, "resources": COREDNS.resources},
            ),
            self._addon(
                "metrics-server",
                versions.metrics_server,
                after,
                {**placed, "replicas": METRICS_SERVER.replicas, "resources": METRICS_SERVER.resources},
            ),
        ]

    def ebs(self, after: list[pulumi.Resource]) -> aws.eks.Addon:
        """Volumes. The driver's role reaches its service account over Pod Identity, which EKS associates before it
        starts the pods; `after` holds the nodes and, with them, the agent."""
        identity = self._identity("ebs-csi", names.Purpose.EBS_CSI, EBS_SERVICE_ACCOUNT, managed.EBS_CSI)
        return self._addon(
            "aws-ebs-csi-driver",
            self._config.addons.aws_ebs_csi_driver,
            [*after, *identity.attachments],
            {
                "controller": {
                    "nodeSelector": NODE_SELECTOR,
                    "tolerations": TOLERATIONS,
                    "replicaCount": EBS_CSI_CONTROLLER.replicas,
                    "resources": EBS_CSI_CONTROLLER.resources,
                },
                "node": {"tolerateAllTaints": True},
            },
            identity,
        )

    def _identity(self, label: str, purpose: names.Purpose, service_account: str, policies: Sequence[str]) -> PodRole:
        return pod_role(
            f"{self._name}-{label}",
            self._config,
            purpose=purpose,
            cluster_arn=self._control_plane.arn,
            namespace=NAMESPACE,
            service_account=service_account,
            policies=policies,
            opts=pulumi.ResourceOptions(parent=self._parent, depends_on=[self._control_plane.eks]),
        )

    def _addon(
        self,
        addon: str,
        version: str | None,
        after: list[pulumi.Resource],
        configuration: Mapping[str, Any] | None = None,
        identity: PodRole | None = None,
    ) -> aws.eks.Addon:
        associations = identity and [
            aws.eks.AddonPodIdentityAssociationArgs(
                role_arn=identity.role.arn, service_account=identity.service_account
            )
        ]
        return aws.eks.Addon(
            f"{self._name}-{addon}",
            cluster_name=self._control_plane.name,
            addon_name=addon,
            addon_version=version,
            configuration_values=json.dumps(configuration) if configuration else None,
            pod_identity_associations=associations,
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="OVERWRITE",
            tags=tags.of(self._config.name, self._config.tags),
            opts=pulumi.ResourceOptions(parent=self._parent, depends_on=[self._control_plane.eks, *after]),
        )
