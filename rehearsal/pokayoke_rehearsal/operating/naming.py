"""How objects are called, and what a pod is one of."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Kind,
    Object,
    kind_of,
    name_of,
    namespace_of,
    owners_of,
    text,
)

_WORKLOADS = ("apps", "batch")


def label(obj: Object) -> str:
    """Kind, namespace and name, as in `Pod shop/web-1`."""
    where = f"{namespace_of(obj)}/" if namespace_of(obj) else ""
    return f"{kind_of(obj).kind} {where}{name_of(obj)}"


def workload_of(cluster: Cluster, pod: Object) -> Object:
    """What a pod is one of: the last workload in the chain of its owners, itself without one."""
    found = pod
    while owners := owners_of(found):
        kind = Kind.of(text(owners[0].get("apiVersion")), text(owners[0].get("kind")))
        owner = cluster.find(kind, text(owners[0].get("name")), namespace_of(pod))
        if owner is None or kind.group not in _WORKLOADS:
            break
        found = owner
    return found
