"""Pods as manifests state them: where a kind keeps its pod's spec, and what its containers ask for."""

from collections.abc import Mapping
from typing import Any, cast

from .finding import Finding
from .quantities import quantity

SLUG = "missing-resource-limits"

_TEMPLATE = ("spec", "template", "spec")
_WITH_TEMPLATE = (
    *("apps/Deployment", "apps/DaemonSet", "apps/ReplicaSet", "apps/StatefulSet", "batch/Job"),
    *("extensions/Deployment", "extensions/DaemonSet", "extensions/ReplicaSet", "core/ReplicationController"),
)
POD_SPECS: dict[str, tuple[str, ...]] = {
    "core/Pod": ("spec",),
    "core/PodTemplate": ("template", "spec"),
    "batch/CronJob": ("spec", "jobTemplate", *_TEMPLATE),
    **dict.fromkeys(_WITH_TEMPLATE, _TEMPLATE),
}
"""Every built-in kind that makes pods, and the path of the pod's spec in it (Kubernetes API reference, workloads)."""

POD_SECURITY = "pod-security.kubernetes.io"
"""The domain of the labels by which a namespace says what pods it lets in (Kubernetes documentation, "Pod Security
Admission")."""

CONTAINERS = ("initContainers", "containers")


def unstated_resources(resources: Mapping[str, Any], pod: Mapping[str, Any]) -> Finding | None:
    """Why a container with these `resources` says too little; `pod` is what its pod states for all of them together.

    Memory needs a limit: it cannot be taken back. CPU needs an amount that the scheduler and Karpenter count, as a
    request or a limit. A request that is left out is as large as the limit. Amounts of the pod as a whole count for
    each container (Kubernetes documentation, "Resource Management for Pods and Containers").
    """
    missing: list[str] = []
    if not any(_states(one, "limits", "memory") for one in (resources, pod)):
        missing.append("memory limit")
    if not any(_states(one, amounts, "cpu") for one in (resources, pod) for amounts in ("requests", "limits")):
        missing.append("cpu request")
    if not missing:
        return None
    return Finding(
        f"it states no {' and no '.join(missing)}",
        "Set resources: {requests: {cpu: 100m}, limits: {memory: 128Mi}}, as much as it needs; requests that are left "
        "out equal the limits.",
        SLUG,
    )


def _states(resources: Mapping[str, Any], amounts: str, name: str) -> bool:
    """Whether an amount is there and not zero; one that cannot be read is left to the API server."""
    given = resources.get(amounts)
    written: Any = cast("Mapping[str, Any]", given).get(name) if isinstance(given, Mapping) else None
    return written is not None and quantity(written) != 0
