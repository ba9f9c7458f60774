"""Schemas of kinds: the built-in ones as kubernetes-validate carries them, custom ones as their definition says."""

from __future__ import annotations

import importlib.util
import json
import re
import threading
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, fields, items, text

_STRICT = "-local-strict"
_REFERENCE = re.compile(r"[^#]*#/\$defs/(.+)")


class Schema:
    """One node of an OpenAPI schema, read once and then walked many times.

    `closed` nodes know all their fields; others take any. `list_keys` makes a list a map by those keys, as server-side
    apply merges it. Read from a definition, `x-kubernetes-*` keywords mean what they mean to the API server.
    """

    def __init__(self, raw: Mapping[str, Any], library: _Library | None = None) -> None:
        self.raw = raw
        self._library = library

    @cached_property
    def type(self) -> str:
        """`object`, `array`, `string`, `integer`, `number`, `boolean`, `int-or-string`, or empty: anything."""
        if self.raw.get("x-kubernetes-int-or-string") or self.raw.get("oneOf") == _INT_OR_STRING:
            return "int-or-string"
        if self.raw.get("oneOf") == _QUANTITY:
            return "quantity"
        stated = self.raw.get("type")
        return text(items(stated)[0]) if items(stated) else text(stated)

    @cached_property
    def properties(self) -> dict[str, Schema]:
        """The fields that it knows."""
        return {name: self._child(raw) for name, raw in fields(self.raw.get("properties")).items()}

    @cached_property
    def values(self) -> Schema | None:
        """The schema of a map's values, None where it is no map."""
        extra = self.raw.get("additionalProperties")
        return self._child(fields(extra)) if isinstance(extra, dict) else None

    @cached_property
    def items(self) -> Schema | None:
        """The schema of a list's items."""
        raw = self.raw.get("items")
        return self._child(fields(raw)) if isinstance(raw, dict) else None

    @cached_property
    def closed(self) -> bool:
        """Whether a field that it does not know is refused."""
        if self.raw.get("x-kubernetes-preserve-unknown-fields") or self.raw.get("additionalProperties") is True:
            return False
        # A built-in type without fields takes any (RawExtension); a custom object without fields takes none.
        is_custom = self._library is None and self.type == "object"
        return self.values is None and (bool(self.properties) or is_custom)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The fields that must be there."""
        return tuple(str(name) for name in items(self.raw.get("required")))

    @cached_property
    def list_type(self) -> str:
        """`map`, `set` or `atomic`."""
        return text(self.raw.get("x-kubernetes-list-type")) or "atomic"

    @cached_property
    def list_keys(self) -> tuple[str, ...]:
        """What makes two items of a list of type `map` the same item."""
        return tuple(str(key) for key in items(self.raw.get("x-kubernetes-list-map-keys")))

    @cached_property
    def atomic(self) -> bool:
        """Whether the value has one owner as a whole."""
        return self.raw.get("x-kubernetes-map-type") == "atomic" or self.type not in ("object", "array")

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """The pattern of a text, None also where Python cannot read it (Go's RE2 knows classes that Python lacks)."""
        stated = text(self.raw.get("pattern"))
        try:
            return re.compile(stated) if stated else None
        except re.error:
            return None

    @cached_property
    def has_rules(self) -> bool:
        """Whether CEL rules stand anywhere in it."""
        return "x-kubernetes-validations" in json.dumps(self.raw)

    def field(self, name: str) -> Schema | None:
        """The schema of a field, None where it is not known or takes anything."""
        return self.properties.get(name) or self.values

    def _child(self, raw: Mapping[str, Any]) -> Schema:
        reference = raw.get("$ref")
        if self._library is not None and isinstance(reference, str):
            return self._library.named(reference)
        return Schema(raw, self._library)


ANYTHING = Schema({})


class _Library:
    """The definitions of one Kubernetes version, each read when first asked for."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self.definitions = definitions
        self._schemas: dict[str, Schema] = {}

    def named(self, reference: str) -> Schema:
        matched = _REFERENCE.fullmatch(reference)
        name = matched.group(1) if matched else reference
        if name not in self._schemas:
            self._schemas[name] = Schema(fields(self.definitions.get(name)), self)
        return self._schemas[name]


class BuiltinSchemas:
    """The kinds that a Kubernetes version brings by itself, with their schemas."""

    def __init__(self, version: str, definitions: Mapping[str, Any]) -> None:
        self.version = version
        self._library = _Library(definitions)
        self._names: dict[Kind, str] = {}
        for name, raw in definitions.items():
            stated = items(raw.get("x-kubernetes-group-version-kind"))
            if len(stated) == 1 and _is_persistent(raw):
                found = fields(stated[0])
                self._names[Kind(found["group"], found["version"], found["kind"])] = name

    @property
    def kinds(self) -> frozenset[Kind]:
        """All of them."""
        return frozenset(self._names)

    def schema(self, kind: Kind) -> Schema:
        """Raises KeyError for a kind that this version does not bring."""
        return self._library.named(self._names[kind])

    @property
    def object_meta(self) -> Schema:
        """The schema of every object's metadata."""
        return self._library.named("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")


_loading = threading.Lock()


def builtin_schemas(version: str) -> BuiltinSchemas:
    """The built-in kinds of a Kubernetes version such as `1.36`; the newest known ones for a version yet newer.

    Read from the files of the package kubernetes-validate; about 15 ms for the first call of a version.
    """
    with _loading:
        return _load(_known_version(version))


@cache
def _load(version: str) -> BuiltinSchemas:
    definitions = json.loads((_folder() / f"v{version}{_STRICT}" / "_definitions.json").read_bytes())["$defs"]
    return BuiltinSchemas(version, definitions)


@cache
def _known_version(version: str) -> str:
    wanted = _numbers(version)
    known = [entry.name[1 : -len(_STRICT)] for entry in _folder().iterdir() if entry.name.endswith(_STRICT)]
    older = [name for name in known if _numbers(name)[:2] <= wanted[:2]]
    return max(older, key=_numbers) if older else min(known, key=_numbers)


def _folder() -> Path:
    # Found without being imported: the package's own code brings a JSON schema library, 0.2 s, and is not needed here.
    found = importlib.util.find_spec("kubernetes_validate")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("kubernetes-validate is missing: pip install pokayoke-eks[rehearse]")
    return Path(found.submodule_search_locations[0]) / "kubernetes-json-schema"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _is_persistent(raw: Mapping[str, Any]) -> bool:
    # Lists and options carry a kind too; what can be stored has object metadata.
    reference = text(fields(fields(raw.get("properties")).get("metadata")).get("$ref"))
    return reference.endswith(".ObjectMeta")


_INT_OR_STRING = [{"type": ["string", "null"]}, {"type": ["integer", "null"]}]
_QUANTITY = [{"type": ["string", "null"]}, {"type": ["number", "null"]}]
