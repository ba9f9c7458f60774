"""Whether Karpenter's controller runs, and as whom: everything that keeps its pods from starting or from acting.

The order is that of its own start (aws/karpenter-provider-aws, pkg/operator/operator.go).
"""

from __future__ import annotations

from dataclasses import dataclass

from pokayoke_rehearsal.doubles.kubernetes.karpenter.charts import IMAGE
from pokayoke_rehearsal.doubles.kubernetes.pod_identity import ADDRESS, CREDENTIALS, agent_runs_on
from pokayoke_rehearsal.doubles.kubernetes.store.admission import ready_endpoints
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Kind,
    Object,
    at,
    condition,
    fields,
    items,
    labels_of,
    namespace_of,
    text,
)
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.principals import Caller

CRASHED = "CrashLoopBackOff"

_NEEDED = (Kind("karpenter.sh", "v1", "NodePool"), Kind("karpenter.sh", "v1", "NodeClaim"))
_NO_REGION = (
    "panic: operation error ec2imds: GetRegion, canceled, context deadline exceeded (unable to determine region from "
    "IMDS; ec2 api connectivity check failed)"
)
_NO_CREDENTIALS = (
    "ec2 api connectivity check failed: operation error EC2: DescribeInstanceTypes, get identity: get credentials: "
    "failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, canceled, "
    "context deadline exceeded"
)


@dataclass(frozen=True)
class Acting:
    """A controller at work."""

    cluster_name: str
    """`settings.clusterName`."""
    region: str
    account: Account
    caller: Caller


class ObstacleError(Exception):
    """Why a controller does not run, as its waiting container shows it."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(f"[{reason}] {message}")
        self.reason, self.message = reason, message


def is_controller(pod: Object) -> bool:
    """Whether the pod is one of Karpenter's controller."""
    return any(text(fields(item).get("image")).startswith(IMAGE) for item in items(at(pod, "spec", "containers")))


def controllers(cluster: Cluster) -> list[Object]:
    """The placed pods of the controller."""
    return [pod for pod in cluster.list("", "Pod") if text(at(pod, "spec", "nodeName")) and is_controller(pod)]


def acting(cluster: Cluster, account: Account, name: str) -> Acting | None:
    """The controller that acts in the cluster `name` of EKS, None while none of its pods can."""
    for pod in controllers(cluster):
        try:
            return start(cluster, pod, account, name)
        except ObstacleError:
            continue
    return None


def start(cluster: Cluster, pod: Object, account: Account, name: str) -> Acting:
    """Starts the controller in a placed pod; raises ObstacleError."""
    node = cluster.find_named("", "Node", text(at(pod, "spec", "nodeName")))
    ready = condition(node or {}, "Ready")
    if node is None or ready is None or ready.get("status") != "True":
        raise ObstacleError("NodeNotReady", "node is not ready")
    env = _environment(pod)
    machine = account.eks_cluster(name)
    group = machine.group_of(labels_of(node).get("eks.amazonaws.com/nodegroup", "")) if machine is not None else None
    reaches_metadata = bool(at(pod, "spec", "hostNetwork")) or (group is not None and group[1] > 1)
    region = env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or (account.region if reaches_metadata else "")
    if not region:
        raise ObstacleError(CRASHED, _NO_REGION)
    _require_network(cluster, pod, node, account, region)
    caller = _identity(cluster, pod, env, account, name)
    if caller is None:
        role = account.role(group[0]) if group is not None and reaches_metadata else None
        if role is None:
            raise ObstacleError(CRASHED, _NO_CREDENTIALS)
        caller = Caller(role, region, {})
    _require_rights(caller, env, account)
    missing = [kind for kind in _NEEDED if not cluster.discovery.serves(kind)]
    if missing:
        listed = ", ".join(f'no matches for kind "{kind.kind}" in version "{kind.api_version}"' for kind in missing)
        raise ObstacleError(
            "Unhealthy", f"Readiness probe failed: HTTP probe failed with statuscode: 500 (crd: {listed})"
        )
    return Acting(env.get("CLUSTER_NAME", ""), region, account, caller)


def _require_network(cluster: Cluster, pod: Object, node: Object, account: Account, region: str) -> None:
    host = f"ec2.{region}.amazonaws.com"
    own_dns = at(pod, "spec", "dnsPolicy") == "Default" or (
        bool(at(pod, "spec", "hostNetwork")) and at(pod, "spec", "dnsPolicy") != "ClusterFirstWithHostNet"
    )
    service = cluster.find_named("", "Service", "kube-dns", "kube-system")
    if not own_dns and (service is None or not ready_endpoints(cluster, service)):
        raise ObstacleError(CRASHED, f"ec2 api connectivity check failed: dial tcp: lookup {host}: i/o timeout")
    instance = text(at(node, "spec", "providerID")).rsplit("/", 1)[-1]
    if not account.way_out(account.subnet_of(instance)):
        raise ObstacleError(CRASHED, f"ec2 api connectivity check failed: dial tcp {host}:443: i/o timeout")


def _identity(cluster: Cluster, pod: Object, env: dict[str, str], account: Account, name: str) -> Caller | None:
    """Who the pod is over Pod Identity; None where nothing was injected when it was admitted."""
    if CREDENTIALS not in env:
        return None
    if not agent_runs_on(cluster, text(at(pod, "spec", "nodeName"))):
        raise ObstacleError(
            CRASHED, f'failed to load credentials, Get "{ADDRESS}": dial tcp 169.254.170.23:80: i/o timeout'
        )
    namespace, service_account = namespace_of(pod), text(at(pod, "spec", "serviceAccountName"))
    found = account.eks_cluster(name)
    role = found.association(namespace, service_account) if found is not None else None
    if found is None or role is None:
        raise ObstacleError(
            CRASHED, _refused("ResourceNotFoundException", "no association found for the service account")
        )
    caller = account.assume_pod_role(role, found, namespace, service_account)
    if caller is None:
        raise ObstacleError(
            CRASHED,
            _refused(
                "AccessDeniedException",
                f"Unauthorized Exception! EKS does not have permissions to assume the associated role {role}.",
            ),
        )
    return caller


def _require_rights(caller: Caller, env: dict[str, str], account: Account) -> None:
    if not caller.may("ec2:DescribeInstanceTypes"):
        raise ObstacleError(CRASHED, f"ec2 api connectivity check failed: {unauthorized('EC2: DescribeInstanceTypes')}")
    if env.get("CLUSTER_ENDPOINT"):
        return
    arn = account.arn("eks", f"cluster/{env.get('CLUSTER_NAME', '')}")
    if not caller.may("eks:DescribeCluster", arn):
        denied = f"AccessDeniedException: User: {caller.role.arn} is not authorized to perform: eks:DescribeCluster"
        raise ObstacleError(
            CRASHED, f"unable to detect the cluster endpoint, failed to resolve cluster endpoint, {denied}"
        )


def unauthorized(call: str) -> str:
    """What EC2 answers to a call that the caller's role does not allow; `call` as `EC2: RunInstances`."""
    told = "api error UnauthorizedOperation: You are not authorized to perform this operation."
    return f"operation error {call}, https response error StatusCode: 403, {told}"


def _refused(code: str, message: str) -> str:
    return (
        "ec2 api connectivity check failed: failed to refresh cached credentials, failed to load credentials, "
        f"[400 Bad Request] {code}: {message}"
    )


def _environment(pod: Object) -> dict[str, str]:
    containers = [fields(item) for item in items(at(pod, "spec", "containers"))]
    own = [one for one in containers if text(one.get("image")).startswith(IMAGE)]
    stated = [fields(item) for one in own for item in items(one.get("env"))]
    return {text(item.get("name")): text(item.get("value")) for item in stated if text(item.get("value"))}
