"""Asks a world to change something past the program."""

from collections.abc import Mapping, Sequence
from typing import Any

from pokayoke_rehearsal.hosts.asking import Asking

_TOKEN = "world:index:changeByHand"  # noqa: S105 - a Pulumi token


async def change_by_hand(address: str, resources: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """What was done to which of a state's resources, by URN."""
    asking = Asking(address)
    try:
        said = await asking.ask(_TOKEN, {"resources": [_plain(one) for one in resources]})
    finally:
        await asking.close()
    return {str(one["urn"]): str(one["what"]) for one in said.get("changed", [])}


def _plain(resource: Mapping[str, Any]) -> dict[str, Any]:
    """What the world needs to know of a resource."""
    known = {key: resource.get(key) or "" for key in ("urn", "type", "id", "provider")}
    return known | {key: resource.get(key) or {} for key in ("inputs", "outputs")}
