"""Values of Pulumi's wire protocol as plain Python, both ways.

Plain means: None, bool, int, float, str, list, dict, `UNKNOWN` (not known before `up`), `Secret` (to be kept secret)
and the SDK's assets and archives. The wire has only floats: whole numbers come out as int. The sentinels are those of
the SDK (`pulumi.runtime.rpc`); its own `PropertyValue` cannot marshal an unknown, which is why this module exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import pulumi
from google.protobuf import struct_pb2
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime import rpc

Plain = Any
"""Any of the values named in the module's docstring."""

Inputs = dict[str, Plain]

SecretMask = bool | dict[str, "SecretMask"]
"""Where secrets were in a value: True for all of it, a dict for some keys of an object."""

_SIGNATURE: str = rpc._special_sig_key  # pyright: ignore[reportPrivateUsage]
_SECRET: str = rpc._special_secret_sig  # pyright: ignore[reportPrivateUsage]
_OUTPUT: str = rpc._special_output_value_sig  # pyright: ignore[reportPrivateUsage]
_RESOURCE: str = rpc._special_resource_sig  # pyright: ignore[reportPrivateUsage]


class Unknown:
    """The one value that stands for whatever is known only in `up`. Compare with `is UNKNOWN`."""

    _only: Unknown | None = None

    def __new__(cls) -> Unknown:
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __copy__(self) -> Unknown:
        return self

    def __deepcopy__(self, memo: object) -> Unknown:
        return self

    def __reduce__(self) -> tuple[type[Unknown], tuple[()]]:
        return Unknown, ()


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value in a double's answer that the engine must keep secret, whatever the inputs were."""

    value: Plain


def decode(struct: struct_pb2.Struct) -> tuple[Inputs, dict[str, SecretMask]]:
    """The plain values of a wire struct, secrets unwrapped, and where the secrets were."""
    values: Inputs = {}
    mask: dict[str, SecretMask] = {}
    for key, item in struct.fields.items():
        values[key], secret = _decode_value(item)
        if secret:
            mask[key] = secret
    return values, mask


def encode(values: Mapping[str, Plain], mask: Mapping[str, SecretMask] | None = None) -> struct_pb2.Struct:
    """The wire struct of plain values; what `mask` or a `Secret` marks is wrapped as a secret."""
    struct = struct_pb2.Struct()
    _fill(struct.fields, values, mask or {})
    return struct


def has_unknown(value: Plain) -> bool:
    """Whether the value is, or holds at any depth, something unknown."""
    if value is UNKNOWN:
        return True
    if isinstance(value, Secret):
        return has_unknown(value.value)
    if isinstance(value, dict):
        return any(has_unknown(item) for item in cast("dict[str, Plain]", value).values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in cast("list[Plain]", value))
    return False


def without_nulls(value: Plain) -> Plain:
    """The value without the keys that hold None, at any depth: an absent input and a null one mean the same."""
    if isinstance(value, dict):
        fields = cast("dict[str, Plain]", value)
        return {key: without_nulls(item) for key, item in fields.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in cast("list[Plain]", value)]
    return value


def _decode_value(value: struct_pb2.Value) -> tuple[Plain, SecretMask]:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return (UNKNOWN if text == rpc.UNKNOWN else text), False
    if kind == "bool_value":
        return value.bool_value, False
    if kind == "number_value":
        number = value.number_value
        return (int(number) if number.is_integer() else number), False
    if kind == "list_value":
        return _decode_list(value.list_value.values)
    if kind == "struct_value":
        return _decode_struct(value)
    return None, False


def _decode_list(items: Iterable[struct_pb2.Value]) -> tuple[list[Plain], bool]:
    # One secret element makes the whole list secret, as in the engine: providers may reorder lists.
    decoded = [_decode_value(item) for item in items]
    return [value for value, _ in decoded], any(secret for _, secret in decoded)


def _decode_struct(value: struct_pb2.Value) -> tuple[Plain, SecretMask]:
    fields = value.struct_value.fields
    if _SIGNATURE not in fields:
        values, mask = decode(value.struct_value)
        return values, mask or False
    signature = fields[_SIGNATURE].string_value
    if signature == _SECRET:
        return _decode_value(fields["value"])[0], True
    if signature == _OUTPUT:
        plain = _decode_value(fields["value"])[0] if "value" in fields else UNKNOWN
        return plain, fields["secret"].bool_value if "secret" in fields else False
    if signature == _RESOURCE:
        # What a provider that takes no references gets: the id of a custom resource, the URN of a component.
        return _decode_value(fields["id"] if "id" in fields else fields["urn"])[0] or UNKNOWN, False
    return PropertyValue.unmarshal(value).value, False


def _fill(fields: Any, values: Mapping[str, Plain], marks: Mapping[str, SecretMask]) -> None:
    # In place: messages that are made one by one are copied into each other, level by level.
    for key, value in values.items():
        _put(fields[key], value, marks.get(key, False))


def _put(target: struct_pb2.Value, value: Plain, mask: SecretMask) -> None:
    if isinstance(value, Secret):
        _put(target, value.value, True)
    elif mask is True or (mask and not isinstance(value, Mapping)):
        fields = target.struct_value.fields
        fields[_SIGNATURE].string_value = _SECRET
        _put(fields["value"], value, False)
    elif isinstance(value, str):
        target.string_value = value
    elif value is UNKNOWN:
        target.string_value = rpc.UNKNOWN
    elif value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, int | float):
        target.number_value = value
    elif isinstance(value, dict | Mapping):
        target.struct_value.SetInParent()
        _fill(target.struct_value.fields, cast("Mapping[str, Plain]", value), mask or {})
    elif isinstance(value, list | tuple | set | frozenset):
        target.list_value.SetInParent()
        for item in cast("Iterable[Plain]", value):
            _put(target.list_value.values.add(), item, False)
    elif isinstance(value, pulumi.Asset | pulumi.Archive):
        target.CopyFrom(PropertyValue(value).marshal())
    else:
        raise TypeError(f"a double answered with a {type(value).__name__}, which the wire protocol cannot carry")
