"""Events: what a controller says of an object, for whoever looks."""

from __future__ import annotations

import hashlib

from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import MANAGER
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, metadata, name_of, namespace_of, text


def record(cluster: Cluster, obj: Object, reason: str, message: str) -> None:
    """Says it once."""
    uid, namespace = text(metadata(obj).get("uid")), namespace_of(obj) or "default"
    name = f"{name_of(obj)}.{hashlib.sha256(f'{uid}/{reason}/{message}'.encode()).hexdigest()[:16]}"
    if cluster.find_named("", "Event", name, namespace) is not None:
        return
    reference = {"apiVersion": obj["apiVersion"], "kind": obj["kind"], "name": name_of(obj), "uid": uid}
    if namespace_of(obj):
        reference["namespace"] = namespace
    cluster.create(
        {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": name, "namespace": namespace},
            "involvedObject": reference,
            "reason": reason,
            "message": message,
            "type": "Warning",
            "source": {"component": MANAGER},
        },
        MANAGER,
    )


def about(cluster: Cluster, obj: Object) -> list[str]:
    """What was said of an object."""
    found = cluster.list("", "Event", namespace_of(obj) or "default")
    return [text(one.get("message")) for one in found if one["involvedObject"]["uid"] == metadata(obj).get("uid")]
