"""The control plane, and what must be there before it and outlive it."""

from typing import Any, cast

import pulumi
import pulumi_aws as aws
import pulumi_eks

from .. import tags
from ..config import ClusterConfig, Lifecycle
from ..handles import NetworkHandle
from ..iam import document, logs, managed, trust
from ..roles import attach
from ..rules import names
from ..rules.regions import REGIONS

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
"""All that there are (EKS API reference, LogSetup)."""


class ControlPlane:
    """`eks.Cluster` with nothing of its own but the control plane: its role, key and log group are ours, so that they
    carry our names, exist before it and go after it."""

    eks: pulumi_eks.Cluster
    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    certificate_authority: pulumi.Output[str]
    """PEM, in base64."""
    security_group_id: pulumi.Output[str]
    """The one that EKS made: control plane, managed nodes and Karpenter's nodes share it, so no port between them is
    closed."""

    def __init__(
        self, name: str, config: ClusterConfig, *, network: NetworkHandle, opts: pulumi.ResourceOptions
    ) -> None:
        role = aws.iam.Role(
            f"{name}-cluster",
            name=names.role_name(config.name, config.region, names.Purpose.CLUSTER),
            assume_role_policy=document.text(trust.service(trust.EKS)),
            tags=tags.of(config.name, config.tags),
            opts=opts,
        )
        permissions = [
            *attach(f"{name}-cluster", role, managed.CLUSTER, REGIONS[config.region].partition, opts),
            aws.iam.RolePolicy(
                f"{name}-cluster",
                role=role.name,
                policy=document.text(logs.never_create_log_groups()),
                opts=opts,
            ),
        ]
        key = _key(name, config, opts)
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-control-plane",
            name=names.control_plane_log_group(config.name),
            retention_in_days=config.log_retention_days,
            tags=tags.of(config.name, config.tags),
            opts=opts,
        )
        access = config.api_access
        self.eks = pulumi_eks.Cluster(
            name,
            name=config.name,
            version=config.kubernetes,
            vpc_id=network.vpc_id,
            private_subnet_ids=list(network.private_subnet_ids),
            authentication_mode=pulumi_eks.AuthenticationMode.API,
            upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type="STANDARD"),
            endpoint_private_access=True,
            # On is the default. Said outright, it makes the component poll the endpoint from the operator's machine.
            endpoint_public_access=None if access.is_public else False,
            public_access_cidrs=[str(cidr) for cidr in access.public] if access.is_public else None,
            enabled_cluster_log_types=list(LOG_TYPES),
            encryption_config_key_arn=key.arn,
            deletion_protection=config.protected,
            kubernetes_service_ip_address_range=str(config.service_cidr),
            service_role=role,
            skip_default_node_group=True,
            skip_default_security_groups=True,
            create_instance_role=False,
            # True means: leave out the component's add-on. Ours have an order, a version and a configuration.
            use_default_vpc_cni=True,
            kube_proxy_addon_options=pulumi_eks.KubeProxyAddonOptionsArgs(enabled=False),
            coredns_addon_options=pulumi_eks.CoreDnsAddonOptionsArgs(enabled=False),
            tags=tags.of(config.name, config.tags),
            opts=pulumi.ResourceOptions.merge(
                opts,
                pulumi.ResourceOptions(depends_on=[*permissions, key, log_group], transforms=[without_implicit_admin]),
            ),
        )
        made = self.eks.eks_cluster
        self.name = made.name
        self.arn = made.arn
        self.endpoint = made.endpoint
        self.certificate_authority = made.certificate_authority.data
        self.security_group_id = made.vpc_config.cluster_security_group_id


def without_implicit_admin(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """Whoever creates the cluster is no administrator of it for that: the component would make it one for good, and
    naming the same role among the admins would then fail with ResourceInUseException."""
    if args.type_ != "aws:eks/cluster:Cluster":
        return None
    access = {**cast("dict[str, Any]", args.props["accessConfig"]), "bootstrapClusterCreatorAdminPermissions": False}
    return pulumi.ResourceTransformResult({**args.props, "accessConfig": access}, args.opts)


def _key(name: str, config: ClusterConfig, opts: pulumi.ResourceOptions) -> aws.kms.Key:
    """The key of the cluster's Secrets, rotated every year. AWS keeps a deleted key for some days, in which a mistake
    can be taken back; without the key the Secrets in a backup are lost."""
    key = aws.kms.Key(
        f"{name}-secrets",
        description=f"Kubernetes Secrets of the EKS cluster {config.name}",
        enable_key_rotation=True,
        deletion_window_in_days=30 if config.lifecycle is Lifecycle.RETAINED else 7,
        tags=tags.of(config.name, config.tags),
        opts=opts,
    )
    aws.kms.Alias(f"{name}-secrets", name=names.key_alias(config.name), target_key_id=key.key_id, opts=opts)
    return key
