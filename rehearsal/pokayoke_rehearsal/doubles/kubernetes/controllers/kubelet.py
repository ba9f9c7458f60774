"""The kubelets: what a placed pod still needs to become ready, and nodes that wait for their network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import is_done, is_ready
from pokayoke_rehearsal.doubles.kubernetes.controllers.status import condition
from pokayoke_rehearsal.doubles.kubernetes.store.clock import now
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    conditions,
    fields,
    items,
    labels_of,
    name_of,
    namespace_of,
    text,
)
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Event

Gate = Callable[[Cluster, Object], tuple[str, str] | None]
"""Says why a placed pod does not run, as (reason, message) of its waiting container; None lets it run."""

NOT_READY = {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}

# The network plugin runs on the host's network: its pods come up before the node is ready.
_NETWORK_LABEL = ("k8s-app", "aws-node")


class Kubelet:
    """Runs placed pods: Ready at once when all `gates` let them, finished when they belong to a Job.

    A node is Ready once the VPC CNI's pod runs on it; until then it carries the not-ready taint.
    """

    def __init__(self) -> None:
        self.gates: list[Gate] = [_missing_configuration]

    @property
    def watches(self) -> frozenset[tuple[str, str]]:
        return frozenset({("", "Pod"), ("", "Node"), ("", "ConfigMap"), ("", "Secret")})

    def react(self, cluster: Cluster, event: Event) -> None:
        if event.key.kind == "Node":
            if event.happened != "removed":
                self._look_at_node(cluster, event.key.name)
            return
        if event.key.kind != "Pod":
            if event.happened == "added":
                self.retry(cluster, event.key.namespace)
            return
        if event.happened != "removed":
            self._run(cluster, event.key.name, event.key.namespace)
        if _is_network(event.object):
            self._look_at_node(cluster, text(at(event.object, "spec", "nodeName")))

    def retry(self, cluster: Cluster, namespace: str = "") -> None:
        """Asks the gates again about pods that are not ready, for when what a gate looks at has come."""
        self.reconsider(cluster, (pod for pod in cluster.list("", "Pod", namespace) if not is_ready(pod)))

    def reconsider(self, cluster: Cluster, pods: Iterable[Object]) -> None:
        """Asks the gates again about these pods."""
        for pod in pods:
            self._run(cluster, name_of(pod), namespace_of(pod))

    def _run(self, cluster: Cluster, name: str, namespace: str) -> None:
        pod = cluster.find_named("", "Pod", name, namespace)
        if pod is None or not text(at(pod, "spec", "nodeName")) or is_done(pod):
            return
        problem = next((found for gate in self.gates if (found := gate(cluster, pod))), None)
        cluster.set_status(pod, _status(pod, problem))

    def _look_at_node(self, cluster: Cluster, name: str) -> None:
        node = cluster.find_named("", "Node", name)
        if node is None:
            return
        label, value = _NETWORK_LABEL
        network = cluster.list("", "Pod", labels={label: value})
        ready = any(at(pod, "spec", "nodeName") == name and is_ready(pod) for pod in network)
        reason = ("KubeletReady", "kubelet is posting ready status") if ready else ("KubeletNotReady", _NO_NETWORK)
        taints = [taint for taint in items(at(node, "spec", "taints")) if fields(taint).get("key") != NOT_READY["key"]]
        wanted = taints if ready else [*taints, NOT_READY]
        cluster.edit(node, lambda obj: fields(obj.setdefault("spec", {})).update(taints=wanted))
        live = cluster.find_named("", "Node", name)
        if live is not None:
            others = [found for found in conditions(live) if found.get("type") != "Ready"]
            found = [*others, condition(live, "Ready", ready, *reason)]
            cluster.set_status(live, {**fields(live.get("status")), "conditions": found})


def _status(pod: Object, problem: tuple[str, str] | None) -> Object:
    finished = problem is None and any(
        owner.get("kind") == "Job" for owner in map(fields, items(at(pod, "metadata", "ownerReferences")))
    )
    names = [text(fields(item).get("name")) for item in items(at(pod, "spec", "containers"))]
    started = text(at(pod, "status", "startTime")) or now()
    ready = problem is None and not finished
    blocked = f"containers with unready status: [{' '.join(names)}]"
    why = ("PodCompleted", "") if finished else ("", "") if ready else ("ContainersNotReady", blocked)
    return {
        "phase": "Succeeded" if finished else "Running" if ready else "Pending",
        "startTime": started,
        "conditions": [
            condition(pod, "PodScheduled", True, "", ""),
            condition(pod, "Initialized", True, "", ""),
            condition(pod, "ContainersReady", ready, *why),
            condition(pod, "Ready", ready, *why),
        ],
        "containerStatuses": [_container(name, started, problem, finished) for name in names],
    }


def _container(name: str, started: str, problem: tuple[str, str] | None, finished: bool) -> Object:
    if finished:
        return {"name": name, "ready": False, "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}}
    if problem is None:
        return {"name": name, "ready": True, "state": {"running": {"startedAt": started}}}
    return {"name": name, "ready": False, "state": {"waiting": {"reason": problem[0], "message": problem[1]}}}


def _missing_configuration(cluster: Cluster, pod: Object) -> tuple[str, str] | None:
    for kind, name, reason in _configuration(pod):
        if cluster.find_named("", kind, name, namespace_of(pod)) is None:
            return reason, f'{kind.lower()} "{name}" not found'
    return None


def _configuration(pod: Object) -> Iterator[tuple[str, str, str]]:
    spec = fields(pod.get("spec"))
    for volume in map(fields, items(spec.get("volumes"))):
        for kind, field, key in (("ConfigMap", "configMap", "name"), ("Secret", "secret", "secretName")):
            source = fields(volume.get(field))
            if text(source.get(key)) and not source.get("optional"):
                yield kind, text(source.get(key)), "ContainerCreating"
    for container in map(fields, [*items(spec.get("containers")), *items(spec.get("initContainers"))]):
        for source in map(fields, items(container.get("envFrom"))):
            yield from _references(source, (("ConfigMap", "configMapRef"), ("Secret", "secretRef")))
        for entry in map(fields, items(container.get("env"))):
            source = fields(entry.get("valueFrom"))
            yield from _references(source, (("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")))


def _references(source: Object, kinds: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str, str]]:
    for kind, field in kinds:
        reference = fields(source.get(field))
        if text(reference.get("name")) and not reference.get("optional"):
            yield kind, text(reference.get("name")), "CreateContainerConfigError"


def _is_network(pod: Object) -> bool:
    return labels_of(pod).get(_NETWORK_LABEL[0]) == _NETWORK_LABEL[1]


_NO_NETWORK = (
    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin "
    "returns error: cni plugin not initialized"
)
