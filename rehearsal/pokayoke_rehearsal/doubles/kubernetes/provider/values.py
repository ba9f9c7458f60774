"""Pulumi's properties as Kubernetes objects, and back."""

from __future__ import annotations

from typing import Any, cast

from pokayoke_rehearsal.doubles.base import Inputs, Secret
from pokayoke_rehearsal.doubles.kubernetes.provider.tokens import Token
from pokayoke_rehearsal.doubles.kubernetes.store.defaults import fold_string_data
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, fields, items, metadata, without_nulls
from pokayoke_rehearsal.doubles.wire import has_unknown

# The only keys with dashes in any schema; Pulumi's SDKs cannot spell them.
_DASHED = {
    name.replace("-", "_"): name
    for name in (
        "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string",
        "x-kubernetes-list-map-keys",
        "x-kubernetes-list-type",
        "x-kubernetes-map-type",
        "x-kubernetes-preserve-unknown-fields",
        "x-kubernetes-validations",
    )
}
_UNDERSCORED = {dashed: underscored for underscored, dashed in _DASHED.items()}

_READ_ONLY = (
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "uid",
)

INITIAL_VERSION = "__initialApiVersion"
FIELD_MANAGER = "__fieldManager"


def manifest(inputs: Inputs, token: Token) -> Object:
    """The object that inputs describe, in the one spelling that compares equal to what the server keeps."""
    found = fields(without_nulls(_renamed(inputs, _DASHED)))
    obj: Object = {**found, "apiVersion": found.get("apiVersion") or token.kind.api_version}
    obj["kind"] = found.get("kind") or token.kind.kind
    meta = dict(metadata(obj))
    for name in _READ_ONLY:
        meta.pop(name, None)
    if "metadata" not in obj or isinstance(obj["metadata"], dict):
        obj["metadata"] = meta
    if is_secret(obj) and not has_unknown(obj):
        fold_string_data(obj)
    return obj


def live(state: Inputs) -> Object:
    """The object as it was when its state was written."""
    found = fields(_renamed(state, _DASHED))
    return {key: value for key, value in found.items() if not key.startswith("__")}


def outputs(obj: Object, field_manager: str, initial_version: str) -> Inputs:
    """The state of an object. A Secret's data is kept secret whatever the inputs were."""
    found = fields(_renamed(obj, _UNDERSCORED))
    if is_secret(obj):
        found |= {key: Secret(found[key]) for key in ("data", "stringData") if key in found}
    return {**found, INITIAL_VERSION: initial_version, FIELD_MANAGER: field_manager}


def checked(obj: Object) -> Inputs:
    """Inputs as Check answers them."""
    found = fields(_renamed(obj, _UNDERSCORED))
    if is_secret(obj):
        found |= {key: Secret(found[key]) for key in ("data", "stringData") if key in found}
    return found


def is_secret(obj: Object) -> bool:
    """Whether the object is a core Secret."""
    return obj.get("kind") == "Secret" and obj.get("apiVersion") in ("v1", "core/v1")


def pruned(source: Any, shape: Any) -> object:
    """What of a live value the shape of some inputs asks about; the rest is the server's own business."""
    if isinstance(source, dict) and isinstance(shape, dict):
        asked = fields(shape)
        return {key: pruned(value, asked[key]) for key, value in fields(source).items() if key in asked}
    if isinstance(source, list) and isinstance(shape, list):
        return [pruned(value, asked) for value, asked in zip(items(source), items(shape), strict=False)]
    return cast("object", source)


def _renamed(value: Any, names: dict[str, str]) -> object:
    if isinstance(value, dict):
        return {names.get(key, key): _renamed(item, names) for key, item in fields(value).items()}
    if isinstance(value, list):
        return [_renamed(item, names) for item in items(value)]
    return cast("object", value)
