"""Reading an API server's objects."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.store import errors
from pokayoke_rehearsal.doubles.kubernetes.store.discovery import DEFINITION, Discovery, defined_kind
from pokayoke_rehearsal.doubles.kubernetes.store.kinds import Resource
from pokayoke_rehearsal.doubles.kubernetes.store.names import selects
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Key,
    Kind,
    Object,
    clone,
    fields,
    finalizers_of,
    kind_of,
    labels_of,
    metadata,
    name_of,
    namespace_of,
    owners_of,
    text,
)
from pokayoke_rehearsal.doubles.kubernetes.store.records import Record, Table


class Reader:
    """Finds objects. What `get` answers is a copy; what the others answer is the stored object, not to be changed."""

    def __init__(self, version: str, natives: frozenset[str]) -> None:
        self.discovery = Discovery(version)
        self._natives = natives
        self._table = Table()
        self._lock = threading.RLock()

    def resource(self, kind: Kind) -> Resource:
        """The served kind; raises NoMatchError."""
        return self.discovery.resource(kind)

    def get(self, kind: Kind, name: str, namespace: str = "") -> Object:
        """The object; raises NoMatchError or a 404."""
        resource = self.resource(kind)
        with self._lock:
            record = self._table.find(Key(kind.group, kind.kind, namespace if resource.namespaced else "", name))
            if record is None:
                raise errors.not_found(resource.qualified, name)
            return fields(clone({**record.object, "apiVersion": kind.api_version}))

    def find(self, kind: Kind, name: str, namespace: str = "") -> Object | None:
        """The object, None when it or its kind is not there."""
        return self.find_named(kind.group, kind.kind, name, namespace)

    def find_named(self, group: str, kind: str, name: str, namespace: str = "") -> Object | None:
        """The object in whatever version it was written, None when it is not there."""
        with self._lock:
            record = self._table.find(Key(group, kind, namespace, name))
            return None if record is None else record.object

    def list(
        self, group: str, kind: str, namespace: str = "", *, labels: Mapping[str, Any] | None = None
    ) -> list[Object]:
        """The objects of a kind, of one namespace or all, that carry all these labels."""
        with self._lock:
            found = [record.object for record in self._table.of_kind(group, kind, namespace)]
        return [obj for obj in found if selects({"matchLabels": labels}, labels_of(obj))] if labels else found

    def owned(self, owner: Object) -> list[Object]:
        """The objects that name this one as an owner."""
        with self._lock:
            return [record.object for record in self._table.owned_by(text(metadata(owner).get("uid")))]

    def foreign(self) -> list[Object]:
        """The objects, owned by no other, that somebody else than the control plane wrote."""
        with self._lock:
            return [
                record.object
                for record in self._table
                if not owners_of(record.object) and any(by.name not in self._natives for by in record.writers)
            ]

    def holding(self, obj: Object) -> list[Object]:
        """The objects with finalizers that keep this one from going: what it contains, owns or defines."""
        with self._lock:
            if (kind := (kind_of(obj).group, kind_of(obj).kind)) == DEFINITION:
                inner = self._table.of_kind(*defined_kind(obj))
            elif kind == ("", "Namespace"):
                inner = self._table.in_namespace(name_of(obj))
            else:
                inner = self._table.owned_by(text(metadata(obj).get("uid")))
            return [record.object for record in inner if finalizers_of(record.object)]

    def _find(self, obj: Object) -> Record | None:
        kind, uid = kind_of(obj), metadata(obj).get("uid")
        record = self._table.find(Key(kind.group, kind.kind, namespace_of(obj), name_of(obj)))
        return record if record is not None and uid in (None, record.uid) else None
