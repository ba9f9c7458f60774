"""How pulumi-kubernetes names what the program leaves unnamed (pulumi-kubernetes, provider/pkg/metadata/naming.go)."""

from __future__ import annotations

import hashlib
import os

from pokayoke_rehearsal.doubles.base import UNKNOWN, Call
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, annotation, fields, labels_of, metadata, name_of

AUTONAMED = "pulumi.com/autonamed"
_MANAGED_BY = "app.kubernetes.io/managed-by"


def assign(call: Call, obj: Object, old_inputs: Object | None) -> None:
    """Gives an unnamed object the name that it has already, or `<logical name>-<8 hex digits>`, and marks it so."""
    if not isinstance(obj.get("metadata"), dict) or is_named(obj) or is_generated(obj):
        return
    if old_inputs is None:
        _mark(obj, unique(call))
    elif is_autonamed(old_inputs):
        _mark(obj, name_of(old_inputs))


def unique(call: Call) -> str:
    """The logical name with 8 hex digits from the request's seed."""
    digest = hashlib.sha256(call.seed or os.urandom(16)).hexdigest()
    return f"{call.name}-{digest[:8]}"


def is_named(obj: Object) -> bool:
    """Whether the program states a name, known or not."""
    return bool(fields(obj.get("metadata")).get("name"))


def is_generated(obj: Object) -> bool:
    """Whether the program leaves the name to the API server."""
    return not is_named(obj) and bool(fields(obj.get("metadata")).get("generateName"))


def is_autonamed(obj: Object) -> bool:
    """Whether the name was given by `assign`."""
    return annotation(obj, AUTONAMED) == "true"


def is_marked(obj: Object) -> bool:
    """Whether the object carries the label of client-side apply; field managers tell the same of server-side apply."""
    return labels_of(obj).get(_MANAGED_BY) == "pulumi"


def mark_managed(obj: Object) -> None:
    """Sets that label, where there is a place for it."""
    meta = fields(obj.get("metadata"))
    if isinstance(obj.get("metadata"), dict) and meta.get("labels") is not UNKNOWN:
        meta["labels"] = {**fields(meta.get("labels")), _MANAGED_BY: "pulumi"}


def _mark(obj: Object, name: str) -> None:
    meta = metadata(obj)
    meta["name"] = name
    # An annotation cannot be put into a map that nobody knows yet.
    if meta.get("annotations") is not UNKNOWN:
        meta["annotations"] = {**fields(meta.get("annotations")), AUTONAMED: "true"}
