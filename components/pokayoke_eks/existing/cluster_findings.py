"""What is wrong with a cluster of somebody else's for what comes on top of it. Pure: the same data, the same
findings."""

from collections.abc import Iterator
from datetime import date

from ..config.existing import ExistingClusterConfig
from ..rules import cidrs, kubernetes_versions
from ..rules.finding import Finding, shown
from .cluster_lookup import AGENT, SeenCluster

FEWEST_NODES = 2
"""Each controller has two replicas, on nodes apart."""
API_MODES = ("API", "API_AND_CONFIG_MAP")
Located = tuple[str, Finding]
"""Where in the config, and what."""


def findings(config: ExistingClusterConfig, seen: SeenCluster | None, vpc: str) -> list[Located]:
    """Everything at once, for a cluster that is to be in the VPC `vpc`; no cluster is all that can be said of it."""
    if seen is None:
        absent = Finding(f"there is no cluster {config.name} in {config.region}", "Look up its name and its region.")
        return [("name", absent)]
    return [("name", one) for one in _cluster(seen, vpc, config.name)] + [
        ("node_group", one) for one in _nodes(config, seen)
    ]


def warnings(seen: SeenCluster, today: date) -> Iterator[str]:
    """What works today and will not always, or not as thought."""
    for finding in (
        kubernetes_versions.not_standard(seen.support_type),
        kubernetes_versions.outside_standard_support(seen.kubernetes, today),
    ):
        if finding:
            yield str(finding)
    ends = kubernetes_versions.standard_support_ends_soon(seen.kubernetes, today)
    if ends:
        yield ends
    if seen.network_policies is False:
        yield (
            "its vpc-cni enforces no network policies, so NetworkPolicies change nothing: let its owner set "
            '`"enableNetworkPolicy": "true"` in the add-on\'s configuration'
        )


def _cluster(seen: SeenCluster, vpc: str, name: str) -> Iterator[Finding]:
    if seen.status not in ("ACTIVE", "UPDATING"):
        yield Finding(f"the cluster is {seen.status}", "Wait until EKS says ACTIVE.")
    if seen.vpc != vpc:
        yield Finding(f"the cluster is in {seen.vpc}, the network is {vpc}", "Give it its own network.", "stale-vpc-id")
    if seen.authentication_mode not in API_MODES:
        yield Finding(
            f"its authentication mode is {seen.authentication_mode}: there are no access entries, and no node of a "
            "pool could join",
            "Let its owner move it to API_AND_CONFIG_MAP, which keeps the aws-auth ConfigMap.",
        )
    if seen.ip_family != "ipv4":
        yield Finding("it is a cluster of IPv6", "Only IPv4 clusters are taken here.")
    if seen.without_agent:
        yield Finding(
            f"without the add-on {AGENT} no pod gets credentials over Pod Identity ({shown(seen.without_agent, 200)})",
            "Let its owner install the add-on.",
            "in-tree-load-balancer",
        )
    if f"kubernetes.io/cluster/{name}" not in seen.security_group_tags:
        yield Finding(
            f"its security group {seen.security_group} has lost the tag kubernetes.io/cluster/{name}, by which the "
            "load balancer controller finds it",
            f"Let its owner tag it kubernetes.io/cluster/{name}=owned.",
            "security-group-selector",
        )
    if not seen.private_access and not cidrs.covers_the_internet(seen.public_ranges):
        yield Finding(
            "its API server answers stated public ranges only, and not the VPC: nodes behind NAT could not join",
            "Let its owner switch private access on.",
            "control-plane-ports-blocked",
        )


def _nodes(config: ExistingClusterConfig, seen: SeenCluster) -> Iterator[Finding]:
    group = seen.node_group
    if group is None:
        there = ", ".join(sorted(seen.node_groups)) or "none at all"
        yield Finding(f"there is no node group {config.node_group}", f"The cluster has {there}.")
        return
    if group.status != "ACTIVE":
        yield Finding(f"the node group is {group.status}", "Wait until EKS says ACTIVE.")
    if group.nodes < FEWEST_NODES:
        yield Finding(
            f"the node group has {group.nodes} nodes, and each controller runs twice, on nodes apart",
            f"Let its owner give it {FEWEST_NODES}, or state another.",
        )
