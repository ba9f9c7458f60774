"""Asks a world to change something past the program."""

from collections.abc import Mapping, Sequence
from typing import Any

from pokayoke_rehearsal.hosts.asking import once

_CHANGE, _REMOVE = "world:index:changeByHand", "world:index:removeByHand"


async def change_by_hand(address: str, resources: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """What was done to which of a state's resources, by URN.

    Raises:
        HostError: the world does not answer.
    """
    said = await _ask(address, _CHANGE, resources)
    return {str(one["urn"]): str(one["what"]) for one in said.get("changed", [])}


async def remove_by_hand(address: str, resources: Sequence[Mapping[str, Any]]) -> None:
    """Takes objects and Helm releases out of their clusters; `resources` holds the providers that lead there, too.

    Raises:
        HostError: the world does not answer.
    """
    await _ask(address, _REMOVE, resources)


async def _ask(address: str, token: str, resources: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    plain = [_plain(one) for one in resources]
    return await once(address, token, "the world does not change anything by hand", {"resources": plain})


def _plain(resource: Mapping[str, Any]) -> dict[str, Any]:
    """What the world needs to know of a resource."""
    known = {key: resource.get(key) or "" for key in ("urn", "type", "id", "provider")}
    return known | {key: resource.get(key) or {} for key in ("inputs", "outputs")}
