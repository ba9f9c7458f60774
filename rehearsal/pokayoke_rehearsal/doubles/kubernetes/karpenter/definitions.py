"""The CustomResourceDefinitions that Karpenter's charts bring (karpenter-crd 1.14.1)."""

from __future__ import annotations

from typing import Any

from pokayoke_eks import crds
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, clone, fields

KINDS = tuple(one for one in crds.KINDS.values() if one.group in ("karpenter.sh", "karpenter.k8s.aws"))

# Kinds that only features turned off by default read: what is in them plays no part here.
_UNREAD = (
    ("karpenter.sh", "v1alpha1", "NodeOverlay", "nodeoverlays", "Cluster"),
    ("autoscaling.x-k8s.io", "v1beta1", "CapacityBuffer", "capacitybuffers", "Namespaced"),
)


def definitions() -> list[Object]:
    """All of them, as manifests."""
    known = [
        _definition(one.group, one.api_version.rpartition("/")[2], one.kind, one.plural, "Cluster", dict(one.schema))
        for one in KINDS
    ]
    anything = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return [*known, *(_definition(*unread, anything) for unread in _UNREAD)]


def judge(cluster: Cluster) -> None:
    """Has a cluster judge Karpenter's kinds by their models, CEL rules included, whoever brings their definitions."""
    for kind in KINDS:
        cluster.reviews[kind.group, kind.kind] = _review


def _review(obj: Object, old: Object | None) -> None:
    refused = crds.refusal(_stated(obj), None if old is None else _stated(old))
    if refused is not None:
        reason = "Invalid" if refused.status == 422 else "InternalError"
        raise ApiError(refused.status, reason, refused.message)


def _stated(obj: Object) -> Object:
    # What the server itself writes is not part of what a manifest may say.
    meta = {key: value for key, value in fields(obj.get("metadata")).items() if key not in _SERVER_FIELDS}
    return {**{key: value for key, value in obj.items() if key != "status"}, "metadata": meta}


def _definition(group: str, version: str, kind: str, plural: str, scope: str, schema: dict[str, Any]) -> Object:
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": scope,
            "names": {"kind": kind, "listKind": f"{kind}List", "plural": plural, "singular": kind.lower()},
            "versions": [
                {
                    "name": version,
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": clone(schema)},
                    "subresources": {"status": {}},
                }
            ],
        },
    }


_SERVER_FIELDS = ("uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "managedFields")
