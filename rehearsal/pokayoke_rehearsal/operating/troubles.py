"""What a cluster's objects say of themselves that is not well, in the words in which kubectl shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pokayoke_rehearsal.doubles.kubernetes.attachment import GROUP as GATEWAYS
from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import is_done, is_ready
from pokayoke_rehearsal.doubles.kubernetes.controllers.scheduling import SCHEDULER
from pokayoke_rehearsal.doubles.kubernetes.events import warnings
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import CLAIM, CLASS, POOL, POOL_LABEL
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    condition,
    conditions,
    fields,
    items,
    labels_of,
    name_of,
    namespace_of,
    text,
)
from pokayoke_rehearsal.operating.naming import label, workload_of

_OWNERS = (("apps", "Deployment"), ("apps", "ReplicaSet"), ("apps", "DaemonSet"), ("apps", "StatefulSet"))
_ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute")
_WAITS = (
    "object is awaiting reconciliation",
    "Node not registered with cluster",
    "Awaiting AMI, Instance Profile, Security Group, and Subnet resolution",
)
_PENDING = "LoadBalancer EXTERNAL-IP: pending"


def of(cluster: Cluster) -> list[str]:
    """Every object that does not live as asked, one sentence each; what is alike of one owner is told once."""
    alike: dict[tuple[str, str], list[Object]] = {}
    for obj, what in _all(cluster):
        alike.setdefault((_group(cluster, obj), what), []).append(obj)
    return [_sentence(group, what, found) for (group, what), found in alike.items()]


_Trouble = tuple[Object, str]
"""An object and what follows its name in a sentence."""


def _all(cluster: Cluster) -> Iterator[_Trouble]:
    yield from _nodes(cluster)
    for kind in (CLASS, POOL, CLAIM):
        for obj in cluster.list(kind.group, kind.kind):
            yield from _unmet(obj)
    yield from _refused_pods(cluster)
    for pod in cluster.list("", "Pod"):
        yield from _pod(cluster, pod)
    for service in cluster.list("", "Service"):
        if at(service, "spec", "type") == "LoadBalancer" and not _addresses(service):
            yield service, _told(service, _PENDING, cluster)
    for ingress in cluster.list("networking.k8s.io", "Ingress"):
        if not _addresses(ingress):
            yield ingress, _told(ingress, "it has no ADDRESS", cluster)
    for gateway in cluster.list(GATEWAYS, "Gateway"):
        yield from _gateway(cluster, gateway)
    for kind in _ROUTES:
        for route in cluster.list(GATEWAYS, kind):
            yield from _route(route)
    used = _claims_of_pods(cluster)
    for claim in cluster.list("", "PersistentVolumeClaim"):
        if at(claim, "status", "phase") == "Pending" and (namespace_of(claim), name_of(claim)) in used:
            yield claim, _told(claim, "Pending", cluster)


def _group(cluster: Cluster, obj: Object) -> str:
    """With what others an object is told, where they fail alike; itself where it has none."""
    if obj.get("kind") == "Pod":
        return label(workload_of(cluster, obj))
    pool, group = labels_of(obj).get(POOL_LABEL), labels_of(obj).get("eks.amazonaws.com/nodegroup")
    if pool or group:
        return f"NodePool {pool}" if pool else f"node group {group}"
    return label(obj)


def _sentence(group: str, what: str, found: Sequence[Object]) -> str:
    more = f" and {len(found) - 1} more of {group}" if len(found) > 1 else ""
    return f"{label(found[0])}{more}{what}"


def _nodes(cluster: Cluster) -> Iterator[_Trouble]:
    for node in cluster.list("", "Node"):
        ready = condition(node, "Ready")
        if ready is None or ready.get("status") != "True":
            yield node, f": NotReady: {text(at(ready, 'message')) or 'its kubelet never posted a status'}"


def _unmet(obj: Object) -> Iterator[_Trouble]:
    found = [one for one in conditions(obj) if one.get("status") != "True"]
    # Ready sums up the others, and some only wait for others.
    told = [one for one in found if one.get("type") != "Ready"]
    for one in [one for one in told if one.get("message") not in _WAITS] or told or found:
        yield obj, f": {_said(one)}"
    if not at(obj, "status", "conditions"):
        yield obj, ": no controller has looked at it"


def _refused_pods(cluster: Cluster) -> Iterator[_Trouble]:
    for group, kind in _OWNERS:
        for owner in cluster.list(group, kind):
            failure = condition(owner, "ReplicaFailure")
            # A Deployment repeats what its ReplicaSet says.
            if failure is not None and failure.get("status") == "True" and kind != "Deployment":
                yield owner, f": FailedCreate: {text(failure.get('message'))}"


def _pod(cluster: Cluster, pod: Object) -> Iterator[_Trouble]:
    if is_ready(pod) or is_done(pod):
        return
    if not text(at(pod, "spec", "nodeName")):
        told = text(at(condition(pod, "PodScheduled"), "message")) or "no scheduler has looked at it"
        yield pod, _told(pod, f"Pending: {told}", cluster)
        return
    waiting = [
        fields(at(item, "state", "waiting"))
        for item in [*items(at(pod, "status", "initContainerStatuses")), *items(at(pod, "status", "containerStatuses"))]
        if at(item, "state", "waiting")
    ]
    for reason, message in dict.fromkeys((text(one.get("reason")), text(one.get("message"))) for one in waiting):
        yield pod, f": {reason}: {message}"
    if not waiting:
        yield pod, f": {text(at(condition(pod, 'Ready'), 'message')) or 'it is not ready'}"


def _claims_of_pods(cluster: Cluster) -> set[tuple[str, str]]:
    """The volume claims that somebody waits for: one that nobody uses may be Pending for ever."""
    return {
        (namespace_of(pod), text(at(volume, "persistentVolumeClaim", "claimName")))
        for pod in cluster.list("", "Pod")
        for volume in items(at(pod, "spec", "volumes"))
    }


def _gateway(cluster: Cluster, gateway: Object) -> Iterator[_Trouble]:
    for one in conditions(gateway):
        if one.get("status") != "True":
            yield gateway, _told(gateway, _said(one), cluster)
    if condition(gateway, "Programmed") is None:
        yield gateway, _told(gateway, "it is not Programmed, since no controller has looked at it", cluster)


def _route(route: Object) -> Iterator[_Trouble]:
    parents = [fields(item) for item in items(at(route, "status", "parents"))]
    for parent in parents:
        for one in map(fields, items(parent.get("conditions"))):
            if one.get("status") != "True":
                yield route, f": {_said(one)}"
    if not parents:
        yield route, ": no Gateway has accepted it"


def _told(obj: Object, what: str, cluster: Cluster) -> str:
    """What is wrong with an object, with what its controllers warned of."""
    warned = dict.fromkeys(
        f"{text(one.get('reason'))}: {text(one.get('message'))}"
        for one in warnings(cluster, obj)
        # What it says last stands in the pod's conditions.
        if at(one, "source", "component") != SCHEDULER
    )
    return "; ".join([f": {what}", *warned])


def _said(one: Object) -> str:
    """A condition in words."""
    return f"{text(one.get('type'))} is {text(one.get('status'))}: {text(one.get('message'))}"


def _addresses(obj: Object) -> list[object]:
    return items(at(obj, "status", "loadBalancer", "ingress"))
