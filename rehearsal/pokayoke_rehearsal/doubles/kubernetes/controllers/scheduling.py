"""The scheduler: which node a pod may run on, and why none will do, in kube-scheduler's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes import events
from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import is_done
from pokayoke_rehearsal.doubles.kubernetes.controllers.spreading import Neighbours
from pokayoke_rehearsal.doubles.kubernetes.controllers.status import condition
from pokayoke_rehearsal.doubles.kubernetes.controllers.storage import claim_problem
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.names import selects
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    fields,
    items,
    labels_of,
    name_of,
    text,
    whole,
)
from pokayoke_rehearsal.doubles.kubernetes.store.quantities import amount
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Event

UNTOLERATED = "node(s) had untolerated taint"
SCHEDULER, UNSCHEDULED = "default-scheduler", "FailedScheduling"
"""Who says by which event that a pod has no node."""

# What the daemon set controller lets its pods tolerate without being asked (Kubernetes documentation, DaemonSet).
_DAEMON_TOLERATIONS = frozenset(
    f"node.kubernetes.io/{name}"
    for name in ("not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure", "unschedulable")
) | {"node.kubernetes.io/network-unavailable"}


class Scheduler:
    """Binds pods to nodes; one that fits nowhere stays Pending and says why."""

    def __init__(self) -> None:
        self._taken: dict[str, dict[str, dict[str, Decimal]]] = {}
        """What each placed pod, by uid, takes of its node."""

    @property
    def watches(self) -> frozenset[tuple[str, str]]:
        storage = {("storage.k8s.io", "StorageClass"), ("storage.k8s.io", "CSIDriver"), ("", "PersistentVolumeClaim")}
        return frozenset({("", "Pod"), ("", "Node"), *storage})

    def react(self, cluster: Cluster, event: Event) -> None:
        if event.key.kind == "Pod":
            self._count(event.object, gone=event.happened == "removed")
            if event.happened != "removed":
                self._place(cluster, event.key.name, event.key.namespace)
            return
        if event.key.kind == "Node" and event.happened == "removed":
            self._evict(cluster, event.key.name)
        for pod in cluster.list("", "Pod"):
            if not text(at(pod, "spec", "nodeName")):
                self._place(cluster, name_of(pod), text(at(pod, "metadata", "namespace")))

    def _place(self, cluster: Cluster, name: str, namespace: str) -> None:
        pod = cluster.find_named("", "Pod", name, namespace)
        if pod is None or text(at(pod, "spec", "nodeName")):
            return
        node, problem = self._choose(cluster, pod)
        if node:
            cluster.edit(pod, lambda obj: fields(obj["spec"]).update(nodeName=node))
            self._count({**pod, "spec": {**fields(pod.get("spec")), "nodeName": node}})
            return
        events.warn(cluster, pod, UNSCHEDULED, problem, SCHEDULER)
        told = {**condition(pod, "PodScheduled", False, "Unschedulable", problem)}
        cluster.set_status(pod, {"phase": "Pending", "conditions": [told]})

    def _choose(self, cluster: Cluster, pod: Object) -> tuple[str, str]:
        spec = fields(pod.get("spec"))
        nodes = cluster.list("", "Node")
        if problem := claim_problem(cluster, pod):
            return "", f"0/{len(nodes)} nodes are available: {problem}. not found"
        if not nodes:
            return "", "no nodes available to schedule pods"
        reasons: Counter[str] = Counter()
        fitting: list[tuple[int, str]] = []
        neighbours = Neighbours(cluster, pod, [node for node in nodes if not unfit(spec, node)])
        for node in nodes:
            taken = list(self._taken.get(name_of(node), {}).values())
            reason = unfit(spec, node) or short_of(spec, node, taken) or neighbours.refusal(node)
            if reason:
                reasons[reason] += 1
            else:
                fitting.append((len(taken), name_of(node)))
        if fitting:
            return min(fitting)[1], ""
        listed = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
        return "", f"0/{len(nodes)} nodes are available: {listed}."

    def _count(self, pod: Object, *, gone: bool = False) -> None:
        node, uid = text(at(pod, "spec", "nodeName")), text(at(pod, "metadata", "uid"))
        if node and not gone and not is_done(pod):
            self._taken.setdefault(node, {})[uid] = requests_of(fields(pod.get("spec")))
        elif node:
            self._taken.get(node, {}).pop(uid, None)

    def _evict(self, cluster: Cluster, node: str) -> None:
        from pokayoke_rehearsal.doubles.kubernetes.controllers.deployments import POD

        for pod in cluster.list("", "Pod"):
            if at(pod, "spec", "nodeName") == node:
                cluster.delete(POD, name_of(pod), text(at(pod, "metadata", "namespace")), propagation="Background")


def daemon_may_run_on(spec: Mapping[str, Any], node: Object) -> bool:
    """Whether a DaemonSet's pod may run on a node by selectors, affinity and taints; its room is another question."""
    return not unfit(spec, node, daemon=True)


def unfit(spec: Mapping[str, Any], node: Object, *, daemon: bool = False) -> str:
    """Why a pod may not run on a node, empty when it may."""
    if at(node, "spec", "unschedulable") and not daemon:
        return "node(s) were unschedulable"
    for item in items(at(node, "spec", "taints")):
        taint = fields(item)
        if taint.get("effect") == "PreferNoSchedule" or (daemon and taint.get("key") in _DAEMON_TOLERATIONS):
            continue
        if not any(tolerates(fields(toleration), taint) for toleration in items(spec.get("tolerations"))):
            return f"{UNTOLERATED} {{{text(taint.get('key'))}: {text(taint.get('value'))}}}"
    labels = labels_of(node)
    if not selects({"matchLabels": fields(spec.get("nodeSelector"))}, labels):
        return _UNSELECTED
    terms = items(at(spec, "affinity", "nodeAffinity", _REQUIRED, "nodeSelectorTerms"))
    if terms and not any(_term_holds(fields(term), labels) for term in terms):
        return _UNSELECTED
    return ""


def tolerates(toleration: Mapping[str, Any], taint: Mapping[str, Any]) -> bool:
    """Whether a toleration covers a taint."""
    if text(toleration.get("effect")) not in ("", taint.get("effect")):
        return False
    if text(toleration.get("operator")) == "Exists":
        return text(toleration.get("key")) in ("", taint.get("key"))
    return toleration.get("key") == taint.get("key") and text(toleration.get("value")) == text(taint.get("value"))


def requests_of(spec: Mapping[str, Any]) -> dict[str, Decimal]:
    """What a pod asks of a node: the sum over its containers, or its largest init container where that is more."""
    total: dict[str, Decimal] = {}
    for container in map(fields, items(spec.get("containers"))):
        for name, quantity in _container_requests(container).items():
            total[name] = total.get(name, Decimal(0)) + quantity
    for container in map(fields, items(spec.get("initContainers"))):
        for name, quantity in _container_requests(container).items():
            total[name] = max(total.get(name, Decimal(0)), quantity)
    return {**total, "pods": Decimal(1)}


def _container_requests(container: Mapping[str, Any]) -> dict[str, Decimal]:
    limits = fields(at(container, "resources", "limits"))
    stated = {**limits, **fields(at(container, "resources", "requests"))}
    return {name: amount(value) for name, value in stated.items()}


def short_of(spec: Mapping[str, Any], node: Object, taken: list[dict[str, Decimal]]) -> str:
    """What a node has too little of for a pod beside what others take of it, empty when there is room."""
    room = fields(at(node, "status", "allocatable"))
    for name, wanted in sorted(requests_of(spec).items()):
        used = sum((requests.get(name, Decimal(0)) for requests in taken), Decimal(0))
        if wanted and used + wanted > amount(room.get(name)):
            return "Too many pods" if name == "pods" else f"Insufficient {name}"
    return ""


def _term_holds(term: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    return all(_requirement_holds(fields(item), labels) for item in items(term.get("matchExpressions")))


def _requirement_holds(requirement: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    operator, values = text(requirement.get("operator")), items(requirement.get("values"))
    if operator in ("Gt", "Lt"):
        actual = labels.get(text(requirement.get("key")), "")
        if not actual.isdigit() or len(values) != 1:
            return False
        bound = whole(int(values[0]) if str(values[0]).isdigit() else None, 0)
        return int(actual) > bound if operator == "Gt" else int(actual) < bound
    return selects({"matchExpressions": [requirement]}, labels)


_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_UNSELECTED = "node(s) didn't match Pod's node affinity/selector"
