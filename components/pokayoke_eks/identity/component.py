"""Namespace, service account, role and Pod Identity association as one value, so that they cannot disagree."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from .. import parts, tags
from ..handles import ClusterHandle
from ..iam import document
from ..iam.document import Document
from ..roles import service_account_role
from ..rules import names
from ..rules.workloads import POD_SECURITY
from ..waiting import Waiting, association_visible
from .config import IdentityConfig

ALWAYS_THERE = "kube-system"
"""The one namespace of every cluster in which a platform may run something of its own."""
MINUTES_UNTIL_VISIBLE = 5


class WorkloadIdentity(pulumi.ComponentResource):
    """Who the pods of one service account are in AWS, over EKS Pod Identity.

    Creates:
        - the namespace, held to a Pod Security Standard, unless it is kube-system or another identity's; the service
          account
        - a role that only pods of this service account in this namespace of this cluster may assume
        - its policies, each managed (at most 6,144 characters without white space)
        - the Pod Identity association, and a wait until the cluster lists it: a pod that is admitted earlier never
          gets credentials, and falls back to instance metadata, which it cannot reach

    Args:
        config: namespace and service account.
        cluster: whose pods these are; its agent runs before anything that waits for `ready`.
        policies: what the role may do, by name.
        beside: another identity, whose namespace this one shares.
        opts: made by the cluster's own provider, and protected as it is, unless these say otherwise.

    Raises:
        ValueError: `beside` lives in another namespace.
    """

    cluster: ClusterHandle
    namespace: str
    home: kubernetes.core.v1.Namespace | None
    """The namespace, where it was made here or with the identity beside this one; None for kube-system."""
    service_account: str
    role: aws.iam.Role
    ready: list[pulumi.Resource]
    """Role, policies, association, agent, nodes: whatever runs as this identity depends on these."""

    def __init__(
        self,
        name: str,
        config: IdentityConfig,
        *,
        cluster: ClusterHandle,
        policies: Mapping[str, pulumi.Input[Document]],
        beside: WorkloadIdentity | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        if beside is not None and beside.namespace != config.namespace:
            raise ValueError(f"{name}: beside {beside.namespace}/{beside.service_account}, but in {config.namespace}")
        super().__init__("pokayoke-eks:index:WorkloadIdentity", name, {}, parts.of(cluster, opts))
        self.namespace = config.namespace
        self.service_account = config.service_account
        self.cluster = cluster
        self._name = name
        self.home = beside.home if beside is not None else self._made_namespace(config)
        account = self._account()
        region = cluster.config.region
        role_name = names.workload_role_name(cluster.config.name, region, self.namespace, self.service_account)
        self.role = service_account_role(
            name,
            cluster.config,
            role_name=role_name,
            cluster_arn=cluster.arn,
            namespace=self.namespace,
            service_account=self.service_account,
            opts=pulumi.ResourceOptions(parent=self),
        )
        attachments = [self._attach(role_name, key, policy) for key, policy in policies.items()]
        association = aws.eks.PodIdentityAssociation(
            name,
            cluster_name=cluster.name,
            namespace=self.namespace,
            service_account=self.service_account,
            role_arn=self.role.arn,
            tags=tags.of(cluster.config.name, cluster.config.tags),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*cluster.control_plane, *attachments]),
        )
        visible = Waiting(
            f"{name}-visible",
            region=region,
            before_ready=[
                association_visible(cluster.name, namespace=self.namespace, service_account=self.service_account)
            ],
            minutes=MINUTES_UNTIL_VISIBLE,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[association]),
        )
        self.ready = [account, *attachments, association, visible, *cluster.ready]
        self.register_outputs({})

    def _made_namespace(self, config: IdentityConfig) -> kubernetes.core.v1.Namespace | None:
        if self.namespace == ALWAYS_THERE:
            return None
        return kubernetes.core.v1.Namespace(
            f"{self._name}-{self.namespace}",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=self.namespace, labels={f"{POD_SECURITY}/enforce": str(config.pod_security)}
            ),
            opts=pulumi.ResourceOptions(parent=self, provider=self.cluster.provider),
        )

    def _account(self) -> kubernetes.core.v1.ServiceAccount:
        return kubernetes.core.v1.ServiceAccount(
            f"{self._name}-{self.service_account}",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=self.service_account, namespace=self.namespace),
            opts=pulumi.ResourceOptions(
                parent=self, provider=self.cluster.provider, depends_on=[self.home] if self.home else []
            ),
        )

    def _attach(self, role_name: str, key: str, policy: pulumi.Input[Document]) -> aws.iam.RolePolicyAttachment:
        opts = pulumi.ResourceOptions(parent=self, depends_on=self.cluster.control_plane)
        made = aws.iam.Policy(
            f"{self._name}-{key}",
            name=names.workload_policy_name(role_name, key),
            policy=pulumi.Output.from_input(policy).apply(document.text),
            tags=tags.of(self.cluster.config.name, self.cluster.config.tags),
            opts=opts,
        )
        return aws.iam.RolePolicyAttachment(
            f"{self._name}-{key}",
            role=self.role.name,
            policy_arn=made.arn,
            opts=opts,
        )
