"""What every custom kind shares: a model that accepts and refuses what the API server does with the upstream CRD."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Self

from pydantic import model_validator

from .cel import Rule, Transition
from .metadata import ObjectMeta
from .part import Part
from .review import Definition, Refusal, refusal
from .schema import schema_of
from .structural import stored


class RefusedError(ValueError):
    """The API server would refuse this manifest."""

    def __init__(self, refused: Refusal) -> None:
        super().__init__(refused.message)
        self.refusal = refused


class Resource(Part):
    """A custom object, with `api_version` and `kind` as its class states them.

    Making one that the API server would refuse raises pydantic's ValidationError, with the server's words.
    """

    plural: ClassVar[str]
    rules: ClassVar[Sequence[Rule]] = ()
    transitions: ClassVar[Sequence[Transition]] = ()
    scalable: ClassVar[bool] = False
    namespaced: ClassVar[bool] = False

    metadata: ObjectMeta
    status: dict[str, Any] | None = None
    """Written by the controllers, not checked here."""

    @classmethod
    @cache
    def definition(cls) -> Definition:
        """The kind as its CRD defines it."""
        api_version, kind = (str(cls.model_fields[name].default) for name in ("api_version", "kind"))
        return Definition(
            api_version,
            kind,
            cls.plural,
            schema_of(cls),
            cls.rules,
            cls.transitions,
            scalable=cls.scalable,
            namespaced=cls.namespaced,
        )

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> Self:
        """The object of a manifest. Raises `RefusedError` where the API server would refuse it."""
        refused = refusal(cls.definition(), manifest)
        if refused is not None:
            raise RefusedError(refused)
        return cls.model_validate(stored(cls.definition().schema, dict(manifest), defaults=False))

    def to_manifest(self) -> dict[str, Any]:
        """The manifest: what was set; what was left out is the API server's to fill in."""
        definition = self.definition()
        return {"apiVersion": definition.api_version, "kind": definition.kind, **super().to_manifest()}

    @model_validator(mode="after")
    def _is_accepted(self) -> Self:
        refused = refusal(self.definition(), self.to_manifest())
        if refused is not None:
            raise RefusedError(refused)
        return self
