"""NodePools: ready when their class is (kubernetes-sigs/karpenter, pkg/controllers/nodepool/readiness, v1.14)."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.karpenter.conditions import Said, holds, status
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import CLASS
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, condition, metadata, text


def reconcile(cluster: Cluster, pool: Object) -> None:
    """One step of a NodePool towards its status. It has no finalizer: its claims hold it where it is deleted first."""
    if "deletionTimestamp" not in metadata(pool):
        cluster.set_status(pool, status(pool, [Said("ValidationSucceeded", True), _class_said(cluster, pool)]))


def class_of(cluster: Cluster, obj: Object) -> Object | None:
    """The class that a pool's template, or a claim, names."""
    reference = at(obj, "spec", "template", "spec", "nodeClassRef") or at(obj, "spec", "nodeClassRef")
    return cluster.find(CLASS, text(at(reference, "name")))


def _class_said(cluster: Cluster, pool: Object) -> Said:
    kind = "NodeClassReady"
    found = class_of(cluster, pool)
    if found is None:
        return Said(kind, False, "NodeClassNotFound", "NodeClass not found on cluster")
    if "deletionTimestamp" in metadata(found):
        return Said(kind, False, "NodeClassTerminating", "NodeClass is Terminating")
    if holds(found, "Ready"):
        return Said(kind, True)
    told = condition(found, "Ready")
    known = told is not None and told.get("status") == "False"
    message = text(told.get("message")) if told is not None else ""
    reason = "NodeClassNotReady" if known else "NodeClassReadinessUnknown"
    return Said(kind, False if known else None, reason, message or "Node Class Readiness Unknown")
