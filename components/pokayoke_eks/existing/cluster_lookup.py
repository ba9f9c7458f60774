"""What the account says of a cluster, as plain data."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from ..config.existing import ExistingClusterConfig

AGENT = "eks-pod-identity-agent"
NETWORK_PLUGIN = "vpc-cni"
_POLICIES_ON = re.compile(r"enableNetworkPolicy\W*true\b")


@dataclass(frozen=True, slots=True)
class SeenNodeGroup:
    """A managed node group."""

    status: str
    nodes: int
    """How many it is meant to have."""
    taint_keys: Sequence[str]


@dataclass(frozen=True, slots=True)
class SeenCluster:
    """A control plane, and what of it matters to whoever runs something on it."""

    arn: str
    endpoint: str
    certificate_authority: str
    """PEM, in base64."""
    status: str
    kubernetes: str
    authentication_mode: str
    support_type: str
    ip_family: str
    service_cidr: str
    """Empty for a cluster of IPv6."""
    vpc: str
    ranges: Sequence[IPv4Network]
    """Of the subnets in which the control plane has network interfaces."""
    private_access: bool
    public_ranges: Sequence[IPv4Network]
    """From which the API server answers beside the VPC."""
    security_group: str
    security_group_tags: Mapping[str, str]
    without_agent: str
    """Why its Pod Identity agent is not to be seen, in the provider's words; empty where it is."""
    network_policies: bool | None
    """Whether the add-on vpc-cni enforces them; None where it is no add-on."""
    node_groups: Sequence[str]
    node_group: SeenNodeGroup | None


def look_up(config: ExistingClusterConfig, opts: pulumi.InvokeOptions) -> SeenCluster | None:
    """Asks for the cluster, its security group, its add-ons and its node group; None where there is no such cluster."""
    region = config.region
    if config.name not in aws.eks.get_clusters(region=region, opts=opts).names:
        return None
    found = aws.eks.get_cluster(name=config.name, region=region, opts=opts)
    network, services = found.vpc_config, found.kubernetes_network_configs[0]
    group = aws.ec2.get_security_group(id=network.cluster_security_group_id, region=region, opts=opts)
    subnets = (aws.ec2.get_subnet(id=one, region=region, opts=opts) for one in network.subnet_ids)
    node_groups = aws.eks.get_node_groups(cluster_name=config.name, region=region, opts=opts).names
    return SeenCluster(
        arn=found.arn,
        endpoint=found.endpoint,
        certificate_authority=found.certificate_authorities[0].data if found.certificate_authorities else "",
        status=found.status,
        kubernetes=found.version,
        authentication_mode=found.access_configs[0].authentication_mode,
        support_type=found.upgrade_policies[0].support_type,
        ip_family=services.ip_family,
        service_cidr=services.service_ipv4_cidr or "",
        vpc=network.vpc_id,
        ranges=tuple(IPv4Network(one.cidr_block) for one in subnets),
        private_access=network.endpoint_private_access,
        public_ranges=_ranges(network.public_access_cidrs) if network.endpoint_public_access else [],
        security_group=group.id,
        security_group_tags=dict(group.tags),
        without_agent=_addon(config, AGENT, opts).unseen,
        network_policies=_enforces(_addon(config, NETWORK_PLUGIN, opts)),
        node_groups=node_groups,
        node_group=_node_group(config, opts) if config.node_group in node_groups else None,
    )


@dataclass(frozen=True, slots=True)
class _Addon:
    values: str = ""
    unseen: str = ""


def _addon(config: ExistingClusterConfig, addon: str, opts: pulumi.InvokeOptions) -> _Addon:
    """An add-on's configuration, or what the call for it failed with: add-ons have no list to look into."""
    try:
        found = aws.eks.get_addon(cluster_name=config.name, addon_name=addon, region=config.region, opts=opts)
    except Exception as error:
        return _Addon(unseen=" ".join(str(error).split()) or "the call failed")
    return _Addon(found.configuration_values or "")


def _enforces(addon: _Addon) -> bool | None:
    # EKS takes the configuration as JSON or as YAML.
    return None if addon.unseen else bool(_POLICIES_ON.search(addon.values))


def _ranges(texts: Sequence[str]) -> list[IPv4Network]:
    return [IPv4Network(text) for text in texts if ":" not in text]


def _node_group(config: ExistingClusterConfig, opts: pulumi.InvokeOptions) -> SeenNodeGroup:
    found = aws.eks.get_node_group(
        cluster_name=config.name, node_group_name=config.node_group, region=config.region, opts=opts
    )
    return SeenNodeGroup(
        found.status,
        found.scaling_configs[0].desired_size if found.scaling_configs else 0,
        tuple(one.key for one in found.taints),
    )
