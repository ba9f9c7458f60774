"""CustomResourceDefinitions as releases bring them: those of modelled kinds judge by their models, others take all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pokayoke_eks import crds
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, clone, fields

ANYTHING: Mapping[str, Any] = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
"""The schema of a kind whose objects play no part here."""

_MODELLED = {(one.group, one.kind): one for one in crds.KINDS.values()}
_SERVER_FIELDS = ("uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "managedFields")


@dataclass(frozen=True)
class CustomKind:
    """A kind as its definition names it. All its versions share one schema, as upstream's nearly do."""

    group: str
    kind: str
    plural: str
    namespaced: bool
    served: tuple[str, ...]
    stored: str
    unserved: tuple[str, ...] = ()
    """Versions that the definition still lists: objects of them are unknown to the server."""

    def definition(self, annotations: Mapping[str, str] | None = None) -> Object:
        """The CustomResourceDefinition."""
        modelled = _MODELLED.get((self.group, self.kind))
        schema = ANYTHING if modelled is None else modelled.schema
        names = {
            "kind": self.kind,
            "listKind": f"{self.kind}List",
            "plural": self.plural,
            "singular": self.kind.lower(),
        }
        return {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {
                "name": f"{self.plural}.{self.group}",
                **({"annotations": dict(annotations)} if annotations else {}),
            },
            "spec": {
                "group": self.group,
                "scope": "Namespaced" if self.namespaced else "Cluster",
                "names": names,
                "versions": [self._version(name, schema) for name in (*self.served, *self.unserved)],
            },
        }

    def _version(self, name: str, schema: Mapping[str, Any]) -> Object:
        return {
            "name": name,
            "served": name in self.served,
            "storage": name == self.stored,
            "schema": {"openAPIV3Schema": clone(dict(schema))},
            "subresources": {"status": {}},
        }


def judge(cluster: Cluster) -> None:
    """Has a cluster judge the modelled kinds by their models, CEL rules included, whoever brings their definitions."""
    for group_kind in _MODELLED:
        cluster.reviews[group_kind] = _review


def modelled(groups: Iterable[str]) -> list[CustomKind]:
    """The modelled kinds of some groups, each in the version of its model alone."""
    wanted = frozenset(groups)
    found = [one for one in crds.KINDS.values() if one.group in wanted]
    return [
        CustomKind(one.group, one.kind, one.plural, one.namespaced, (version,), version)
        for one in found
        if (version := one.api_version.rpartition("/")[2])
    ]


def _review(obj: Object, old: Object | None) -> None:
    refused = crds.refusal(_stated(obj), None if old is None else _stated(old))
    if refused is not None:
        reason = "Invalid" if refused.status == 422 else "InternalError"
        raise ApiError(refused.status, reason, refused.message)


def _stated(obj: Object) -> Object:
    # What the server itself writes is not part of what a manifest may say; other versions are judged as the model's.
    meta = {key: value for key, value in fields(obj.get("metadata")).items() if key not in _SERVER_FIELDS}
    group = str(obj["apiVersion"]).rpartition("/")[0]
    version = _MODELLED[group, str(obj["kind"])].api_version
    said = {key: value for key, value in obj.items() if key != "status"}
    return {**said, "apiVersion": version, "metadata": meta}
