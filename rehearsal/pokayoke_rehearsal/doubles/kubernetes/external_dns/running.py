"""Whether the program runs, and as whom.

Source: kubernetes-sigs/external-dns v0.22.0: controller/execute.go, source/informers (a cache that does not fill ends
the start), provider/aws/aws.go (whatever AWS refuses is a soft error: it stands in the log, and the program goes on).
"""

from __future__ import annotations

from dataclasses import dataclass

from pokayoke_rehearsal.doubles.kubernetes.attachment import GATEWAY
from pokayoke_rehearsal.doubles.kubernetes.controller_aws import Aws
from pokayoke_rehearsal.doubles.kubernetes.controller_pods import (
    CRASHED,
    ControllerPod,
    ObstacleError,
    placed,
)
from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import is_ready
from pokayoke_rehearsal.doubles.kubernetes.external_dns.charts import IMAGE
from pokayoke_rehearsal.doubles.kubernetes.external_dns.settings import Settings, settings_of
from pokayoke_rehearsal.doubles.kubernetes.network_policies import blocked_by
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object
from pokayoke_rehearsal.world.account import Account

_HOST = "route53.amazonaws.com"
_NO_REGION = "failed to resolve service endpoint, endpoint rule error, Invalid Configuration: Missing Region"


@dataclass(frozen=True)
class Acting:
    """A program at work."""

    pod: Object
    settings: Settings
    aws: Aws


def programs(cluster: Cluster) -> list[Object]:
    """The placed pods of the program."""
    return placed(cluster, IMAGE)


def acting(cluster: Cluster, account: Account, name: str) -> list[Acting]:
    """The programs at work in the cluster `name` of EKS, one a release."""
    ready = [pod for pod in programs(cluster) if is_ready(pod)]
    return [Acting(pod, settings_of(pod), _aws(cluster, pod, account, name)) for pod in ready]


def start(cluster: Cluster, pod: Object) -> None:
    """Starts the program in a placed pod; raises ObstacleError."""
    if policy := blocked_by(cluster, pod, cluster.addresses.api_server, 443):
        address = f"{cluster.addresses.api_server}:443"
        told = f'Get "https://{address}/api": dial tcp {address}: i/o timeout (NetworkPolicy {policy})'
        raise ObstacleError(CRASHED, told)
    needed = settings_of(pod).routes
    for kind in [*([GATEWAY] if needed else []), *needed]:
        if not cluster.discovery.serves(kind):
            told = f"failed to sync *{kind.version}.{kind.kind} after 1m0s: context deadline exceeded"
            raise ObstacleError(CRASHED, told)


def _aws(cluster: Cluster, pod: Object, account: Account, name: str) -> Aws:
    own = ControllerPod(cluster, pod, account, name, IMAGE)
    return own.aws(account, own.unreachable(_HOST) or ("" if own.region else _NO_REGION))
