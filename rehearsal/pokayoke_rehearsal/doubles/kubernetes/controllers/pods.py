"""Pods of workloads: made from a template, owned by the workload, and what a workload's status says of them."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.store import errors
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    clone,
    condition,
    fields,
    metadata,
    name_of,
    namespace_of,
    text,
)

MANAGER = "kube-controller-manager"

_LETTERS = "bcdfghjklmnpqrstvwxz2456789"


def owner_reference(owner: Object) -> Object:
    """A reference that makes the owner wait for the dependent when it is deleted in the foreground."""
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": name_of(owner),
        "uid": metadata(owner)["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def make_pod(cluster: Cluster, owner: Object, *, name: str = "", spec: Mapping[str, Any] | None = None) -> str:
    """Makes a pod from the owner's template; answers the API server's refusal, empty when it took the pod."""
    template = fields(at(owner, "spec", "template"))
    meta = fields(clone(fields(template.get("metadata"))))
    pod: Object = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            **{key: meta[key] for key in ("labels", "annotations") if meta.get(key)},
            "name": name or f"{name_of(owner)}-{random_suffix()}",
            "namespace": namespace_of(owner),
            "ownerReferences": [owner_reference(owner)],
        },
        "spec": {**fields(clone(fields(template.get("spec")))), **(spec or {})},
    }
    fields(pod["spec"]).setdefault("serviceAccountName", "default")
    refusal = _refusal(cluster, pod, name or f"{name_of(owner)}-")
    if refusal:
        return refusal
    try:
        cluster.create(pod, MANAGER)
    except errors.ApiError as refused:
        # Every attempt has another name; what is told of them stays the same.
        return str(refused).replace(name_of(pod), name or f"{name_of(owner)}-")
    return ""


def template_hash(template: Any) -> str:
    """Ten characters that change when the template does."""
    digest = hashlib.sha256(json.dumps(template, sort_keys=True, default=str).encode()).hexdigest()
    return "".join(
        _LETTERS[int(pair, 16) % len(_LETTERS)] for pair in map("".join, zip(*[iter(digest)] * 2, strict=True))
    )[:10]


def random_suffix() -> str:
    """Five characters, as generated names end."""
    return "".join(random.choices(_LETTERS, k=5))  # noqa: S311 - a name, no secret


def is_ready(pod: Mapping[str, Any]) -> bool:
    """Whether the pod's condition Ready is true."""
    found = condition(pod, "Ready")
    return found is not None and found.get("status") == "True"


def is_done(pod: Mapping[str, Any]) -> bool:
    """Whether the pod ran to its end."""
    return at(pod, "status", "phase") == "Succeeded"


def complaint(pod: Mapping[str, Any]) -> str:
    """Why a pod is not ready, as Pulumi's awaiters report it; empty when nothing is known."""
    if is_ready(pod) or is_done(pod):
        return ""
    for kind in ("PodScheduled", "Initialized", "Ready"):
        found = condition(pod, kind)
        if found is not None and found.get("status") == "False" and text(found.get("message")):
            waiting = text(at(pod, "status", "containerStatuses", 0, "state", "waiting", "message"))
            reason = text(at(pod, "status", "containerStatuses", 0, "state", "waiting", "reason"))
            detail = f" -- [{reason}] {waiting}" if waiting and kind == "Ready" else ""
            return f"[Pod {namespace_of(pod)}/{name_of(pod)}]: {found['message']}{detail}"
    return ""


def _refusal(cluster: Cluster, pod: Object, name: str) -> str:
    # Two admission plugins that a workload's readiness turns on; they run before the name is complete.
    namespace, account = namespace_of(pod), text(at(pod, "spec", "serviceAccountName"))
    if cluster.find_named("", "ServiceAccount", account, namespace) is None:
        why = f'error looking up service account {namespace}/{account}: serviceaccount "{account}" not found'
        return str(errors.forbidden("pods", name, why))
    priority = text(at(pod, "spec", "priorityClassName"))
    if priority and cluster.find_named("scheduling.k8s.io", "PriorityClass", priority) is None:
        return str(errors.forbidden("pods", name, f"no PriorityClass with name {priority} was found"))
    return ""
