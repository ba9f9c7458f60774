"""What the control plane keeps in order by itself: namespaces, definitions and the like."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import MANAGER
from pokayoke_rehearsal.doubles.kubernetes.controllers.status import condition
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    clone,
    fields,
    items,
    metadata,
    name_of,
    text,
)
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Event


class Housekeeping:
    """A namespace has its default service account and root certificate; a definition is established; a quota counts."""

    @property
    def watches(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            {
                ("", "Namespace"),
                ("", "ResourceQuota"),
                ("", "PersistentVolume"),
                ("apiextensions.k8s.io", "CustomResourceDefinition"),
            }
        )

    def react(self, cluster: Cluster, event: Event) -> None:
        if event.happened == "removed":
            return
        if event.key.kind == "CustomResourceDefinition":
            cluster.set_status(event.object, _definition_status(event.object))
        elif event.key.kind == "ResourceQuota":
            hard = fields(clone(at(event.object, "spec", "hard")))
            cluster.set_status(event.object, {"hard": hard, "used": dict.fromkeys(hard, "0")})
        elif event.key.kind == "PersistentVolume" and not at(event.object, "status", "phase"):
            cluster.set_status(event.object, {"phase": "Available"})
        elif event.key.kind == "Namespace" and event.happened == "added":
            self._furnish(cluster, event.object)

    def _furnish(self, cluster: Cluster, namespace: Object) -> None:
        name = name_of(namespace)

        def change(obj: Object) -> None:
            labels = fields(metadata(obj).get("labels"))
            metadata(obj)["labels"] = {**labels, "kubernetes.io/metadata.name": name}
            obj["spec"] = {"finalizers": ["kubernetes"]}
            obj["status"] = {"phase": "Active"}

        cluster.edit(namespace, change)
        for kind, inner in (("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")):
            if cluster.find_named("", kind, inner, name) is None:
                meta = {"name": inner, "namespace": name}
                cluster.create({"apiVersion": "v1", "kind": kind, "metadata": meta}, MANAGER)


def _definition_status(definition: Object) -> Object:
    stored = [
        text(fields(item).get("name"))
        for item in items(at(definition, "spec", "versions"))
        if fields(item).get("storage")
    ]
    return {
        "acceptedNames": clone(at(definition, "spec", "names")),
        "conditions": [
            condition(definition, "NamesAccepted", True, "NoConflicts", "no conflicts found"),
            condition(definition, "Established", True, "InitialNamesAccepted", "the initial names have been accepted"),
        ],
        "storedVersions": stored,
    }
