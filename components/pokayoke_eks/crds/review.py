"""The API server's whole answer to an apply of a custom object: accepted, or refused with its status and words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from .cel import Rule, Transition, rule_errors, transition_errors
from .field_errors import RULES_NOT_CHECKED, FieldError, invalid, required
from .metadata import metadata_errors
from .schema import Schema
from .structural import stored, structural_errors
from .typed import type_errors

_HIGHEST_SCALE = 2**31 - 1


@dataclass(frozen=True)
class Refusal:
    """Why the API server refuses an object.

    `status` is 500 for a field that no schema declares and for a value of another type than the schema's (server-side
    apply fails before any validation), 422 for what validation finds.
    """

    status: int
    errors: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Definition:
    """What a CRD says of one kind, as far as an API server turns on it."""

    api_version: str
    kind: str
    plural: str
    schema: Schema
    rules: Sequence[Rule]
    transitions: Sequence[Transition]
    scalable: bool
    """Whether `spec.replicas` is also the replicas of a scale subresource, which have bounds of their own."""
    namespaced: bool
    """Whether its objects live in namespaces; one that names none goes into that of the request."""

    @property
    def group(self) -> str:
        """The API group."""
        return self.api_version.partition("/")[0]

    @property
    def crd(self) -> str:
        """The name of the CustomResourceDefinition."""
        return f"{self.plural}.{self.group}"


def refusal(definition: Definition, obj: Mapping[str, Any], old: Mapping[str, Any] | None = None) -> Refusal | None:
    """Why the API server refuses an object, or the change of `old` into it; None when it takes it.

    Unlike the server it does not spare an unchanged part of `old` that breaks the schema (ratcheting): nothing of that
    kind can have been stored.
    """
    name = _metadata(obj, "name")
    complaints = tuple(type_errors(definition.schema, dict(obj)))
    if complaints:
        group, _, version = definition.api_version.partition("/")
        listed = complaints[0] if len(complaints) == 1 else "\n  ".join(("errors:", *complaints))
        subject = f"{_metadata(obj, 'namespace')}/{name}; {group}/{version}, Kind={definition.kind}"
        return Refusal(500, complaints, f"failed to create typed patch object ({subject}): {listed}")
    errors = tuple(str(error) for error in _invalid(definition, obj, old))
    if not errors:
        return None
    listed = errors[0] if len(errors) == 1 else f"[{', '.join(dict.fromkeys(errors))}]"
    return Refusal(422, errors, f'{definition.kind}.{definition.group} "{name}" is invalid: {listed}')


def update_errors(definition: Definition, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What forbids the change of a stored object into another, whatever is wrong with either by itself."""
    before, after = stored(definition.schema, dict(old)), stored(definition.schema, dict(new))
    return [str(error) for error in transition_errors(definition.transitions, before, after)]


def _invalid(definition: Definition, raw: Mapping[str, Any], old: Mapping[str, Any] | None) -> Iterator[FieldError]:
    obj = stored(definition.schema, dict(raw))
    errors = [*_type_meta_errors(definition, obj)] or [*_schema_errors(definition, obj)]
    yield from errors
    if any(error.blocks_rules for error in errors):
        if definition.rules or definition.transitions:
            yield RULES_NOT_CHECKED
        return
    yield from rule_errors(definition.rules, obj)
    if old is not None:
        yield from transition_errors(definition.transitions, stored(definition.schema, dict(old)), obj)


def _type_meta_errors(definition: Definition, obj: Mapping[str, Any]) -> Iterator[FieldError]:
    for name, expected in (("kind", definition.kind), ("apiVersion", definition.api_version)):
        if obj.get(name) != expected:
            yield invalid(name, obj.get(name, ""), f"must be {expected}")


def _schema_errors(definition: Definition, obj: Mapping[str, Any]) -> Iterator[FieldError]:
    yield from metadata_errors(obj.get("metadata", {}), namespaced=definition.namespaced)
    properties: Mapping[str, Schema] = definition.schema["properties"]
    if "spec" in obj:
        yield from structural_errors(properties["spec"], obj["spec"], "spec")
    elif "spec" in definition.schema["required"]:
        yield required("spec")
    if definition.scalable:
        yield from _scale_errors(obj.get("spec", {}).get("replicas"))


def _scale_errors(replicas: Any) -> Iterator[FieldError]:
    if not isinstance(replicas, int | float):
        return
    if isinstance(replicas, float):
        problem = f".spec.replicas accessor error: {replicas} is of the type float64, expected int64"
        yield invalid(".spec.replicas", 0, problem)
    elif replicas < 0:
        yield invalid(".spec.replicas", replicas, "should be a non-negative integer")
    elif replicas > _HIGHEST_SCALE:
        yield invalid(".spec.replicas", replicas, f"should be less than or equal to {_HIGHEST_SCALE}")


def _metadata(obj: Mapping[str, Any], field: str) -> str:
    metadata = obj.get("metadata")
    return str(cast("dict[str, Any]", metadata).get(field, "")) if isinstance(metadata, dict) else ""
