"""Deletion: finalizers, dependents first or later, namespaces with all in them, definitions with all of their kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pokayoke_rehearsal.doubles.kubernetes.store.clock import now
from pokayoke_rehearsal.doubles.kubernetes.store.discovery import DEFINITION, defined_kind
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Key,
    Object,
    clone,
    fields,
    finalizers_of,
    metadata,
    owners_of,
    text,
)
from pokayoke_rehearsal.doubles.kubernetes.store.records import Record, Table

if TYPE_CHECKING:
    from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
    from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Event

Propagation = Literal["Foreground", "Background", "Orphan"]

FOREGROUND = "foregroundDeletion"
DEFINITION_CLEANUP = "customresourcecleanup.apiextensions.k8s.io"

_NAMESPACE = ("", "Namespace")


class Collector:
    """The garbage collector, and the clean-ups of namespaces and definitions."""

    def __init__(self, cluster: Cluster, table: Table) -> None:
        self._cluster, self._table = cluster, table

    def delete(self, record: Record, propagation: Propagation) -> None:
        """Begins a deletion, and ends it at once when nothing holds the object."""
        if record.terminating:
            self.advance(record)
            return
        if propagation == "Orphan":
            self._orphan(record)
        held = self._holders(record, propagation)
        if not held and record.key.group_kind != _NAMESPACE:
            self._cluster.drop(record)
            return
        self._cluster.keep(_marked(record, held), record)
        self._cascade(record, held)
        self.advance(record)

    def advance(self, record: Record) -> None:
        """Ends a deletion that nothing holds any more."""
        current = self._table.find(record.key)
        if current is None or current.uid != record.uid or not current.terminating:
            return
        held = finalizers_of(current.object)
        left = [finalizer for finalizer in held if not self._is_done(current, finalizer)]
        if not left and not self._has_content(current):
            self._cluster.drop(current)
        elif left != held:
            self._cluster.keep(_with_finalizers(current, left), current)

    def react(self, event: Event) -> None:
        """Goes on with what waited for an object to go, and collects what it owned."""
        if event.happened != "removed":
            return
        for dependent in self._table.owned_by(text(metadata(event.object).get("uid"))):
            if not any(self._table.by_uid(text(owner.get("uid"))) for owner in owners_of(dependent.object)):
                self.delete(dependent, "Background")
        waiting = [self._table.by_uid(text(owner.get("uid"))) for owner in owners_of(event.object)]
        if event.key.namespace:
            waiting.append(self._table.find(Key(*_NAMESPACE, "", event.key.namespace)))
        waiting += [
            definition
            for definition in self._table.of_kind(*DEFINITION)
            if definition.terminating and defined_kind(definition.object) == event.key.group_kind
        ]
        for record in waiting:
            if record is not None:
                self.advance(record)

    def _holders(self, record: Record, propagation: Propagation) -> list[str]:
        held = finalizers_of(record.object)
        if propagation == "Foreground" and self._blocking(record):
            held = [*held, FOREGROUND]
        if record.key.group_kind == DEFINITION and self._table.of_kind(*defined_kind(record.object)):
            held = [*held, DEFINITION_CLEANUP]
        return held

    def _cascade(self, record: Record, held: list[str]) -> None:
        if record.key.group_kind == _NAMESPACE:
            doomed, how = self._table.in_namespace(record.key.name), "Background"
        elif record.key.group_kind == DEFINITION:
            doomed, how = self._table.of_kind(*defined_kind(record.object)), "Background"
        elif FOREGROUND in held:
            doomed, how = self._blocking(record), "Foreground"
        else:
            return  # they follow once it is gone
        for inner in doomed:
            if self._table.find(inner.key) is inner and not inner.terminating:
                self.delete(inner, how)

    def _is_done(self, record: Record, finalizer: str) -> bool:
        if finalizer == FOREGROUND:
            return not self._blocking(record)
        if finalizer == DEFINITION_CLEANUP:
            return not self._table.of_kind(*defined_kind(record.object))
        return False

    def _blocking(self, record: Record) -> list[Record]:
        """The dependents for which a deletion in the foreground waits: the others go once their owner is gone."""
        return [
            dependent
            for dependent in self._table.owned_by(record.uid)
            if any(
                owner.get("uid") == record.uid and owner.get("blockOwnerDeletion")
                for owner in owners_of(dependent.object)
            )
        ]

    def _has_content(self, record: Record) -> bool:
        return record.key.group_kind == _NAMESPACE and bool(self._table.in_namespace(record.key.name))

    def _orphan(self, record: Record) -> None:
        for dependent in self._table.owned_by(record.uid):
            obj: Object = fields(clone(dependent.object))
            metadata(obj)["ownerReferences"] = [owner for owner in owners_of(obj) if owner.get("uid") != record.uid]
            self._cluster.keep(Record(dependent.key, obj, dependent.writers), dependent)


def _marked(record: Record, held: list[str]) -> Record:
    marked = _with_finalizers(record, held)
    metadata(marked.object)["deletionTimestamp"] = now()
    if record.key.group_kind == _NAMESPACE:
        marked.object["status"] = {"phase": "Terminating"}
    return marked


def _with_finalizers(record: Record, finalizers: list[str]) -> Record:
    obj: Object = fields(clone(record.object))
    metadata(obj).pop("finalizers", None)
    if finalizers:
        metadata(obj)["finalizers"] = finalizers
    return Record(record.key, obj, record.writers)
