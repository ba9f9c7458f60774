"""Property values, between the wire and plain JSON-like Python.

Inside the engine a value is what JSON has, and what JSON lacks is spelled as on the wire: an unknown is a sentinel
string; a secret, an output, an asset and a reference to a resource are dictionaries with a signature key. So the way
to and from a protobuf Struct is mechanical, and the state file has the same shape (there, a secret's value is
encrypted: see `secrets`). Sentinels: `pulumi/runtime/rpc.py` of the Python SDK 3.272.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from google.protobuf import struct_pb2

PropertyMap = dict[str, Any]

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 a signature, not a password
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWNS = frozenset(
    {
        UNKNOWN,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)
MASK = "[secret]"
_EXACT = 2**53  # whole numbers below it survive the wire's floats


def from_struct(struct: Any) -> PropertyMap:
    """A protobuf Struct as plain values; whole numbers come back as integers, as the state file writes them."""
    return {key: _from_wire(value) for key, value in struct.fields.items()}


def to_struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    _fill(struct, properties)
    return struct


def from_value(value: Any) -> Any:
    return _from_wire(value)


def signature(value: Any) -> str | None:
    """What a dictionary stands for, when it is not just an object."""
    if isinstance(value, dict):
        return cast("dict[str, Any]", value).get(SIGNATURE)
    return None


def is_object(value: Any) -> bool:
    return isinstance(value, dict) and SIGNATURE not in value


def is_unknown(value: Any) -> bool:
    return isinstance(value, str) and value in UNKNOWNS


def secret(value: Any) -> PropertyMap:
    return {SIGNATURE: SECRET, "value": value}


def is_secret(value: Any) -> bool:
    return signature(value) == SECRET


def output(value: Any = UNKNOWN, *, hidden: bool = False, dependencies: Iterable[str] = ()) -> PropertyMap:
    """An output value as transforms and components get it: unknown without a value."""
    result: PropertyMap = {SIGNATURE: OUTPUT}
    if not is_unknown(value):
        result["value"] = value
    if hidden:
        result["secret"] = True
    if urns := list(dependencies):
        result["dependencies"] = urns
    return result


def contains(value: Any, test: Callable[[Any], bool]) -> bool:
    """Whether the test holds for the value or for anything in it."""
    if test(value):
        return True
    if isinstance(value, dict):
        return any(contains(item, test) for item in cast("dict[str, Any]", value).values())
    if isinstance(value, list):
        return any(contains(item, test) for item in cast("list[Any]", value))
    return False


def contains_unknowns(value: Any) -> bool:
    return contains(value, lambda item: is_unknown(item) or (signature(item) == OUTPUT and "value" not in item))


def contains_secrets(value: Any) -> bool:
    return contains(value, lambda item: is_secret(item) or (signature(item) == OUTPUT and bool(item.get("secret"))))


def marked(value: Any) -> bool:
    """Whether anything in the value is more than JSON: a secret, an output, an asset, a reference."""
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value)
        return SIGNATURE in inner or any(map(marked, inner.values()))
    return isinstance(value, list) and any(map(marked, cast("list[Any]", value)))


def equal(left: Any, right: Any) -> bool:
    """Equality in which true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        ours, theirs = cast("PropertyMap", left), cast("PropertyMap", right)
        return ours.keys() == theirs.keys() and all(equal(ours[key], theirs[key]) for key in ours)
    if isinstance(left, list) and isinstance(right, list):
        mine, yours = cast("list[Any]", left), cast("list[Any]", right)
        return len(mine) == len(yours) and all(map(equal, mine, yours))
    return bool(left == right)


def map_values(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value rebuilt from the leaves up, each part passed through `change`."""
    if isinstance(value, dict):
        return change({key: map_values(item, change) for key, item in cast("dict[str, Any]", value).items()})
    if isinstance(value, list):
        return change([map_values(item, change) for item in cast("list[Any]", value)])
    return change(value)


def reveal(value: Any) -> Any:
    """Without the secret wrappers."""
    if not marked(value):
        return value
    return map_values(value, lambda item: item["value"] if is_secret(item) else item)


def mask(value: Any) -> Any:
    """For eyes and logs: each secret as `[secret]`."""
    return map_values(value, lambda item: MASK if is_secret(item) else item)


def lower_outputs(value: Any) -> Any:
    """Output values as what plain values can say: their value, a secret, an unknown. Dependencies are lost."""
    if not marked(value):
        return value
    return map_values(value, _lower)


def output_dependencies(value: Any) -> list[str]:
    """The resources on which the output values in `value` depend, each once."""
    found: dict[str, None] = {}

    def look(item: Any) -> bool:
        if signature(item) == OUTPUT:
            found.update(dict.fromkeys(item.get("dependencies") or ()))
        return False

    contains(value, look)
    return list(found)


def annotate_secrets(outputs: PropertyMap | None, inputs: Mapping[str, Any]) -> None:
    """Marks, in place, what a provider that knows no secrets returned under the name of a secret input."""
    if outputs is None:
        return
    for key, given in inputs.items():
        if key not in outputs:
            continue
        returned = outputs[key]
        if is_object(returned) and is_object(given):
            annotate_secrets(returned, given)
        elif not is_secret(returned) and contains_secrets(given):
            outputs[key] = secret(returned)


def for_peer(
    value: Any, *, secrets: bool = True, resources: bool = True, outputs: bool = False, unknowns: bool = True
) -> Any:
    """The value as a peer understands it: unwrapped where it must be, without unknowns that it must not see."""
    if not marked(value) and (unknowns or not contains_unknowns(value)):
        return value
    absent = object()

    def change(item: Any) -> Any:
        mark = signature(item)
        if mark == OUTPUT and not outputs:
            item = _lower(item)
            mark = signature(item)
        if mark == SECRET and not secrets:
            item = item["value"]
            mark = signature(item)
        if mark == RESOURCE and not resources:
            identity = item.get("id", item["urn"])
            item = UNKNOWN if identity == "" else identity
        if not unknowns:
            if is_unknown(item):
                return absent
            if isinstance(item, dict):
                kept = {key: part for key, part in cast("PropertyMap", item).items() if part is not absent}
                return absent if mark == SECRET and "value" not in kept else kept
            if isinstance(item, list):
                return [part for part in cast("list[Any]", item) if part is not absent]
        return item

    return map_values(value, change)


def _lower(item: Any) -> Any:
    if signature(item) != OUTPUT:
        return item
    value = item.get("value", UNKNOWN)
    return secret(value) if item.get("secret") else value


def _from_wire(value: Any) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return value.string_value
    if kind == "struct_value":
        return {key: _from_wire(item) for key, item in value.struct_value.fields.items()}
    if kind == "number_value":
        number: float = value.number_value
        return int(number) if -_EXACT < number < _EXACT and number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_from_wire(item) for item in value.list_value.values]
    return None


def _fill(struct: Any, properties: Mapping[str, Any]) -> None:
    fields = struct.fields
    for key, item in properties.items():
        _to_wire(fields[key], item)


def _to_wire(target: Any, value: Any) -> None:
    if isinstance(value, str):
        target.string_value = value
    elif value is None:
        target.null_value = 0
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, int | float):
        target.number_value = value
    elif isinstance(value, Mapping):
        struct = target.struct_value
        struct.SetInParent()
        _fill(struct, cast("Mapping[str, Any]", value))
    else:
        items = target.list_value
        items.SetInParent()
        for item in cast("Iterable[Any]", value):
            _to_wire(items.values.add(), item)
