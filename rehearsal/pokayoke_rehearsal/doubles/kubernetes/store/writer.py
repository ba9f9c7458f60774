"""How a manifest becomes a stored object: typed, defaulted, admitted, validated, and owned field by field."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pokayoke_rehearsal.doubles.kubernetes.store import errors, ownership
from pokayoke_rehearsal.doubles.kubernetes.store.admission import Admission, Operation
from pokayoke_rehearsal.doubles.kubernetes.store.clock import now
from pokayoke_rehearsal.doubles.kubernetes.store.defaults import fill_builtin, fill_custom, fold_string_data
from pokayoke_rehearsal.doubles.kubernetes.store.discovery import DEFINITION
from pokayoke_rehearsal.doubles.kubernetes.store.errors import FieldError
from pokayoke_rehearsal.doubles.kubernetes.store.kinds import Resource
from pokayoke_rehearsal.doubles.kubernetes.store.names import metadata_errors
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Key,
    Object,
    clone,
    fields,
    finalizers_of,
    kind_of,
    metadata,
    name_of,
    namespace_of,
    text,
    whole,
    without_nulls,
)
from pokayoke_rehearsal.doubles.kubernetes.store.ownership import Manager
from pokayoke_rehearsal.doubles.kubernetes.store.policies import (
    BINDING,
    GROUP,
    POLICY,
    binding_errors,
    policy_errors,
)
from pokayoke_rehearsal.doubles.kubernetes.store.records import Applied, Record
from pokayoke_rehearsal.doubles.kubernetes.store.rules import Validator, builtin_errors
from pokayoke_rehearsal.doubles.kubernetes.store.schemas import Schema
from pokayoke_rehearsal.doubles.kubernetes.store.validation import structural_errors, typed_patch_error

if TYPE_CHECKING:
    from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster

Mutator = Callable[[Object], None]
"""Changes an object of some kind in place before it is judged; for what EKS itself injects."""

Review = Callable[[Object, Object | None], None]
"""Raises the ApiError with which an API server refuses a custom object, instead of the judgement by its schema; the
second is what the object replaces. For kinds whose rules somebody models whole, CEL included."""

_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_SERVER_FIELDS = ("uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "managedFields")
# Their status is part of what makes them up, or nobody but their creator writes it.
_STATUS_KEPT = frozenset({("", "Node"), ("", "Namespace")})


@dataclass(frozen=True)
class Draft:
    """A manifest read for writing."""

    resource: Resource
    key: Key
    object: Object


class Writer:
    """Turns manifests into records, and refuses those that an API server refuses; stores nothing itself."""

    def __init__(self, cluster: Cluster, admission: Admission) -> None:
        self._cluster = cluster
        self._admission = admission
        self.validators: dict[tuple[str, str], list[Validator]] = {
            (GROUP, POLICY): [policy_errors],
            (GROUP, BINDING): [binding_errors],
        }
        self.mutators: dict[tuple[str, str], list[Mutator]] = {}
        self.reviews: dict[tuple[str, str], Review] = {}

    def draft(self, manifest: Object, *, types: bool) -> Draft:
        """Reads a manifest: its kind is served, its fields are known, it has a name (made up for `generateName`).

        With `types`, values of a wrong type are refused in the words of server-side apply.
        """
        obj = fields(without_nulls(manifest))
        kind = kind_of(obj)
        resource = self._cluster.discovery.resource(kind)
        meta = obj.setdefault("metadata", {})
        if not isinstance(meta, dict):
            raise errors.bad_request(f"{kind.kind}: metadata must be an object")
        for name in _SERVER_FIELDS:
            metadata(obj).pop(name, None)
        if not resource.namespaced:
            metadata(obj).pop("namespace", None)
        elif not namespace_of(obj):
            raise errors.bad_request("an empty namespace may not be set during creation")
        if kind.kind == "Secret" and not kind.group and types:
            fold_string_data(obj)
        if (kind.group, kind.kind) not in self.reviews:
            refusal = typed_patch_error(kind, resource.schema, obj, types=types or not resource.custom)
            if refusal is not None:
                raise refusal
        if not name_of(obj) and text(metadata(obj).get("generateName")):
            suffix = "".join(random.choices(_LETTERS, k=5))  # noqa: S311 - as the API server's own, no secret
            metadata(obj)["name"] = text(metadata(obj)["generateName"]) + suffix
        return Draft(resource, Key(kind.group, kind.kind, namespace_of(obj), name_of(obj)), obj)

    def created(self, draft: Draft, manager: Manager) -> Record:
        """The record of a new object."""
        obj = clone(draft.object)
        if draft.key.group_kind not in _STATUS_KEPT:
            obj.pop("status", None)
        judged = self._judged(draft.resource, obj, None, "CREATE")
        meta = metadata(judged)
        meta["uid"] = str(uuid.uuid4())
        meta["creationTimestamp"] = now()
        meta["generation"] = 1
        written = Applied(_ownership_schema(draft), draft.object)
        return Record(draft.key, judged, {manager: written})

    def applied(self, draft: Draft, record: Record, manager: Manager, *, force: bool) -> Record:
        """The record after a server-side apply; raises a conflict when others own what it would change."""
        schema, live, wanted = _ownership_schema(draft), record.object, draft.object
        wanted = {key: value for key, value in wanted.items() if key != "status"}
        owners = {other: applied.fields for other, applied in record.writers.items() if other != manager}
        disputed = ownership.conflicts(schema, live, wanted, owners, manager)
        if disputed and not force:
            raise ownership.conflict_error(disputed)
        now_owned = ownership.owned_fields(schema, wanted)
        before = record.writers.get(manager)
        others: ownership.FieldSet = frozenset[ownership.Path]().union(*owners.values())
        gone = (before.fields if before is not None else frozenset[ownership.Path]()) - now_owned - others
        result = ownership.merged(schema, clone(ownership.without(schema, live, gone)), wanted)
        writers = {other: Applied.of(owned - frozenset(disputed.get(other, ()))) for other, owned in owners.items()}
        return self._changed(draft.resource, record, result, {**writers, manager: Applied.of(now_owned)})

    def replaced(self, draft: Draft, record: Record, manager: Manager) -> Record:
        """The record after a full replacement; status stays as it is."""
        schema, live = _ownership_schema(draft), record.object
        result = clone(draft.object)
        if "status" in live:
            result["status"] = live["status"]
        writers = dict(record.writers)
        if (mine := ownership.changed_fields(schema, live, result)) or manager in writers:
            known = writers[manager].fields if manager in writers else frozenset[ownership.Path]()
            writers[manager] = Applied.of(known | mine)
        return self._changed(draft.resource, record, result, writers)

    def _changed(self, resource: Resource, record: Record, result: Object, writers: dict[Manager, Applied]) -> Record:
        live = record.object
        meta = metadata(result)
        for name in _SERVER_FIELDS:
            meta.pop(name, None)
            if name in metadata(live):
                meta[name] = metadata(live)[name]
        if record.terminating and set(finalizers_of(result)) - set(finalizers_of(live)):
            added = sorted(set(finalizers_of(result)) - set(finalizers_of(live)))
            detail = f"no new finalizers can be added if the object is being deleted, found new finalizers {added}"
            raise self._invalid(resource, result, [errors.forbidden_field("metadata.finalizers", detail)])
        judged = self._judged(resource, result, live, "UPDATE")
        if _content(judged) != _content(live):
            metadata(judged)["generation"] = whole(metadata(live).get("generation"), 1) + 1
        return Record(record.key, judged, writers)

    def _judged(self, resource: Resource, obj: Object, old: Object | None, operation: Operation) -> Object:
        kind = resource.kind
        if resource.custom:
            obj = fields(fill_custom(resource.schema, obj))
        else:
            fill_builtin(kind, obj)
        for mutate in self.mutators.get((kind.group, kind.kind), ()):
            mutate(obj)
        if operation == "CREATE" and kind.group == "" and kind.kind == "Service":
            self._cluster.addresses.assign(obj)
        obj = clone(self._admission.admit("mutating", resource, obj, old, operation))
        if review := self.reviews.get((kind.group, kind.kind)):
            review(obj, old)
        found = [] if review else self._errors(resource, obj, old)
        if found:
            raise self._invalid(resource, obj, found)
        self._admission.admit("validating", resource, obj, old, operation)
        return obj

    def _errors(self, resource: Resource, obj: Object, old: Object | None) -> list[FieldError]:
        group_kind = (resource.kind.group, resource.kind.kind)
        found = metadata_errors(resource.kind, obj) + structural_errors(resource.schema, obj)
        if resource.custom and any(error.blocks_rules for error in found):
            return [*found, _RULES_LEFT_OUT] if resource.schema.has_rules else found
        if not resource.custom:
            complained = {error.path for error in found}
            found += [error for error in builtin_errors(group_kind, obj, old) if error.path not in complained]
        for validate in self.validators.get(group_kind, ()):
            found += validate(obj, old)
        return found

    def _invalid(self, resource: Resource, obj: Object, found: list[FieldError]) -> errors.ApiError:
        return errors.invalid(resource.kind.qualified, name_of(obj), found)


def _content(obj: Object) -> Object:
    return {key: value for key, value in obj.items() if key not in ("metadata", "status")}


def _ownership_schema(draft: Draft) -> Schema:
    # A definition's schema has thousands of leaves and one writer in practice: its top-level fields are owned whole.
    return _DEFINITION_SCHEMA if draft.key.group_kind == DEFINITION else draft.resource.schema


_RULES_LEFT_OUT = FieldError(
    "<nil>",
    "Invalid value: null: some validation rules were not checked because the object was invalid; "
    "correct the existing errors to complete validation",
)

_DEFINITION_SCHEMA = Schema(
    {
        "type": "object",
        "properties": {"spec": {"type": "object", "x-kubernetes-map-type": "atomic"}},
        "additionalProperties": True,
    }
)
