"""Which kinds an API server serves: the built-in ones, and those whose CustomResourceDefinition is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.store.errors import NoMatchError
from pokayoke_rehearsal.doubles.kubernetes.store.kinds import Resource, builtin_resources
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object, at, fields, items, text
from pokayoke_rehearsal.doubles.kubernetes.store.schemas import ANYTHING, Schema, builtin_schemas

DEFINITION = ("apiextensions.k8s.io", "CustomResourceDefinition")


class Discovery:
    """The served kinds of one API server."""

    def __init__(self, version: str) -> None:
        self._custom: dict[Kind, Resource] = {}
        self.serve_version(version)

    def serve_version(self, version: str) -> None:
        """From now on the built-in kinds are those of this Kubernetes version."""
        self._schemas = builtin_schemas(version)
        self._builtin = builtin_resources(self._schemas)

    def resource(self, kind: Kind) -> Resource:
        """Raises NoMatchError for what is not served."""
        found = self._builtin.get(kind) or self._custom.get(kind)
        if found is None:
            raise NoMatchError(kind.kind, kind.api_version)
        return found

    def serves(self, kind: Kind) -> bool:
        """Whether objects of the kind can be written."""
        return kind in self._builtin or kind in self._custom

    def any_version(self, group: str, kind: str) -> Resource | None:
        """A served version of a group's kind; for custom kinds the stored one."""
        known = (resource for resource in (*self._builtin.values(), *self._custom.values()))
        return next((found for found in known if (found.kind.group, found.kind.kind) == (group, kind)), None)

    def define(self, definition: Object) -> None:
        """Serves the kinds of a CustomResourceDefinition, and no longer those that its last state had."""
        self.forget(definition)
        for resource in custom_resources(definition, self._schemas.object_meta):
            self._custom[resource.kind] = resource

    def forget(self, definition: Object) -> None:
        """Serves the kinds of a CustomResourceDefinition no longer."""
        group_kind = defined_kind(definition)
        for kind in [kind for kind in self._custom if (kind.group, kind.kind) == group_kind]:
            del self._custom[kind]


def defined_kind(definition: Mapping[str, Any]) -> tuple[str, str]:
    """The group and kind that a CustomResourceDefinition is about."""
    return text(at(definition, "spec", "group")), text(at(definition, "spec", "names", "kind"))


def custom_resources(definition: Mapping[str, Any], object_meta: Schema) -> list[Resource]:
    """The kinds of a CustomResourceDefinition's served versions, the stored version first."""
    group, kind = defined_kind(definition)
    plural = text(at(definition, "spec", "names", "plural"))
    namespaced = at(definition, "spec", "scope") == "Namespaced"
    versions = [fields(item) for item in items(at(definition, "spec", "versions")) if fields(item).get("served")]
    versions.sort(key=lambda version: not version.get("storage"))
    return [
        Resource(
            Kind(group, text(version.get("name")), kind),
            plural,
            namespaced,
            _root(fields(at(version, "schema", "openAPIV3Schema")), object_meta),
            custom=True,
        )
        for version in versions
    ]


def _root(stated: Mapping[str, Any], object_meta: Schema) -> Schema:
    # Every object has these three, whatever the definition says of them; the server checks metadata by itself.
    root = Schema({"type": "object", **stated})
    known = {name: child for name, child in root.properties.items() if name not in ("apiVersion", "kind", "metadata")}
    root.__dict__["properties"] = {**known, "apiVersion": ANYTHING, "kind": ANYTHING, "metadata": object_meta}
    if not known and not stated.get("properties"):
        root.__dict__["closed"] = False
    return root
