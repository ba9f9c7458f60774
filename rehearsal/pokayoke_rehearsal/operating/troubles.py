"""What a cluster's objects say of themselves that is not well, in the words in which kubectl shows it."""

from __future__ import annotations

from collections.abc import Iterator

from pokayoke_rehearsal.doubles.kubernetes.attachment import GROUP as GATEWAYS
from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import is_done, is_ready
from pokayoke_rehearsal.doubles.kubernetes.controllers.scheduling import SCHEDULER
from pokayoke_rehearsal.doubles.kubernetes.events import warnings
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import CLAIM, CLASS, POOL
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    condition,
    conditions,
    fields,
    items,
    text,
)
from pokayoke_rehearsal.operating.naming import label

_OWNERS = (("apps", "Deployment"), ("apps", "ReplicaSet"), ("apps", "DaemonSet"), ("apps", "StatefulSet"))
_ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute")
_WAITS = ("object is awaiting reconciliation", "Awaiting AMI, Instance Profile, Security Group, and Subnet resolution")
_PENDING = "LoadBalancer EXTERNAL-IP: pending"


def of(cluster: Cluster) -> Iterator[str]:
    """Every object that does not live as asked, one sentence each."""
    yield from _nodes(cluster)
    for kind in (CLASS, POOL, CLAIM):
        for obj in cluster.list(kind.group, kind.kind):
            yield from _unmet(obj)
    yield from _refused_pods(cluster)
    for pod in cluster.list("", "Pod"):
        yield from _pod(cluster, pod)
    for service in cluster.list("", "Service"):
        if at(service, "spec", "type") == "LoadBalancer" and not _addresses(service):
            yield _told(service, _PENDING, cluster)
    for ingress in cluster.list("networking.k8s.io", "Ingress"):
        if not _addresses(ingress):
            yield _told(ingress, "it has no ADDRESS", cluster)
    for gateway in cluster.list(GATEWAYS, "Gateway"):
        yield from _gateway(cluster, gateway)
    for kind in _ROUTES:
        for route in cluster.list(GATEWAYS, kind):
            yield from _route(route)
    for claim in cluster.list("", "PersistentVolumeClaim"):
        if at(claim, "status", "phase") == "Pending":
            yield _told(claim, "Pending", cluster)


def _nodes(cluster: Cluster) -> Iterator[str]:
    for node in cluster.list("", "Node"):
        ready = condition(node, "Ready")
        if ready is None or ready.get("status") != "True":
            yield f"{label(node)} is NotReady: {text(at(ready, 'message')) or 'its kubelet never posted a status'}"


def _unmet(obj: Object) -> Iterator[str]:
    found = [one for one in conditions(obj) if one.get("status") != "True"]
    # Ready sums up the others, and some only wait for others.
    told = [one for one in found if one.get("type") != "Ready"]
    causes = [one for one in told if not text(one.get("message")).startswith(_WAITS)] or told or found
    for one in causes:
        yield f"{label(obj)}: {_said(one)}"
    if not at(obj, "status", "conditions"):
        yield f"{label(obj)}: no controller has looked at it"


def _refused_pods(cluster: Cluster) -> Iterator[str]:
    for group, kind in _OWNERS:
        for owner in cluster.list(group, kind):
            failure = condition(owner, "ReplicaFailure")
            # A Deployment repeats what its ReplicaSet says.
            if failure is not None and failure.get("status") == "True" and kind != "Deployment":
                yield f"{label(owner)}: FailedCreate: {text(failure.get('message'))}"


def _pod(cluster: Cluster, pod: Object) -> Iterator[str]:
    if is_ready(pod) or is_done(pod):
        return
    scheduled = condition(pod, "PodScheduled")
    if not text(at(pod, "spec", "nodeName")):
        told = text(at(scheduled, "message")) or "no scheduler has looked at it"
        yield _told(pod, f"Pending: {told}", cluster)
        return
    waiting = [
        fields(at(item, "state", "waiting"))
        for item in [*items(at(pod, "status", "initContainerStatuses")), *items(at(pod, "status", "containerStatuses"))]
        if at(item, "state", "waiting")
    ]
    for one in {(text(one.get("reason")), text(one.get("message"))): one for one in waiting}:
        yield f"{label(pod)}: {one[0]}: {one[1]}"
    if not waiting:
        yield f"{label(pod)}: {text(at(condition(pod, 'Ready'), 'message')) or 'it is not ready'}"


def _gateway(cluster: Cluster, gateway: Object) -> Iterator[str]:
    found = [one for one in conditions(gateway) if one.get("status") != "True"]
    for one in found:
        yield _told(gateway, _said(one), cluster)
    if condition(gateway, "Programmed") is None:
        yield _told(gateway, "it is not Programmed, since no controller has looked at it", cluster)


def _route(route: Object) -> Iterator[str]:
    parents = [fields(item) for item in items(at(route, "status", "parents"))]
    for parent in parents:
        for one in map(fields, items(parent.get("conditions"))):
            if one.get("status") != "True":
                yield f"{label(route)}: {_said(one)}"
    if not parents:
        yield f"{label(route)}: no Gateway has accepted it"


def _told(obj: Object, what: str, cluster: Cluster) -> str:
    """A sentence about an object, with what its controllers warned of."""
    warned = dict.fromkeys(
        f"{text(one.get('reason'))}: {text(one.get('message'))}"
        for one in warnings(cluster, obj)
        # What it says last stands in the pod's conditions.
        if at(one, "source", "component") != SCHEDULER
    )
    return "; ".join([f"{label(obj)}: {what}", *warned])


def _said(one: Object) -> str:
    """A condition in words."""
    return f"{text(one.get('type'))} is {text(one.get('status'))}: {text(one.get('message'))}"


def _addresses(obj: Object) -> list[object]:
    return items(at(obj, "status", "loadBalancer", "ingress"))
