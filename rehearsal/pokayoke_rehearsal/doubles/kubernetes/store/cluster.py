"""One API server: its objects, who may write them, and what comes of every change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.store import errors
from pokayoke_rehearsal.doubles.kubernetes.store.addresses import Addresses
from pokayoke_rehearsal.doubles.kubernetes.store.admission import Admission
from pokayoke_rehearsal.doubles.kubernetes.store.deletion import Collector, Propagation
from pokayoke_rehearsal.doubles.kubernetes.store.discovery import DEFINITION
from pokayoke_rehearsal.doubles.kubernetes.store.kinds import Resource
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Key,
    Kind,
    Object,
    clone,
    fields,
    finalizers_of,
    metadata,
)
from pokayoke_rehearsal.doubles.kubernetes.store.ownership import Manager, without
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Controller, Event, Happened, Reactions
from pokayoke_rehearsal.doubles.kubernetes.store.reading import Reader
from pokayoke_rehearsal.doubles.kubernetes.store.records import Record
from pokayoke_rehearsal.doubles.kubernetes.store.writer import Draft, Writer


class Cluster(Reader):
    """One API server and its objects.

    Writes raise `ApiError` or `NoMatchError`, worded as a real server words them, answer a copy of what is stored, and
    return when the controllers have come to rest. All methods may be called from any thread. `natives` are the field
    managers that belong to the control plane.

    `afterwards` holds the work of those who look at the whole, done once all controllers have come to rest; `lookouts`
    whom to tell that the world outside has changed; `keepers` who can say why a finalizer stays where it is, empty for
    one of others. To extend it: `validators`, `mutators` and `reviews` by (group, kind), `admission.behaviours` by
    webhook name, `add_controller`, and `subscribe` for whoever waits for something to happen.
    """

    def __init__(self, name: str, version: str, *, natives: frozenset[str] = frozenset()) -> None:
        super().__init__(version, natives)
        self.name, self.version = name, version
        self.addresses = Addresses()
        self.admission = Admission(self)
        self.closed = False
        self._looked = -1
        self._writer = Writer(self, self.admission)
        self.validators, self.mutators = self._writer.validators, self._writer.mutators
        self.reviews = self._writer.reviews
        self._collector = Collector(self, self._table)
        self._reactions = Reactions(self, self._collector)
        self.lookouts, self.afterwards = self._reactions.lookouts, self._reactions.afterwards
        self.keepers: list[Callable[[str], str]] = []
        self._version = 0

    # Writing

    def create(self, manifest: Object, manager: str, *, dry_run: bool = False) -> Object:
        """A new object; one of the same name is a 409."""
        with self._lock:
            self.admission.asked(manager, controller=self._is_controller(manager))
            draft = self._writer.draft(manifest, types=False)
            self._require_namespace(draft)
            if self._table.find(draft.key) is not None:
                raise errors.already_exists(draft.resource.qualified, draft.key.name)
            self._require_definition(draft)
            writer = Manager(manager, "Update", draft.resource.kind.api_version)
            return self._answer(self._writer.created(draft, writer), None, dry_run)

    def apply(self, manifest: Object, manager: str, *, force: bool = False, dry_run: bool = False) -> Object:
        """Server-side apply: makes the object, or takes over what it states, gives up what it states no more."""
        with self._lock:
            self.admission.asked(manager, controller=self._is_controller(manager))
            draft = self._writer.draft(manifest, types=True)
            self._require_namespace(draft)
            record = self._table.find(draft.key)
            if record is None:
                self._require_definition(draft)
                return self._answer(self._writer.created(draft, Manager(manager)), None, dry_run)
            return self._answer(self._writer.applied(draft, record, Manager(manager), force=force), record, dry_run)

    def replace(self, manifest: Object, manager: str, *, dry_run: bool = False) -> Object:
        """A full update of an object that exists; its status stays as it is."""
        with self._lock:
            self.admission.asked(manager, controller=self._is_controller(manager))
            draft = self._writer.draft(manifest, types=True)
            record = self._require(draft.resource, draft.key)
            writer = Manager(manager, "Update", draft.resource.kind.api_version)
            return self._answer(self._writer.replaced(draft, record, writer), record, dry_run)

    def set_status(self, obj: Object, status: Mapping[str, Any]) -> None:
        """A controller's report about an object; nothing happens when the object is gone or the status is as it was."""
        with self._lock:
            record = self._find(obj)
            if record is not None and record.object.get("status") != status:
                changed = {**record.object, "metadata": dict(metadata(record.object)), "status": clone(dict(status))}
                self._store(Record(record.key, changed, record.writers), record)

    def edit(self, obj: Object, change: Callable[[Object], None]) -> None:
        """A controller's own change of a stored object, unjudged; nothing happens when it is gone or changes nothing.

        This is how a controller takes its finalizer off, binds a pod or fills in what EKS fills in.
        """
        with self._lock:
            record = self._find(obj)
            if record is not None:
                changed = fields(clone(record.object))
                change(changed)
                if changed != record.object:
                    self._store(Record(record.key, changed, record.writers), record)

    def hand_over(self, obj: Object, old_managers: tuple[str, ...], manager: str) -> None:
        """Makes `manager` the applier of what these wrote by plain updates (as clients do that begin to apply)."""
        with self._lock:
            record = self._find(obj)
            if record is not None:
                taken = [
                    writer for writer in record.writers if writer.operation == "Update" and writer.name in old_managers
                ]
                for writer in taken:
                    fields_of = record.writers.pop(writer)
                    record.writers.setdefault(Manager(manager), fields_of)

    def relinquish(self, obj: Object, manager: str) -> None:
        """Gives up what a manager applied; what nobody else owns goes. A required field cannot go."""
        with self._lock:
            record = self._find(obj)
            mine = record.writers.get(Manager(manager)) if record is not None else None
            if record is None or mine is None:
                return
            others = {key: value for key, value in record.writers.items() if key != Manager(manager)}
            kept = frozenset[tuple[str, ...]]().union(*(applied.fields for applied in others.values()))
            schema = self.discovery.resource(Kind.of(record.object["apiVersion"], record.key.kind)).schema
            left = without(schema, record.object, mine.fields - kept)
            draft = self._writer.draft(left, types=True)
            replaced = self._writer.replaced(draft, record, Manager(manager))
            self._store(Record(record.key, replaced.object, others), record)

    def delete(self, kind: Kind, name: str, namespace: str = "", *, propagation: Propagation = "Foreground") -> None:
        """Deletes, or marks as deleted what finalizers or dependents hold; raises NoMatchError or a 404."""
        resource = self.resource(kind)
        with self._lock:
            record = self._require(resource, Key(kind.group, kind.kind, namespace if resource.namespaced else "", name))
            self.admission.asked(controller=self._reactions.settling)
            self.admission.admit("validating", resource, fields(clone(record.object)), None, "DELETE")
            self._collector.delete(record, propagation)
            self._reactions.settle()

    # Living

    def add_controller(self, controller: Controller) -> None:
        """From now on it reacts to changes; it first hears of everything that is there."""
        with self._lock:
            self._reactions.add(controller, self._table)

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Calls the listener, on the writer's thread, after every change; returns what ends it."""
        return self._reactions.subscribe(listener)

    def look_outside(self, moment: int | None = None) -> None:
        """Something happened around the cluster while somebody waits: controllers that turn on it look again.

        Of many who wait, the first one's look at a `moment` of the world is enough for all of them.
        """
        with self._lock:
            if moment is not None and moment == self._looked:
                return
            self._looked = -1 if moment is None else moment
            for look in self.lookouts:
                look()
            self._reactions.settle()

    def close(self) -> None:
        """The cluster is gone: whoever waits hears of it."""
        self.closed = True
        self._reactions.tell_listeners()

    def upgrade(self, version: str) -> None:
        """Serves the built-in kinds of another Kubernetes version from now on."""
        with self._lock:
            self.version = version
            self.discovery.serve_version(version)

    def keep(self, record: Record, old: Record | None) -> None:
        """Stores a record as it is and tells the controllers; for the store's own parts."""
        self._version += 1
        metadata(record.object)["resourceVersion"] = str(self._version)
        self._table.put(record)
        if record.key.group_kind == DEFINITION:
            self.discovery.define(record.object)
        happened: Happened = "added" if old is None else "changed"
        self._reactions.heard(Event(happened, record.key, record.object, None if old is None else old.object))

    def drop(self, record: Record) -> None:
        """Takes a record out and tells the controllers; for the store's own parts."""
        self._table.remove(record)
        if record.key.group_kind == DEFINITION:
            self.discovery.forget(record.object)
        self._reactions.heard(Event("removed", record.key, record.object, record.object))

    def _answer(self, record: Record, old: Record | None, dry_run: bool) -> Object:
        if not dry_run:
            self._store(record, old)
        return fields(clone(record.object))

    def _store(self, record: Record, old: Record | None) -> None:
        if old is not None and record.object == old.object:
            old.writers.update(record.writers)
            return
        self.keep(record, old)
        if record.terminating and not finalizers_of(record.object):
            self._collector.advance(record)
        self._reactions.settle()

    def _is_controller(self, manager: str) -> bool:
        return self._reactions.settling or manager in self._natives

    def _require(self, resource: Resource, key: Key) -> Record:
        record = self._table.find(key)
        if record is None:
            raise errors.not_found(resource.qualified, key.name)
        return record

    def _require_namespace(self, draft: Draft) -> None:
        namespace = draft.key.namespace
        if not namespace:
            return
        record = self._table.find(Key("", "Namespace", "", namespace))
        if record is None:
            raise errors.not_found("namespaces", namespace)
        if record.terminating and self._table.find(draft.key) is None:
            why = f"unable to create new content in namespace {namespace} because it is being terminated"
            raise errors.forbidden(draft.resource.qualified, draft.key.name, why)

    def _require_definition(self, draft: Draft) -> None:
        if not draft.resource.custom:
            return
        name = f"{draft.resource.plural}.{draft.key.group}"
        definition = self._table.find(Key(*DEFINITION, "", name))
        if definition is not None and definition.terminating:
            message = "create not allowed while custom resource definition is terminating"
            raise errors.ApiError(405, "MethodNotAllowed", message)
