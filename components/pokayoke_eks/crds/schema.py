"""The structural schema that a model states, in the API server's own terms (OpenAPI v3 as in a CRD).

One source, two readers: pydantic enforces a model's annotations when Python makes an object, `typed` and `structural`
enforce the schema on manifests as the API server does. A test holds it equal to the upstream CRD's.
"""

import types
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .constraints import AddressByType, Format, MapOfItems, Pattern, SetOfItems
from .part import Part

Schema = dict[str, Any]
"""`type`, `properties`, `required`, `items`, `additionalProperties`, `enum`, `pattern`, `format`, bounds, `default`,
`oneOf`, `x-kubernetes-int-or-string`, `x-kubernetes-list-type`, `x-kubernetes-list-map-keys`,
`x-kubernetes-preserve-unknown-fields`: as in a CRD."""

_SCALARS = {str: "string", int: "integer", bool: "boolean"}
_SIZES = {"string": "Length", "array": "Items", "object": "Properties"}


@lru_cache(maxsize=64)
def schema_of(model: type[BaseModel]) -> Schema:
    """The schema of a model. Raises TypeError for an annotation that no CRD could state."""
    properties: Schema = {}
    required: list[str] = []
    for name, field in model.model_fields.items():
        manifest_name = field.alias or name
        properties[manifest_name] = _field(field)
        if field.is_required():
            required.append(manifest_name)
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def _field(field: FieldInfo) -> Schema:
    schema = _constrained(_value(field.annotation), field.metadata)
    default = None if field.is_required() else _plain(field.default)
    return schema if default is None else {**schema, "default": default}


def _value(annotation: Any) -> Schema:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _constrained(_value(arguments[0]), arguments[1:])
    if origin in (Union, types.UnionType):
        return _one_of([argument for argument in arguments if argument is not type(None)])
    if origin is Literal:
        return {"type": _SCALARS[type(arguments[0])], "enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": _value(arguments[0])}
    if origin is dict:
        if arguments[1] is Any:
            return {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
        return {"type": "object", "additionalProperties": _value(arguments[1])}
    if annotation in _SCALARS:
        return {"type": _SCALARS[annotation]}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return schema_of(annotation)
    raise TypeError(f"no structural schema states {annotation!r}")


def _one_of(alternatives: list[Any]) -> Schema:
    if len(alternatives) == 1:
        return _value(alternatives[0])
    if {_value(one).get("type") for one in alternatives} == {"integer", "string"}:
        return {"anyOf": [{"type": "integer"}, {"type": "string"}], "x-kubernetes-int-or-string": True}
    raise TypeError(f"no structural schema states a choice of {alternatives!r}")


def _constrained(schema: Schema, metadata: Iterable[Any]) -> Schema:
    said: Schema = dict(schema)
    for one in metadata:
        match one:
            case FieldInfo():
                said.update(_constrained(said, one.metadata))
            case Pattern(text=text):
                said["pattern"] = text
            case Format(name=name):
                said["format"] = name
            case SetOfItems():
                said["x-kubernetes-list-type"] = "set"
            case MapOfItems(key=key):
                said.update({"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [key]})
            case AddressByType():
                said["oneOf"] = AddressByType.alternatives()
            case Ge(ge=limit):
                said["minimum"] = limit
            case Le(le=limit):
                said["maximum"] = limit
            case MinLen(min_length=limit):
                said["min" + _SIZES[schema["type"]]] = limit
            case MaxLen(max_length=limit):
                said["max" + _SIZES[schema["type"]]] = limit
            case _:
                pass
    return said


def _plain(value: Any) -> Any:
    if isinstance(value, Part):
        return value.to_manifest()
    if isinstance(value, tuple):
        return [_plain(one) for one in cast("tuple[Any, ...]", value)]
    return value
