"""What charts have from `helm create`: how they name a release's things, and its service account.

Source: helm/helm, pkg/chartutil/create.go (`_helpers.tpl` and `serviceaccount.yaml` of the scaffold).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.charts import Installation
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, clone, fields, text


def full_name(installation: Installation, values: Mapping[str, Any], chart: str) -> str:
    """What a release calls its things: a name that holds the chart's own is not said twice."""
    if stated := text(values.get("fullnameOverride")):
        return stated
    name = text(values.get("nameOverride")) or chart
    return installation.name if name in installation.name else f"{installation.name}-{name}"


def account_name(values: Mapping[str, Any], full_name: str) -> str:
    """The service account of a release's pods."""
    stated = text(at(values, "serviceAccount", "name"))
    return stated or (full_name if at(values, "serviceAccount", "create") else "default")


def accounts(values: Mapping[str, Any], full_name: str, labels: Mapping[str, str]) -> list[Object]:
    """The service account, unless the values say that it is somebody else's to make."""
    if not at(values, "serviceAccount", "create"):
        return []
    meta: Object = {"name": account_name(values, full_name), "labels": dict(labels)}
    if annotations := fields(at(values, "serviceAccount", "annotations")):
        meta["annotations"] = annotations
    return [{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta}]


def handed_on(values: Mapping[str, Any], *keys: str) -> Object:
    """The fields that templates hand on as the values have them, where these say anything."""
    return {key: clone(values[key]) for key in keys if values.get(key)}
