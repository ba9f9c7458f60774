"""Containers that nobody has limited."""

from __future__ import annotations

from collections.abc import Iterator

from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import at, fields, items, labels_of, text
from pokayoke_rehearsal.operating.naming import label, workload_of

UNLIMITED = "No resource limits specified for this container"


def unlimited(cluster: Cluster) -> Iterator[str]:
    """Workloads with containers that may take all of a node (`missing-resource-limits`), one sentence each.

    EKS's own add-ons are AWS's business. A chart that states requests and no limits has chosen so; one that states
    neither leaves that to whoever installs it.
    """
    told: set[tuple[str, str]] = set()
    for pod in cluster.list("", "Pod"):
        containers = [fields(item) for item in items(at(pod, "spec", "containers"))]
        asks = any(at(one, "resources", key) for one in containers for key in ("requests", "limits"))
        workload = workload_of(cluster, pod)
        if asks and labels_of(workload).get("app.kubernetes.io/managed-by") == "Helm":
            continue
        for container in containers:
            own = (label(workload), text(container.get("name")))
            if own in told or at(container, "resources", "limits") or text(container.get("image")).startswith("eks/"):
                continue
            told.add(own)
            quality = "Burstable" if asks else "BestEffort: nothing is kept free for it"
            yield f"{own[0]}, container {own[1]}: {UNLIMITED} (QoS class {quality})"
