"""Asks a world what is left in it."""

from collections.abc import Mapping
from typing import Any, cast

from pokayoke_rehearsal.hosts.asking import once
from pokayoke_rehearsal.plan import Leftover, Remains

_TOKEN = "world:index:leftovers"  # noqa: S105 - a Pulumi token


async def leftovers(address: str) -> Remains:
    """What AWS and the clusters still hold, and the keys that wait for their deletion.

    Raises:
        HostError: the world does not answer.
    """
    said = await once(address, _TOKEN, "the world does not say what is left in it")
    return Remains(world=_items(said, "leftovers"), pending=_items(said, "pending"), presumed=_items(said, "presumed"))


def _items(said: Mapping[str, Any], key: str) -> tuple[Leftover, ...]:
    names = ("service", "kind", "id", "region", "note")
    items = cast("list[dict[str, Any]]", said.get(key) or [])
    return tuple(Leftover(*(str(item.get(name) or "") for name in names)) for item in items)
