"""Every physical name that the platform gives, in one place, with AWS's limit on each.

Names of global services (IAM) carry the region's short code, so that the clusters of two regions, which share a name,
never claim one role.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from .finding import Finding
from .regions import REGIONS


class Purpose(StrEnum):
    """What a role of the platform is for; the last part of its name."""

    CLUSTER = "cluster"
    SYSTEM_NODES = "system-nodes"
    EBS_CSI = "ebs-csi"
    VPC_CNI = "vpc-cni"
    FLOW_LOGS = "flow-logs"
    POOL_NODES = "pool-nodes"
    BACKUPS = "backups"


@dataclass(frozen=True, slots=True)
class PhysicalName:
    """A name that AWS limits: what carries it, the name, the longest that AWS takes."""

    what: str
    name: str
    limit: int


def role_name(cluster: str, region: str, purpose: Purpose | str) -> str:
    """The IAM role of one purpose of one cluster; unique over all regions of an account."""
    return f"{cluster}-{REGIONS[region].code}-{Purpose(purpose)}"


def workload_role_name(cluster: str, region: str, namespace: str, service_account: str) -> str:
    """The IAM role of one service account of one cluster; unique over all regions of an account."""
    return _fitted(f"{cluster}-{REGIONS[region].code}-{namespace}-{service_account}", 64)


def workload_policy_name(role: str, policy: str) -> str:
    """A policy of ours on the role of a service account; unique in an account, as the role is."""
    return _fitted(f"{role}-{policy}", 128)


def interruption_queue(cluster: str) -> str:
    """The queue from which Karpenter hears of interruptions."""
    return f"{cluster}-karpenter"


def interruption_rule(cluster: str, event: str) -> str:
    """An EventBridge rule that sends one kind of event to the interruption queue."""
    return _fitted(f"{cluster}-{event}", 64)


def record_owner(cluster: str, region: str) -> str:
    """Whom ExternalDNS of one cluster names as the owner of its records; unique over all regions, which may share a
    zone."""
    return f"{cluster}-{REGIONS[region].code}"


def access_logs_bucket(cluster: str, region: str, gateway: str, account: str) -> str:
    """Where the balancer of a gateway writes what was asked of it; unique among the buckets of all accounts."""
    return _fitted(f"{cluster}-{REGIONS[region].code}-{gateway}-logs-{account}", 63)


def image_repository(cluster: str, repository: str) -> str:
    """A repository of images of one platform; the same in each region, as a replicated image's is."""
    return f"{cluster}/{repository}"


def state_bucket(name: str, account: str, region: str) -> str:
    """The bucket of Pulumi's states: buckets' names are one space for all accounts and regions of a partition."""
    return f"{name}-{account}-{REGIONS[region].code}-state"


def state_key_alias(name: str) -> str:
    """The KMS key of Pulumi's states and of the secrets in them."""
    return f"alias/{name}-state"


def database_backups(cluster: str) -> str:
    """The vault, in each region, of the databases' backups, and their plan."""
    return _fitted(f"{cluster}-dsql", 50)


def node_group_name() -> str:
    """The system node group; its scope is the cluster."""
    return "system"


def key_alias(cluster: str) -> str:
    """The KMS key of the cluster's secrets."""
    return f"alias/{cluster}-eks"


def control_plane_log_group(cluster: str) -> str:
    """Where EKS writes the control plane's logs: EKS's own name, which nobody may choose."""
    return f"/aws/eks/{cluster}/cluster"


def flow_log_group(cluster: str) -> str:
    """Where the VPC's flow logs go."""
    return f"/aws/vpc/{cluster}/flow-logs"


def limited_names(cluster: str, region: str) -> tuple[PhysicalName, ...]:
    """Every name that this cluster makes in this region and that AWS limits.

    Limits: EKS API reference (cluster 100, node group 63), IAM and STS quotas (role 64), KMS API reference (alias 256),
    CloudWatch Logs API reference (log group 512), SQS API reference (queue 80), Kubernetes (label value 63: the
    cluster's name is one). The names of workloads' roles and policies, of EventBridge rules, of buckets and of backups
    are cut to their limits (AWS Backup API reference, CreateBackupVault: 50).
    """
    return (
        *(PhysicalName("IAM role", role_name(cluster, region, purpose), 64) for purpose in Purpose),
        PhysicalName("SQS queue", interruption_queue(cluster), 80),
        PhysicalName("EKS cluster", cluster, 100),
        PhysicalName("Kubernetes label", cluster, 63),
        PhysicalName("node group", node_group_name(), 63),
        PhysicalName("KMS alias", key_alias(cluster), 256),
        PhysicalName("log group", control_plane_log_group(cluster), 512),
        PhysicalName("log group", flow_log_group(cluster), 512),
    )


def name_too_long(cluster: str, regions: tuple[str, ...]) -> Finding | None:
    """The name that exceeds its limit by most, over all regions of this config; None when all fit."""
    names = [name for region in regions for name in limited_names(cluster, region)]
    worst = max(names, key=lambda one: len(one.name) - one.limit, default=None)
    if worst is None or len(worst.name) <= worst.limit:
        return None
    over = len(worst.name) - worst.limit
    return Finding(
        f"the {worst.what} '{worst.name[:80]}' would be {len(worst.name)} characters long, AWS takes {worst.limit}",
        f"Shorten the name by {over} to at most {len(cluster) - over} characters.",
    )


def _fitted(name: str, limit: int) -> str:
    """The name, or as much of it as fits, with eight digits of its hash so that it stays the only one."""
    if len(name) <= limit:
        return name
    return f"{name[: limit - 9]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
