"""Changes as somebody makes them past the program: `kubectl delete`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.provider import kubeconfig
from pokayoke_rehearsal.doubles.kubernetes.provider.tokens import parse
from pokayoke_rehearsal.doubles.kubernetes.store.objects import at, text
from pokayoke_rehearsal.doubles.kubernetes.stores import Stores

# Nothing that runs needs one of these from minute to minute.
_DELETED = ("PodDisruptionBudget", "StorageClass", "ConfigMap", "NetworkPolicy", "ServiceAccount")


def change(stores: Stores, resources: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Deletes an object that the program made, of a kind that is soon missed by nobody: URN and words."""
    providers = {one["urn"]: one for one in resources if one["type"] == "pulumi:providers:kubernetes"}
    for kind in _DELETED:
        for resource in resources:
            token = parse(resource["type"])
            if token is None or token.kind.kind != kind or token.is_patch:
                continue
            stated = text(providers[resource["provider"].rpartition("::")[0]]["inputs"].get("kubeconfig"))
            server = stores.at(kubeconfig.read(stated).server) if stated else None
            if server is None:
                continue
            meta = at(resource["outputs"], "metadata")
            name, namespace = text(at(meta, "name")), text(at(meta, "namespace"))
            server.cluster.delete(token.kind, name, namespace)
            yield resource["urn"], f"deleted with kubectl from {server.name}"
            return
