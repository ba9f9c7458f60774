"""The page of the config, and its JSON Schema."""

import json

from pokayoke_eks.config.schema import KEY, schema_text

from .markdown import fields, text


def pages() -> dict[str, str]:
    """`config.md` and `platform.schema.json`."""
    schema = json.loads(schema_text())
    lines = [
        "# The config",
        "",
        "Everything that a stack may say under `pokayoke-eks:platform`. Editors complete it from"
        " [the schema](platform.schema.json).",
        "",
        *fields(schema["properties"]["config"]["properties"][KEY]),
    ]
    for name, definition in schema["$defs"].items():
        if "properties" in definition:
            lines += ["", f"## {name}", "", definition.get("description", ""), "", *fields(definition)]
    return {"config.md": text(lines), "platform.schema.json": schema_text()}
