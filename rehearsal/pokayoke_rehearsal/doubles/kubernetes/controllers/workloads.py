"""The workload controllers: what reacts to what, and stateful sets, daemon sets and jobs."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.controllers.deployments import (
    POD,
    reconcile_deployment,
    reconcile_replica_set,
)
from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import is_done, is_ready, make_pod, template_hash
from pokayoke_rehearsal.doubles.kubernetes.controllers.scheduling import daemon_may_run_on
from pokayoke_rehearsal.doubles.kubernetes.controllers.status import condition, refused, workload_status
from pokayoke_rehearsal.doubles.kubernetes.store.clock import now
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Kind,
    Object,
    at,
    clone,
    fields,
    items,
    labels_of,
    metadata,
    name_of,
    namespace_of,
    owners_of,
    text,
    whole,
)
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Event


class Workloads:
    """Deployments, replica sets, stateful sets, daemon sets and jobs, each brought to what its spec says."""

    @property
    def watches(self) -> frozenset[tuple[str, str]]:
        return frozenset({*_RECONCILERS, ("", "Pod"), ("", "Node"), ("", "ServiceAccount"), _PRIORITY})

    def react(self, cluster: Cluster, event: Event) -> None:
        if event.key.group_kind in _RECONCILERS and event.happened != "removed":
            _reconcile(cluster, event.key.group, event.key.kind, event.key.name, event.key.namespace)
        if event.key.kind == "Node":
            self._retry(cluster, [("apps", "DaemonSet")], "")
        elif event.key.group_kind == _PRIORITY or (event.key.kind == "ServiceAccount" and event.happened == "added"):
            self._retry(cluster, list(_RECONCILERS), event.key.namespace)
        for owner in owners_of(event.object):
            group = Kind.of(text(owner.get("apiVersion")), "").group
            _reconcile(cluster, group, text(owner.get("kind")), text(owner.get("name")), event.key.namespace)

    def _retry(self, cluster: Cluster, kinds: list[tuple[str, str]], namespace: str) -> None:
        for group, kind in kinds:
            for found in cluster.list(group, kind, namespace):
                _reconcile(cluster, group, kind, name_of(found), namespace_of(found))


def _reconcile(cluster: Cluster, group: str, kind: str, name: str, namespace: str) -> None:
    reconcile = _RECONCILERS.get((group, kind))
    found = cluster.find_named(group, kind, name, namespace) if reconcile is not None else None
    if reconcile is not None and found is not None and "deletionTimestamp" not in metadata(found):
        reconcile(cluster, found)


def _stateful_set(cluster: Cluster, stateful_set: Object) -> None:
    wanted = whole(at(stateful_set, "spec", "replicas"), 1)
    revision = f"{name_of(stateful_set)}-{template_hash(at(stateful_set, 'spec', 'template'))}"
    pods = {name_of(pod): pod for pod in cluster.owned(stateful_set)}
    refusal = ""
    for index in range(wanted):
        name = f"{name_of(stateful_set)}-{index}"
        if not _is_current(cluster, pods.pop(name, None), revision):
            refusal = _stateful_pod(cluster, stateful_set, index, name, revision)
    for pod in pods.values():
        _delete(cluster, pod)
    made = cluster.owned(stateful_set)
    ready = sum(map(is_ready, made))
    counts = {"replicas": len(made), "readyReplicas": ready, "availableReplicas": ready, "currentReplicas": len(made)}
    counts["updatedReplicas"] = len(made)
    status = workload_status(stateful_set, counts, refused(stateful_set, refusal))
    cluster.set_status(stateful_set, {**status, "currentRevision": revision, "updateRevision": revision})


def _stateful_pod(cluster: Cluster, stateful_set: Object, index: int, name: str, revision: str) -> str:
    # A claim outlives its pod and its set: it has no owner.
    volumes = items(clone(at(stateful_set, "spec", "template", "spec", "volumes")))
    for template in map(fields, items(at(stateful_set, "spec", "volumeClaimTemplates"))):
        volume, namespace = name_of(template), namespace_of(stateful_set)
        claim = f"{volume}-{name}"
        if cluster.find_named("", "PersistentVolumeClaim", claim, namespace) is None:
            meta = {"name": claim, "namespace": namespace, "labels": labels_of(template)}
            made = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": meta, "spec": template.get("spec")}
            cluster.create(made, f"statefulset/{name_of(stateful_set)}")
        volumes.append({"name": volume, "persistentVolumeClaim": {"claimName": claim}})
    labelled = _with_revision(stateful_set, revision)
    fields(at(labelled, "spec", "template", "metadata", "labels"))["apps.kubernetes.io/pod-index"] = str(index)
    return make_pod(cluster, labelled, name=name, spec={"volumes": volumes, "hostname": name})


def _daemon_set(cluster: Cluster, daemon_set: Object) -> None:
    pods = {text(at(pod, "spec", "nodeName")): pod for pod in cluster.owned(daemon_set)}
    revision = template_hash(at(daemon_set, "spec", "template"))
    template = fields(at(daemon_set, "spec", "template"))
    nodes = [node for node in cluster.list("", "Node") if daemon_may_run_on(fields(template.get("spec")), node)]
    refusal = ""
    for node in nodes:
        if not _is_current(cluster, pods.pop(name_of(node), None), revision):
            placed = {"nodeName": name_of(node)}
            refusal = make_pod(cluster, _with_revision(daemon_set, revision), spec=placed) or refusal
    for pod in pods.values():
        _delete(cluster, pod)
    made = cluster.owned(daemon_set)
    ready = sum(map(is_ready, made))
    counts = {"desiredNumberScheduled": len(nodes), "currentNumberScheduled": len(made), "numberReady": ready}
    counts |= {"numberAvailable": ready, "updatedNumberScheduled": len(made), "numberMisscheduled": 0}
    counts["numberUnavailable"] = len(nodes) - ready
    cluster.set_status(daemon_set, workload_status(daemon_set, counts, refused(daemon_set, refusal)))


def _job(cluster: Cluster, job: Object) -> None:
    wanted = whole(at(job, "spec", "completions"), 1)
    refusal = ""
    for _ in range(wanted - len(cluster.owned(job))):
        refusal = make_pod(cluster, job)
        if refusal:
            break
    pods = cluster.owned(job)
    done = sum(map(is_done, pods))
    status: Object = {"startTime": text(metadata(job).get("creationTimestamp"))}
    status |= {key: count for key, count in (("active", len(pods) - done), ("succeeded", done)) if count}
    if done >= wanted:
        reason = ("CompletionsReached", "Reached expected number of succeeded pods")
        status["conditions"] = [condition(job, kind, True, *reason) for kind in ("SuccessCriteriaMet", "Complete")]
        status["completionTime"] = at(job, "status", "completionTime") or now()
    elif refusal:
        status["conditions"] = refused(job, refusal)
    cluster.set_status(job, status)


def _is_current(cluster: Cluster, pod: Object | None, revision: str) -> bool:
    if pod is None:
        return False
    if labels_of(pod).get("controller-revision-hash") == revision:
        return True
    _delete(cluster, pod)
    return False


def _with_revision(owner: Object, revision: str) -> Object:
    labelled = fields(clone(owner))
    meta = fields(fields(at(labelled, "spec", "template")).setdefault("metadata", {}))
    meta["labels"] = {**fields(meta.get("labels")), "controller-revision-hash": revision}
    return labelled


def _delete(cluster: Cluster, pod: Object) -> None:
    cluster.delete(POD, name_of(pod), namespace_of(pod), propagation="Background")


_PRIORITY = ("scheduling.k8s.io", "PriorityClass")
_RECONCILERS = {
    ("apps", "Deployment"): reconcile_deployment,
    ("apps", "ReplicaSet"): reconcile_replica_set,
    ("apps", "StatefulSet"): _stateful_set,
    ("apps", "DaemonSet"): _daemon_set,
    ("batch", "Job"): _job,
}
