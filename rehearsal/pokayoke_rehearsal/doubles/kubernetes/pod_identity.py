"""EKS Pod Identity inside a cluster: what is injected into a pod, and only when it is admitted.

EKS's webhook looks for an association when a pod is created, never later: a pod that was there before its association
has neither credentials nor a region (aws/amazon-eks-pod-identity-webhook, pkg/handler).
"""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    fields,
    items,
    labels_of,
    metadata,
    namespace_of,
    text,
)
from pokayoke_rehearsal.doubles.kubernetes.stores import Opened, Server
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.model import World

CREDENTIALS = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
ADDRESS = "http://169.254.170.23/v1/credentials"

_MOUNTED = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token"
_AGENT = {"app.kubernetes.io/name": "eks-pod-identity-agent"}


def inject(world: World) -> Opened:
    """What has every new cluster inject credentials into the pods of associated service accounts."""

    def opened(server: Server) -> None:
        def change(pod: Object) -> None:
            if metadata(pod).get("uid") or not world.is_started:
                return
            account = text(at(pod, "spec", "serviceAccountName"))
            eks = Account(world, server.region).eks_cluster(server.name)
            if eks is None or eks.association(namespace_of(pod), account) is None:
                return
            for container in map(
                fields, [*items(at(pod, "spec", "containers")), *items(at(pod, "spec", "initContainers"))]
            ):
                _give(container, server.region)

        server.cluster.mutators.setdefault(("", "Pod"), []).append(change)

    return opened


def agent_runs_on(cluster: Cluster, node: str) -> bool:
    """Whether a node has a running pod of the agent, which hands out the credentials."""
    pods = cluster.list("", "Pod", labels=_AGENT)
    return any(at(pod, "spec", "nodeName") == node for pod in pods)


def is_agent(pod: Object) -> bool:
    """Whether the pod is one of the agent's."""
    return _AGENT.items() <= labels_of(pod).items()


def _give(container: Object, region: str) -> None:
    env = container.setdefault("env", [])
    stated = {fields(item).get("name") for item in env}
    given = {
        "AWS_STS_REGIONAL_ENDPOINTS": "regional",
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        CREDENTIALS: ADDRESS,
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": _MOUNTED,
    }
    env += [{"name": name, "value": value} for name, value in given.items() if name not in stated]
