"""The objects of one API server by key, with the indexes that garbage collection and selectors need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pokayoke_rehearsal.doubles.kubernetes.store.objects import Key, Object, metadata, owners_of, text
from pokayoke_rehearsal.doubles.kubernetes.store.ownership import FieldSet, Manager, owned_fields
from pokayoke_rehearsal.doubles.kubernetes.store.schemas import Schema


class Applied:
    """What one manager wrote; its fields are worked out when somebody first asks, which mostly nobody does."""

    def __init__(self, schema: Schema, obj: Object) -> None:
        self._schema, self._object = schema, obj

    @classmethod
    def of(cls, found: FieldSet) -> Applied:
        """From fields that are known already."""
        applied = cls(Schema({}), {})
        applied.__dict__["fields"] = found
        return applied

    @cached_property
    def fields(self) -> FieldSet:
        """The paths that it wrote."""
        return owned_fields(self._schema, self._object)


@dataclass
class Record:
    """One stored object. The object is never changed in place: a change stores another."""

    key: Key
    object: Object
    writers: dict[Manager, Applied] = field(default_factory=dict[Manager, Applied])

    @property
    def uid(self) -> str:
        """What owner references point at."""
        return text(metadata(self.object).get("uid"))

    @property
    def terminating(self) -> bool:
        """Whether it was deleted and something still holds it."""
        return "deletionTimestamp" in metadata(self.object)


class Table:
    """All records, found by key, by kind, by namespace and by owner."""

    def __init__(self) -> None:
        self._records: dict[Key, Record] = {}
        self._by_kind: dict[tuple[str, str], dict[Key, None]] = {}
        self._by_namespace: dict[str, dict[Key, None]] = {}
        self._by_owner: dict[str, dict[Key, None]] = {}
        self._by_uid: dict[str, Key] = {}

    def __iter__(self) -> Iterator[Record]:
        return iter(list(self._records.values()))

    def find(self, key: Key) -> Record | None:
        """The record, None when there is none."""
        return self._records.get(key)

    def put(self, record: Record) -> None:
        """Adds a record, or puts it in the place of the one with its key."""
        old = self._records.get(record.key)
        if old is not None:
            self._forget_owners(old)
        self._records[record.key] = record
        self._by_uid[record.uid] = record.key
        self._by_kind.setdefault(record.key.group_kind, {})[record.key] = None
        if record.key.namespace:
            self._by_namespace.setdefault(record.key.namespace, {})[record.key] = None
        for owner in owners_of(record.object):
            self._by_owner.setdefault(text(owner.get("uid")), {})[record.key] = None

    def remove(self, record: Record) -> None:
        """Takes a record out."""
        self._forget_owners(record)
        del self._records[record.key]
        self._by_uid.pop(record.uid, None)
        self._by_kind[record.key.group_kind].pop(record.key)
        if record.key.namespace:
            self._by_namespace[record.key.namespace].pop(record.key)

    def of_kind(self, group: str, kind: str, namespace: str = "") -> list[Record]:
        """The records of a kind, in one namespace or in all, in the order of their creation."""
        keys = self._by_kind.get((group, kind), {})
        return [self._records[key] for key in keys if not namespace or key.namespace == namespace]

    def in_namespace(self, namespace: str) -> list[Record]:
        """All records of a namespace."""
        return [self._records[key] for key in self._by_namespace.get(namespace, {})]

    def owned_by(self, uid: str) -> list[Record]:
        """The records that name an owner."""
        return [self._records[key] for key in self._by_owner.get(uid, {})]

    def by_uid(self, uid: str) -> Record | None:
        """The record of a uid, None when it is gone."""
        key = self._by_uid.get(uid)
        return None if key is None else self._records[key]

    def _forget_owners(self, record: Record) -> None:
        for owner in owners_of(record.object):
            self._by_owner.get(text(owner.get("uid")), {}).pop(record.key, None)
