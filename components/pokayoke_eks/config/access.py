"""Who reaches the API server."""

from typing import Any

from pydantic import Field, GetJsonSchemaHandler

from ..rules.finding import Finding
from .errors import Refused
from .examined import Config
from .fields import Cidr, Reason
from .plain import is_mapping


class ApiAccess(Config):
    """Who reaches the API server besides the VPC itself: nobody (`private`), or the stated public ranges."""

    public: tuple[Cidr, ...] = Field(
        default=(), description="Public ranges from which the API server answers.", examples=[["203.0.113.0/24"]]
    )
    open_reason: Reason | None = Field(
        default=None, validation_alias="reason", description="Why the whole internet is let in, where it is."
    )

    @property
    def is_public(self) -> bool:
        """Whether the API server has a public endpoint at all."""
        return bool(self.public)

    @classmethod
    def unfold(cls, raw: object) -> object:
        if raw == "private":
            return {}
        if is_mapping(raw) and raw.get("public"):
            return raw
        raise Refused(
            Finding("it does not say who reaches the API server", "Write private, or {public: [203.0.113.0/24]}.")
        )

    def spelt(self) -> object:
        return super().spelt() if self.public else "private"

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        ranges = handler.resolve_ref_schema(handler(core_schema))
        public = {**ranges["properties"]["public"], "minItems": 1}
        stated = {**ranges, "properties": {**ranges["properties"], "public": public}, "required": ["public"]}
        return {"anyOf": [{"const": "private"}, stated]}
