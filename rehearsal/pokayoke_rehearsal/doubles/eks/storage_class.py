"""StorageClasses of the in-tree EBS provisioner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi

from pokayoke_rehearsal.doubles.eks.children import Custom
from pokayoke_rehearsal.doubles.eks.values import Value, given, joined, js_text, output

_DEFAULT = {"storageclass.kubernetes.io/is-default-class": "true"}
_WRITTEN: dict[str, Callable[[Any], str]] = {
    "zones": ", ".join,
    "iopsPerGb": js_text,
    "encrypted": js_text,
    "kmsKeyId": str,
}
"""How each parameter becomes text; one that is not given, false or 0 is left out."""


def storage_classes(component: str, wanted: Value, opts: pulumi.ResourceOptions) -> dict[str, Custom]:
    """The classes by name. `wanted` is a map of classes, or just a volume type, which becomes the default class."""
    classes: Mapping[str, Mapping[str, Value]] = (
        {wanted: {"type": wanted, "default": True}} if isinstance(wanted, str) and wanted else wanted or {}
    )
    return {key: _storage_class(f"{component.lower()}-{key}", wish, opts) for key, wish in classes.items()}


def _storage_class(name: str, wish: Mapping[str, Value], opts: pulumi.ResourceOptions) -> Custom:
    texts = {key: output(wish[key]).apply(write) for key, write in _WRITTEN.items() if given(wish.get(key))}
    same = ("allowVolumeExpansion", "mountOptions", "reclaimPolicy", "volumeBindingMode")
    return Custom(
        "kubernetes:storage.k8s.io/v1:StorageClass",
        name,
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": joined(wish.get("metadata") or {}, wish.get("default")).apply(lambda found: _metadata(*found)),
            "provisioner": "kubernetes.io/aws-ebs",
            "parameters": {"type": wish.get("type"), **texts},
            **{key: wish.get(key) for key in same},
        },
        opts,
    )


def _metadata(metadata: Mapping[str, Value], default: Value) -> dict[str, Value]:
    if not default:
        return dict(metadata)
    return {**metadata, "annotations": {**(metadata.get("annotations") or {}), **_DEFAULT}}
