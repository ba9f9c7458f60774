"""What the bases of gateways' and balancers' kinds share."""

from typing import Any

SELECTOR = {
    "matchLabels": {"team": "a"},
    "matchExpressions": [{"key": "tier", "operator": "In", "values": ["front"]}],
}


def made(api_version: str, kind: str, spec: dict[str, Any], *, namespaced: bool = True) -> dict[str, Any]:
    """An object of a kind."""
    meta = {"name": "case", "namespace": "edge"} if namespaced else {"name": "case"}
    return {"apiVersion": api_version, "kind": kind, "metadata": meta, "spec": spec}
