"""Changes as somebody makes them past the program: `kubectl delete`, `helm uninstall`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.helm import Helm
from pokayoke_rehearsal.doubles.kubernetes.provider import kubeconfig
from pokayoke_rehearsal.doubles.kubernetes.provider.tokens import parse
from pokayoke_rehearsal.doubles.kubernetes.store.objects import at, text
from pokayoke_rehearsal.doubles.kubernetes.stores import Server, Stores

_PROVIDER, _RELEASE = "pulumi:providers:kubernetes", "kubernetes:helm.sh/v3:Release"
# Nothing that runs needs one of these from minute to minute.
_DELETED = ("PodDisruptionBudget", "StorageClass", "ConfigMap", "NetworkPolicy", "ServiceAccount")


def change(stores: Stores, resources: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Deletes an object that the program made, of a kind that is soon missed by nobody: URN and words."""
    for kind in _DELETED:
        for resource in resources:
            token = parse(resource["type"])
            if token is None or token.kind.kind != kind or token.is_patch:
                continue
            server = _server(stores, resource, resources)
            if server is None:
                continue
            server.cluster.delete(token.kind, *_names(resource["outputs"]))
            yield resource["urn"], f"deleted with kubectl from {server.name}"
            return


def remove(stores: Stores, resources: Sequence[Mapping[str, Any]]) -> None:
    """Deletes objects and uninstalls releases, as far as they are there; `resources` holds their providers, too."""
    for resource in resources:
        server = _server(stores, resource, resources)
        token = parse(resource["type"])
        if server is None:
            continue
        if resource["type"] == _RELEASE:
            helm, inputs = Helm(server.cluster), resource["inputs"]
            stored = helm.find(text(inputs.get("name")), text(inputs.get("namespace")))
            if stored is not None:
                helm.uninstall(stored)
                helm.forget(stored)
        elif token is not None and server.cluster.find(token.kind, *_names(resource["inputs"])) is not None:
            server.cluster.delete(token.kind, *_names(resource["inputs"]))


def _server(stores: Stores, resource: Mapping[str, Any], resources: Sequence[Mapping[str, Any]]) -> Server | None:
    """The API server to which the resource's provider leads."""
    urn = str(resource.get("provider") or "").rpartition("::")[0]
    provider = next((one for one in resources if one["urn"] == urn and one["type"] == _PROVIDER), None)
    stated = text(provider["inputs"].get("kubeconfig")) if provider else ""
    return stores.at(kubeconfig.read(stated).server) if stated else None


def _names(properties: Mapping[str, Any]) -> tuple[str, str]:
    meta = at(properties, "metadata")
    return text(at(meta, "name")), text(at(meta, "namespace"))
