"""Whether Karpenter's controller runs, and as whom: everything that keeps its pods from starting or from acting.

The order is that of its own start (aws/karpenter-provider-aws, pkg/operator/operator.go).
"""

from __future__ import annotations

from dataclasses import dataclass

from pokayoke_rehearsal.doubles.kubernetes.controller_pods import (
    CRASHED,
    NO_CREDENTIALS,
    ControllerPod,
    CredentialsError,
    ObstacleError,
    placed,
    runs,
)
from pokayoke_rehearsal.doubles.kubernetes.karpenter.charts import IMAGE
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.principals import Caller

_NEEDED = (Kind("karpenter.sh", "v1", "NodePool"), Kind("karpenter.sh", "v1", "NodeClaim"))
_NO_REGION = (
    "panic: operation error ec2imds: GetRegion, canceled, context deadline exceeded (unable to determine region from "
    "IMDS; ec2 api connectivity check failed)"
)


@dataclass(frozen=True)
class Acting:
    """A controller at work."""

    cluster_name: str
    """`settings.clusterName`."""
    region: str
    account: Account
    caller: Caller


def is_controller(pod: Object) -> bool:
    """Whether the pod is one of Karpenter's controller."""
    return runs(pod, IMAGE)


def controllers(cluster: Cluster) -> list[Object]:
    """The placed pods of the controller."""
    return placed(cluster, IMAGE)


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
    own = ControllerPod(cluster, pod, account, name, IMAGE)
    region, cluster_name = own.region, own.environment.get("CLUSTER_NAME", "")
    if not region:
        raise ObstacleError(CRASHED, _NO_REGION)
    if problem := own.unreachable(f"ec2.{region}.amazonaws.com"):
        raise _unconnected(problem)
    try:
        caller = own.caller(region)
    except CredentialsError as error:
        raise _unconnected(str(error)) from None
    if caller is None:
        raise _unconnected(f"operation error EC2: DescribeInstanceTypes, {NO_CREDENTIALS}")
    if not caller.may("ec2:DescribeInstanceTypes"):
        raise _unconnected(unauthorized("EC2: DescribeInstanceTypes"))
    if not own.environment.get("CLUSTER_ENDPOINT"):
        _require_endpoint(caller, account, cluster_name)
    missing = [kind for kind in _NEEDED if not cluster.discovery.serves(kind)]
    if missing:
        listed = ", ".join(f'no matches for kind "{kind.kind}" in version "{kind.api_version}"' for kind in missing)
        raise ObstacleError(
            "Unhealthy", f"Readiness probe failed: HTTP probe failed with statuscode: 500 (crd: {listed})"
        )
    return Acting(cluster_name, region, account, caller)


def _require_endpoint(caller: Caller, account: Account, cluster_name: str) -> None:
    if not caller.may("eks:DescribeCluster", account.arn("eks", f"cluster/{cluster_name}")):
        denied = f"AccessDeniedException: User: {caller.role.arn} is not authorized to perform: eks:DescribeCluster"
        raise ObstacleError(
            CRASHED, f"unable to detect the cluster endpoint, failed to resolve cluster endpoint, {denied}"
        )


def unauthorized(call: str) -> str:
    """What EC2 answers to a call that the caller's role does not allow; `call` as `EC2: RunInstances`."""
    told = "api error UnauthorizedOperation: You are not authorized to perform this operation."
    return f"operation error {call}, https response error StatusCode: 403, {told}"


def _unconnected(problem: str) -> ObstacleError:
    return ObstacleError(CRASHED, f"ec2 api connectivity check failed: {problem}")
