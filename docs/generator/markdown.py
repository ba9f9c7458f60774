"""Tables of the fields of a config."""

import json
from collections.abc import Mapping
from typing import Any


def fields(definition: Mapping[str, Any]) -> list[str]:
    """A table of what a model's JSON Schema says of its fields."""
    required = definition.get("required", [])
    rows = ["| key | what it says | default | e.g. |", "|---|---|---|---|"]
    for key, field in definition["properties"].items():
        default = "required" if key in required else code(field["default"]) if field.get("default") is not None else ""
        example = code(field["examples"][0]) if field.get("examples") else ""
        rows.append(f"| `{key}` | {field.get('description', '')} | {default} | {example} |")
    return rows


def code(value: object) -> str:
    """A value as it is written."""
    return f"`{value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}`"


def text(lines: list[str]) -> str:
    """The page of these lines."""
    return "\n".join(lines) + "\n"
