"""The JSON Schema of a stack file, for editors: completion, descriptions, the wrong key underlined while it is typed.

It holds what one field can say of itself; what concerns several fields, the account or the day is said by `load`.
"""

import json
from typing import Any, cast

from pydantic.json_schema import GenerateJsonSchema

from ..rules.regions import REGIONS
from .platform import PlatformConfig

KEY = "pokayoke-eks:platform"
"""Where a stack file holds the config."""


def schema_text() -> str:
    """The schema as JSON text, with a newline at its end."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """The schema of a stack file. Other keys of the file and of its `config` are free: they are Pulumi's."""
    platform = _without_titles(PlatformConfig.model_json_schema(schema_generator=_Generator))
    definitions = platform.pop("$defs")
    definitions = {name: definitions[name] for name in definitions if name in _named(platform, definitions)}
    regions = platform["properties"]["regions"]
    region = regions.pop("additionalProperties")
    del regions["propertyNames"]
    # Editors complete the names of properties, not patterns of names.
    regions |= {"properties": dict.fromkeys(REGIONS, region), "additionalProperties": False, "minProperties": 1}
    return {
        # The draft that editors' YAML servers know.
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A stack of pokayoke-eks",
        "type": "object",
        "properties": {"config": {"type": "object", "properties": {KEY: platform}, "required": [KEY]}},
        "required": ["config"],
        "$defs": definitions,
    }


def _named(schema: object, definitions: dict[str, Any]) -> set[str]:
    """The definitions that a schema refers to, directly or by way of others."""
    found: set[str] = set()
    pending: list[object] = [schema]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(cast("list[object]", value))
        elif isinstance(value, dict):
            mapping = cast("dict[str, object]", value)
            name = str(mapping.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                pending.append(definitions[name])
            pending.extend(mapping.values())
    return found


class _Generator(GenerateJsonSchema):
    """Fields that may be left out are left out, never null."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False

    def nullable_schema(self, schema: Any) -> dict[str, Any]:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: Any) -> dict[str, Any]:
        inner = super().default_schema(schema)
        return {key: value for key, value in inner.items() if key != "default" or value not in (None, [], "")}


def _without_titles(value: Any) -> Any:
    """Pydantic's titles are class names, which mean nothing to whoever writes YAML."""
    if isinstance(value, list):
        return [_without_titles(item) for item in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    mapping = cast("dict[str, Any]", value)
    return {key: _without_titles(item) for key, item in mapping.items() if key != "title" or isinstance(item, dict)}
