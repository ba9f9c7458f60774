"""Label selectors, and the plural names by which rules of the API server call kinds."""

from collections.abc import Mapping
from typing import Any, cast


def selects(selector: object, labels: Mapping[str, Any]) -> bool:
    """Whether a selector of `matchLabels` and `matchExpressions` fits these labels; an empty one fits all (Kubernetes
    documentation, "Labels and Selectors")."""
    said = _map(selector)
    if any(labels.get(key) != value for key, value in _map(said.get("matchLabels")).items()):
        return False
    return all(_fits(_map(one), labels) for one in _list(said.get("matchExpressions")))


def plural(kind: str) -> str:
    """`ingresses` of `Ingress`, as the kinds of Kubernetes and of Gateway API are called (their API references): other
    than client-go guesses (k8s.io/apimachinery, `UnsafeGuessKindToResource`), it is `gateways`."""
    name = kind.lower()
    if name == "endpoints":
        return name
    if name.endswith("s"):
        return f"{name}es"
    return f"{name[:-1]}ies" if name.endswith("y") and not name.endswith(("ay", "ey", "oy")) else f"{name}s"


def _fits(expression: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    key, operator = expression.get("key"), expression.get("operator")
    values = _list(expression.get("values"))
    if operator == "In":
        return labels.get(str(key)) in values
    if operator == "NotIn":
        return labels.get(str(key)) not in values
    return (str(key) in labels) == (operator == "Exists")


def _map(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
