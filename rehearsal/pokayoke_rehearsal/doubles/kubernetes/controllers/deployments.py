"""Deployments and replica sets: a rollout replaces pods within its surge and its unavailability, never faster."""

from __future__ import annotations

import math
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import (
    MANAGER,
    is_ready,
    make_pod,
    owner_reference,
    template_hash,
)
from pokayoke_rehearsal.doubles.kubernetes.controllers.status import condition, refused, workload_status
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Kind,
    Object,
    at,
    clone,
    conditions,
    fields,
    labels_of,
    metadata,
    name_of,
    namespace_of,
    text,
    text_map,
    whole,
)

REVISION = "deployment.kubernetes.io/revision"
DEPLOYMENT = Kind("apps", "v1", "Deployment")
REPLICA_SET = Kind("apps", "v1", "ReplicaSet")
POD = Kind("", "v1", "Pod")


def reconcile_deployment(cluster: Cluster, deployment: Object) -> None:
    """One step of a Deployment towards its spec."""
    digest = template_hash(at(deployment, "spec", "template"))
    sets = {text(labels_of(found).get("pod-template-hash")): found for found in cluster.owned(deployment)}
    newest = max((_revision(found) for found in sets.values()), default=0)
    current = sets.pop(digest, None)
    if current is None:
        current = cluster.create(_replica_set(deployment, digest, newest + 1), MANAGER)
    elif _revision(current) < newest:  # a template that was rolled back to
        _set_revision(cluster, current, newest + 1)
    _roll(cluster, deployment, current, list(sets.values()))
    current = cluster.find(REPLICA_SET, name_of(current), namespace_of(current)) or current
    _set_revision(cluster, deployment, _revision(current))
    live = cluster.find(DEPLOYMENT, name_of(deployment), namespace_of(deployment))
    if live is not None:
        cluster.set_status(live, _deployment_status(cluster, live, current))


def reconcile_replica_set(cluster: Cluster, replica_set: Object) -> None:
    """As many pods as wanted, the unready ones given up first."""
    wanted = whole(at(replica_set, "spec", "replicas"), 1)
    pods = cluster.owned(replica_set)
    refusal = ""
    for _ in range(wanted - len(pods)):
        refusal = make_pod(cluster, replica_set)
        if refusal:
            break
    for pod in sorted(pods, key=is_ready)[: max(len(pods) - wanted, 0)]:
        cluster.delete(POD, name_of(pod), namespace_of(pod), propagation="Background")
    pods = cluster.owned(replica_set)
    ready = sum(map(is_ready, pods))
    counts = {"replicas": len(pods), "readyReplicas": ready, "availableReplicas": ready}
    cluster.set_status(replica_set, workload_status(replica_set, counts, refused(replica_set, refusal)))


def _roll(cluster: Cluster, deployment: Object, current: Object, old: list[Object]) -> None:
    wanted = whole(at(deployment, "spec", "replicas"), 1)
    surge, unavailable = _budget(fields(at(deployment, "spec", "strategy")), wanted)
    # A set that was told to shrink counts until its pods are gone.
    old_total = sum(max(_replicas(found), whole(at(found, "status", "replicas"), 0)) for found in old)
    room = max(_replicas(current), min(wanted, wanted + surge - old_total))
    _scale(cluster, current, wanted if not old_total else min(wanted, room))
    spare = _ready(current) + sum(map(_ready, old)) - (wanted - unavailable)
    for found in old:
        unready = _replicas(found) - _ready(found)
        given_up = min(_replicas(found), unready + max(spare, 0))
        spare -= max(given_up - unready, 0)
        _scale(cluster, found, _replicas(found) - given_up)


def _budget(strategy: Object, wanted: int) -> tuple[int, int]:
    if strategy.get("type") == "Recreate":
        return 0, wanted
    rolling = fields(strategy.get("rollingUpdate"))
    surge = math.ceil(_share(rolling.get("maxSurge", "25%"), wanted))
    unavailable = math.floor(_share(rolling.get("maxUnavailable", "25%"), wanted))
    return (surge, unavailable) if surge or unavailable else (0, 1)


def _share(stated: Any, wanted: int) -> float:
    if isinstance(stated, str) and stated.endswith("%") and stated[:-1].isdigit():
        return wanted * int(stated[:-1]) / 100
    return whole(stated, 0)


def _replica_set(deployment: Object, digest: str, revision: int) -> Object:
    template = fields(clone(at(deployment, "spec", "template")))
    labels = {**labels_of(template), "pod-template-hash": digest}
    fields(template.setdefault("metadata", {}))["labels"] = labels
    selector = fields(clone(at(deployment, "spec", "selector")))
    selector["matchLabels"] = {**fields(selector.get("matchLabels")), "pod-template-hash": digest}
    return {
        "apiVersion": REPLICA_SET.api_version,
        "kind": REPLICA_SET.kind,
        "metadata": {
            "name": f"{name_of(deployment)}-{digest}",
            "namespace": namespace_of(deployment),
            "labels": labels,
            "annotations": {REVISION: str(revision)},
            "ownerReferences": [owner_reference(deployment)],
        },
        "spec": {"replicas": 0, "selector": selector, "template": template},
    }


def _deployment_status(cluster: Cluster, deployment: Object, current: Object) -> Object:
    wanted = whole(at(deployment, "spec", "replicas"), 1)
    sets = cluster.owned(deployment)
    ready, made = sum(map(_ready, sets)), sum(whole(at(found, "status", "replicas"), 0) for found in sets)
    updated = whole(at(current, "status", "replicas"), 0)
    _, unavailable = _budget(fields(at(deployment, "spec", "strategy")), wanted)
    complete = _ready(current) >= wanted and made == updated
    name = name_of(current)
    progress = (
        ("NewReplicaSetAvailable", f'ReplicaSet "{name}" has successfully progressed.')
        if complete
        else ("ReplicaSetUpdated", f'ReplicaSet "{name}" is progressing.')
    )
    available = ready >= wanted - unavailable
    reason = (
        ("MinimumReplicasAvailable", "Deployment has minimum availability.")
        if available
        else ("MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    )
    found = [
        condition(deployment, "Available", available, *reason),
        condition(deployment, "Progressing", True, *progress),
        *(item for item in conditions(current) if item.get("type") == "ReplicaFailure"),
    ]
    counts = {"replicas": made, "updatedReplicas": updated, "readyReplicas": ready, "availableReplicas": ready}
    counts["unavailableReplicas"] = max(wanted - ready, 0)
    return workload_status(deployment, counts, found)


def _replicas(found: Object) -> int:
    return whole(at(found, "spec", "replicas"), 0)


def _ready(found: Object) -> int:
    return whole(at(found, "status", "readyReplicas"), 0)


def _revision(found: Object) -> int:
    stated = text_map(metadata(found).get("annotations")).get(REVISION, "")
    return int(stated) if stated.isdigit() else 0


def _scale(cluster: Cluster, replica_set: Object, wanted: int) -> None:
    def change(obj: Object) -> None:
        fields(obj["spec"])["replicas"] = wanted

    cluster.edit(replica_set, change)


def _set_revision(cluster: Cluster, obj: Object, revision: int) -> None:
    def change(found: Object) -> None:
        metadata(found)["annotations"] = {**fields(metadata(found).get("annotations")), REVISION: str(revision)}

    cluster.edit(obj, change)
