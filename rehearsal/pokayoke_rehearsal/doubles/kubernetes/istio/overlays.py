"""A strategic merge patch over an object, as istiod lays the overlays of a ConfigMap over what it makes.

Source: kubernetes/apimachinery v0.36.3, `pkg/util/strategicpatch`: lists with a merge key are merged by it, and an item
with `$patch: delete` takes the item of its key away.
"""

from __future__ import annotations

from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.store import ownership
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, fields, items
from pokayoke_rehearsal.doubles.kubernetes.store.schemas import Schema

DIRECTIVE = "$patch"


def laid_over(schema: Schema, obj: Object, overlay: Object) -> Object:
    """The object with the overlay over it."""
    left, patch = _without(obj, overlay)
    return ownership.merged(schema, fields(left), fields(patch))


def _without(value: Any, patch: Any) -> tuple[Any, Any]:
    """The value without what the patch deletes, and the patch without its deletions."""
    both_maps = isinstance(value, dict) and isinstance(patch, dict)
    return _without_fields(fields(value), fields(patch)) if both_maps else _without_items(value, patch)


def _without_items(value: Any, patch: Any) -> tuple[Any, Any]:
    gone = [one for item in items(patch) if (one := fields(item)).get(DIRECTIVE) == "delete"]
    if not gone:
        return value, patch
    kept = [item for item in items(value) if not any(_has_key_of(fields(item), one) for one in gone)]
    return kept, [item for item in items(patch) if fields(item) not in gone]


def _without_fields(value: Object, patch: Object) -> tuple[Object, Object]:
    left, rest = dict(value), dict(patch)
    for key in left.keys() & rest.keys():
        left[key], rest[key] = _without(left[key], rest[key])
    return left, {key: item for key, item in rest.items() if item != []}


def _has_key_of(item: Object, deletion: Object) -> bool:
    return all(item.get(key) == value for key, value in deletion.items() if key != DIRECTIVE)
