"""What the API server does with an apply that is well-typed: fill in defaults, then validate against the schema.

Sources: k8s.io/apiextensions-apiserver v0.36.3 (`pkg/apiserver/schema/defaulting`, `pkg/apiserver/validation`),
k8s.io/kube-openapi `pkg/validation/validate`, for what is checked, in which words, and what blocks the CEL rules.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from .constraints import found, in_range, is_date_time, is_ip_address
from .field_errors import FieldError, invalid, required, shown, too_long, too_many, unsupported, wrong_type
from .schema import Schema


def stored(schema: Schema, value: Any, *, defaults: bool = True) -> Any:
    """A value as the server keeps it: without nulls, with the defaults (unless not wanted), integers as integers."""
    if isinstance(value, dict):
        return _stored_map(schema, cast("dict[str, Any]", value), defaults)
    if isinstance(value, list):
        item = schema.get("items", {})
        return [stored(item, one, defaults=defaults) for one in cast("list[Any]", value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def structural_errors(schema: Schema, value: Any, path: str) -> Iterator[FieldError]:
    """Whether a stored value fits its schema: types, required fields, enums, patterns, formats, bounds, sizes."""
    if schema.get("x-kubernetes-preserve-unknown-fields"):
        return
    if schema.get("x-kubernetes-int-or-string"):
        yield from _int_or_string_errors(schema, value, path)
        return
    match value:
        case dict() if schema["type"] == "object":
            yield from _object_errors(schema, cast("dict[str, Any]", value), path)
        case list() if schema["type"] == "array":
            yield from _array_errors(schema, cast("list[Any]", value), path)
        case str() if schema["type"] == "string":
            yield from _string_errors(schema, value, path)
        case bool() if schema["type"] == "boolean":
            return
        case int() if schema["type"] == "integer" and not isinstance(value, bool):
            yield from _integer_errors(schema, value, path)
        case float() if schema["type"] == "integer":
            expected, actual = (schema["format"], "float64") if "format" in schema else ("integer", "number")
            yield wrong_type(path, expected, actual)
            yield _unchecked_range(schema, path)
            yield from _bound_errors(schema, value, path)
        case int() | float() if schema.get("format") == "date-time":
            yield wrong_type(path, "date-time", _NUMBER_FORMATS[type(value).__name__])
        case _:
            yield wrong_type(path, schema["type"], json_type(value))
    if "enum" in schema and value not in schema["enum"] and json_type(value) == schema["type"]:
        yield unsupported(path, value, schema["enum"])


def json_type(value: Any) -> str:
    """The JSON type of a value, as error texts name it."""
    return _JSON_TYPES[type(value).__name__]


_NUMBER_FORMATS = {"bool": "", "int": "int64", "float": "float64"}
_JSON_TYPES = {
    "NoneType": "null",
    "bool": "boolean",
    "int": "integer",
    "float": "number",
    "str": "string",
    "list": "array",
    "dict": "object",
}


def _stored_map(schema: Schema, value: Mapping[str, Any], fill: bool) -> dict[str, Any]:
    properties: dict[str, Schema] = schema.get("properties", {})
    other: Schema = schema.get("additionalProperties", {})
    open_map = schema.get("x-kubernetes-preserve-unknown-fields", False)
    defaults = {name: one["default"] for name, one in properties.items() if fill and "default" in one}
    written = {name: one for name, one in value.items() if one is not None or open_map}
    return {
        name: stored(properties.get(name, other), one, defaults=fill) for name, one in {**defaults, **written}.items()
    }


def _object_errors(schema: Schema, value: dict[str, Any], path: str) -> Iterator[FieldError]:
    if len(value) > schema.get("maxProperties", len(value)):
        yield too_many(path, len(value), schema["maxProperties"])
    properties: dict[str, Schema] = schema.get("properties", {})
    for name, one in value.items():
        child = properties.get(name) or schema.get("additionalProperties")
        if child is not None:
            yield from structural_errors(child, one, f"{path}.{name}")
    for name in schema.get("required", ()):
        if name not in value:
            yield required(f"{path}.{name}")
    if "oneOf" in schema:
        yield from _address_errors(value, path)


def _address_errors(value: dict[str, Any], path: str) -> Iterator[FieldError]:
    # The only choice in these kinds: constraints.AddressByType.
    address = value.get("value")
    if value.get("type") != "IPAddress" or not isinstance(address, str) or is_ip_address(address):
        return
    where = f"{path}.value"
    for said in (
        f'"{path}" must validate one and only one schema (oneOf). Found none valid',
        f'"{where}" must validate at least one schema (anyOf)',
    ):
        yield FieldError("", f'Invalid value: "": {said}', blocks_rules=True)
    yield invalid(where, address, f"{where} in body must be of type ipv4: {shown(address)}")


def _array_errors(schema: Schema, value: list[Any], path: str) -> Iterator[FieldError]:
    for index, one in enumerate(value):
        yield from structural_errors(schema["items"], one, f"{path}[{index}]")
    if len(value) < schema.get("minItems", 0):
        yield invalid(path, len(value), f"{path} in body should have at least {schema['minItems']} items")
    if len(value) > schema.get("maxItems", len(value)):
        yield too_many(path, len(value), schema["maxItems"])


def _string_errors(schema: Schema, value: str, path: str) -> Iterator[FieldError]:
    # The server stops at a text's first fault, too.
    if len(value) > schema.get("maxLength", len(value)):
        yield too_long(path, schema["maxLength"])
    elif len(value) < schema.get("minLength", 0):
        yield invalid(path, value, f"{path} in body should be at least {schema['minLength']} chars long")
    elif "pattern" in schema and not found(schema["pattern"], value):
        yield invalid(path, value, f"{path} in body should match '{schema['pattern']}'")
    if schema.get("format") == "date-time" and not is_date_time(value):
        detail = f"Invalid value: {shown(value)}: {path} in body must be of type date-time: {shown(value)}"
        yield FieldError(path, detail, blocks_rules=True)


def _integer_errors(schema: Schema, value: int, path: str) -> Iterator[FieldError]:
    if not in_range(value, schema.get("format", "")):
        yield _unchecked_range(schema, path)
    yield from _bound_errors(schema, value, path)


def _bound_errors(schema: Schema, value: float, path: str) -> Iterator[FieldError]:
    if value > schema.get("maximum", value):
        yield invalid(path, value, f"{path} in body should be less than or equal to {schema['maximum']}")
    if value < schema.get("minimum", value):
        yield invalid(path, value, f"{path} in body should be greater than or equal to {schema['minimum']}")


def _int_or_string_errors(schema: Schema, value: Any, path: str) -> Iterator[FieldError]:
    if isinstance(value, str):
        yield from _string_errors(schema, value, path)
    elif not isinstance(value, int) or isinstance(value, bool):
        actual = json_type(value)
        yield wrong_type(path, "integer,string", actual)
        yield FieldError("", f'Invalid value: "": "{path}" must validate at least one schema (anyOf)')
        yield wrong_type(path, "integer", actual)
        if isinstance(value, float):
            yield _unchecked_range({}, path)


def _unchecked_range(schema: Schema, path: str) -> FieldError:
    named = f"with format {schema['format']}" if "format" in schema else "(default format)"
    return FieldError("", f'Invalid value: "": Checked value must be of type integer {named} in {path}')
