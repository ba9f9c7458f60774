"""Events: what a controller says of an object, for whoever looks."""

from __future__ import annotations

import hashlib

from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, metadata, name_of, namespace_of, text


def warn(cluster: Cluster, obj: Object, reason: str, message: str, component: str) -> None:
    """Warns of it once; `component` is who says it."""
    tell(cluster, obj, reason, message, component, kind="Warning")


def tell(cluster: Cluster, obj: Object, reason: str, message: str, component: str, *, kind: str = "Normal") -> None:
    """Says it once; `component` is who says it."""
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
            "type": kind,
            "source": {"component": component},
        },
        component,
    )


def warnings(cluster: Cluster, obj: Object) -> list[Object]:
    """What was warned of about an object, oldest first."""
    return [one for one in about(cluster, obj) if one.get("type") == "Warning"]


def about(cluster: Cluster, obj: Object) -> list[Object]:
    """What was said of an object, oldest first."""
    found = cluster.list("", "Event", namespace_of(obj) or "default")
    return [one for one in found if one["involvedObject"]["uid"] == metadata(obj).get("uid")]
