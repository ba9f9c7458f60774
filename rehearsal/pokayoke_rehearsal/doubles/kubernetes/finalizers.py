"""Finalizers: put on before anything is made for an object, taken off once all of that is gone."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, finalizers_of, metadata


def hold(cluster: Cluster, obj: Object, finalizer: str) -> None:
    """Puts a finalizer on."""

    def change(live: Object) -> None:
        if finalizer not in finalizers_of(live):
            metadata(live)["finalizers"] = [*finalizers_of(live), finalizer]

    cluster.edit(obj, change)


def release(cluster: Cluster, obj: Object, finalizer: str) -> None:
    """Takes a finalizer off; an object that was deleted goes with its last one."""

    def change(live: Object) -> None:
        if finalizer in finalizers_of(live):
            metadata(live)["finalizers"] = [one for one in finalizers_of(live) if one != finalizer]

    cluster.edit(obj, change)
