"""What level `remediate` does to a resource's inputs: a remedy says what to set where, and it is set on the inputs as
they stand on the wire, so that all else stays to the letter what it was, secrets, unknowns and assets included."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from pulumi_policy import proxy
from pulumi_policy.deserialize import SPECIAL_SIG_KEY, deserialize_properties

from .raw import NotKnownError, plain

Edits = Mapping[tuple[str, ...], Any]
"""By property path, what shall stand there. What is missing of a path is made."""
Remedy = Callable[[Mapping[str, Any]], Edits]
"""A pure function over the properties that a judge sees. Raises `CannotMendError` where it would not be safe, and
`NotKnownError` where that hangs on a value that preview cannot tell."""

_FILLED_IN = "__defaults"
"""Where a bridged provider lists the properties that it filled in itself, to carry them over to the next update
(pulumi-terraform-bridge, unstable/propertyvalue and pkg/tfbridge: `reservedkeys.Defaults`)."""
_UNKNOWN = {value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_")}


class CannotMendError(Exception):
    """Why a resource is left as it is, in half a sentence."""


def readable(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs from the wire, as judges get them."""
    return plain(proxy.unknown_checking_proxy(deserialize_properties(dict(inputs))))


def mended(inputs: Mapping[str, Any], edits: Edits) -> dict[str, Any]:
    """Inputs of the wire with the edits.

    Raises:
        CannotMendError: something on the way to an edit is secret, or no mapping.
        NotKnownError: something on the way is not known yet.
    """
    changed = dict(inputs)
    for path, value in edits.items():
        changed = _set(changed, path, value, ())
    return changed


def _set(properties: Mapping[str, Any], path: Sequence[str], value: Any, above: tuple[str, ...]) -> dict[str, Any]:
    key, *rest = path
    here = (*above, key)
    before = properties.get(key)
    if isinstance(before, str) and before in _UNKNOWN:
        raise NotKnownError(here)
    inner = cast("dict[str, Any]", before) if isinstance(before, dict) else None
    if inner and SPECIAL_SIG_KEY in inner:
        raise CannotMendError(f"{'.'.join(here)} is secret")
    if rest:
        if inner is None and before is not None:
            raise CannotMendError(f"{'.'.join(here)} is no mapping")
        value = _set(inner or {}, rest, value, here)
    changed = {**properties, key: value}
    filled = changed.get(_FILLED_IN)
    if isinstance(filled, list):
        changed[_FILLED_IN] = [one for one in cast("list[Any]", filled) if one != key]
    return changed
