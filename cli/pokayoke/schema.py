"""`pokayoke schema`: the JSON Schema of a stack file, which the checked-in stack files name for editors."""

from pokayoke_eks.config.schema import schema_text


def schema() -> str:
    """The schema as JSON text; the same as docs/platform.schema.json."""
    return schema_text()
