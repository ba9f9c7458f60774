"""The state file of a stack, and the journal that carries it through an act.

An act never rewrites the state while it runs: each operation appends one line before it begins and one when it ended,
and at the end the journal is folded into the state file. Whoever loads the state after a killed act folds what the
journal holds, so nothing that ended is lost; what had begun and not ended is kept as a pending operation.

Lines name resources by label: `b3` is the fourth of the state file, `n7` what the line with number 7 added.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

from . import urns
from .secrets import Vault
from .state import CREATING, PendingOperation, Resource, Snapshot


class StateFile:
    """A stack's state in a directory: `state.json` (shape of `pulumi stack export`), `journal.jsonl`, `secret.key`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.path = directory / "state.json"
        self._journal = directory / "journal.jsonl"
        self._vault: Vault | None = None

    @property
    def vault(self) -> Vault:
        if self._vault is None:
            self._vault = Vault.at(self.directory / "secret.key")
        return self._vault

    def load(self) -> Snapshot:
        """The snapshot, with the journal of a killed act folded in. Raises SecretsError for a foreign key."""
        text = self.path.read_text() if self.path.exists() else ""
        snapshot = Snapshot.load(json.loads(text), self.vault) if text else Snapshot()
        if self._journal.exists():
            lines = self._journal.read_text().splitlines()
            if lines and json.loads(lines[0]).get("base") == _fingerprint(text):
                snapshot = _fold(snapshot, lines[1:], self.vault)
                self.save(snapshot)
            self._journal.unlink()
        return snapshot

    def clear_pending_creates(self) -> list[str]:
        """Drops the creations whose end nobody saw, as `pulumi refresh --clear-pending-creates` does; their URNs."""
        snapshot = self.load()
        cleared = [operation.resource.urn for operation in snapshot.pending if operation.kind == CREATING]
        if cleared:
            kept = [operation for operation in snapshot.pending if operation.kind != CREATING]
            self.save(Snapshot(snapshot.resources, kept))
        return cleared

    def begin(self, snapshot: Snapshot) -> "Journal":
        """Opens the journal of an act that starts from `snapshot`."""
        self.directory.mkdir(parents=True, exist_ok=True)
        text = self.path.read_text() if self.path.exists() else ""
        file = self._journal.open("w")
        file.write(json.dumps({"base": _fingerprint(text)}) + "\n")
        return Journal(snapshot, self, file)

    def save(self, snapshot: Snapshot) -> None:
        """Writes the state file as a whole; who reads it sees the old one or the new one."""
        self.directory.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".draft")
        with draft.open("w") as file:
            file.write(json.dumps(snapshot.export(self.vault)))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)

    def drop_journal(self) -> None:
        self._journal.unlink(missing_ok=True)


class Journal:
    """What an act did so far, in memory and line by line on disk."""

    def __init__(self, base: Snapshot, state: StateFile | None = None, file: IO[str] | None = None) -> None:
        self._base = base
        self._state = state
        self._file = file
        self._news: list[Resource] = []
        self._done: set[Resource] = set()
        self._pending: dict[int, PendingOperation] = {}
        self._labels = {resource: f"b{index}" for index, resource in enumerate(base.resources)}
        self._number = 0

    def begin(self, resource: Resource, kind: str) -> int:
        """Notes an operation before the provider is called; the number ends it."""
        self._number += 1
        self._pending[self._number] = PendingOperation(resource, kind)
        self._write({"begin": self._number, "type": kind}, resource)
        return self._number

    def end(
        self,
        number: int | None = None,
        *,
        new: Resource | None = None,
        done: Resource | None = None,
        changed: Iterable[Resource] = (),
    ) -> None:
        """Notes what an operation left: `new` is in the state, `done` no more, `changed` had flags set.

        None of it after a failure.
        """
        line: dict[str, Any] = {}
        if number is not None:
            self._pending.pop(number)
            line["end"] = number
        if marked := [resource for resource in changed if resource is not done]:
            line["mark"] = [
                [self._labels[resource], resource.delete, resource.pending_replacement]
                for resource in marked
                if resource in self._labels
            ]
        if done is not None:
            self._done.add(done)
            line["done"] = self._labels[done]
        unchanged = new is not None and done is not None and new.same_as(done)
        if new is not None:
            self._number += 1
            self._news.append(new)
            line["new"] = self._labels[new] = f"n{self._number}"
        self._write(line, None if unchanged else new)

    def outputs(self, resource: Resource) -> None:
        """Notes that a component got its outputs."""
        self._write({"again": self._labels[resource]}, resource)

    def snapshot(self) -> Snapshot:
        """The state as it is now: what the act produced, in its order, then what it has not reached."""
        resources = [resource for resource in (*self._news, *self._base.resources) if resource not in self._done]
        kept = [operation for operation in self._base.pending if operation.kind == CREATING]
        return Snapshot(settle_aliases(resources), [*self._pending.values(), *kept])

    def fold(self) -> Snapshot:
        """Ends the act: writes the state file and drops the journal."""
        snapshot = self.snapshot()
        if self._state is not None:
            self._state.save(snapshot)
            self.close()
            self._state.drop_journal()
        return snapshot

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, line: dict[str, Any], resource: Resource | None) -> None:
        if self._file is None or self._state is None:
            return
        if resource is not None:
            line["resource"] = resource.export(self._state.vault)
        self._file.write(json.dumps(line, separators=(",", ":")) + "\n")
        self._file.flush()


def settle_aliases(resources: list[Resource]) -> list[Resource]:
    """The resources with every mention of an aliased URN replaced by the URN that it has now."""
    moved: dict[str, str] = {}
    for resource in resources:
        moved.update(dict.fromkeys(resource.aliases, resource.urn))
        parent = moved.get(resource.parent)
        if parent and urns.qualified_type_of(parent) != urns.STACK_TYPE:
            moved[resource.urn] = _under(parent, resource)
    if not moved:
        return resources
    return [_settled(resource, moved) for resource in resources]


def _under(parent: str, resource: Resource) -> str:
    stack, project, _, name = resource.urn.split("::", 3)
    return f"{stack}::{project}::{urns.qualified_type_of(parent)}${resource.type}::{name}"


def _settled(resource: Resource, moved: Mapping[str, str]) -> Resource:
    def now(urn: str) -> str:
        return moved.get(urn, urn)

    settled = resource.copy()
    settled.urn = now(resource.urn)
    settled.parent = now(resource.parent)
    settled.deleted_with = now(resource.deleted_with)
    settled.dependencies = [now(urn) for urn in resource.dependencies]
    settled.replace_with = [now(urn) for urn in resource.replace_with]
    settled.property_dependencies = {
        key: [now(urn) for urn in found] for key, found in resource.property_dependencies.items()
    }
    settled.aliases = []
    if resource.provider:
        urn, identity = urns.split_reference(resource.provider)
        settled.provider = urns.provider_reference(now(urn), identity)
    return settled


def _fold(base: Snapshot, lines: Iterable[str], vault: Vault) -> Snapshot:
    journal = Journal(base)
    known = {f"b{index}": resource for index, resource in enumerate(base.resources)}
    pending: dict[int, PendingOperation] = {}
    for text in lines:
        try:
            line = json.loads(text)
        except json.JSONDecodeError:
            break  # the line that was being written when the act was killed
        resource = Resource.load(line["resource"], vault) if "resource" in line else None
        if "begin" in line and resource is not None:
            pending[line["begin"]] = PendingOperation(resource, line["type"])
        elif "again" in line and resource is not None:
            known[line["again"]].outputs = resource.outputs
        else:
            pending.pop(line.get("end", 0), None)
            for label, delete, replacing in line.get("mark", ()):
                known[label].delete, known[label].pending_replacement = delete, replacing
            done = known[line["done"]] if "done" in line else None
            if "new" in line:
                resource = known[line["new"]] = resource or (done.copy() if done else None) or _missing(text)
            journal.end(new=resource if "new" in line else None, done=done)
    snapshot = journal.snapshot()
    snapshot.pending = [*pending.values(), *snapshot.pending]
    return snapshot


def _missing(text: str) -> Resource:
    raise ValueError(f"a journal line names a resource that it does not hold: {text}")


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
