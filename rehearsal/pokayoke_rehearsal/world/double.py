"""The `world` double: functions that tell what the world holds and what its doubles know."""

from __future__ import annotations

from collections.abc import Sequence

from pokayoke_rehearsal.doubles.base import Double, Inputs
from pokayoke_rehearsal.world.model import World

LEFTOVERS = "world:index:leftovers"
KNOWS = "world:index:knows"


class WorldDouble(Double):
    """Answers `world:index:leftovers` and `world:index:knows`, over all doubles."""

    package = "world"

    def __init__(self, world: World, doubles: Sequence[Double]) -> None:
        self._world, self._doubles = world, doubles

    def knows_type(self, token: str) -> bool:  # noqa: ARG002
        return False

    def knows_function(self, token: str) -> bool:
        return token in (LEFTOVERS, KNOWS)

    async def invoke_function(self, token: str, args: Inputs, preview: bool) -> Inputs:  # noqa: ARG002
        if token == KNOWS:
            return {
                "unknownTypes": [name for name in args.get("types", []) if not self._known_type(name)],
                "unknownFunctions": [name for name in args.get("functions", []) if not self._known_function(name)],
            }
        await self._world.started()
        left, pending = self._world.leftovers()
        return {"leftovers": [item.plain() for item in left], "pending": [item.plain() for item in pending]}

    def _known_type(self, token: str) -> bool:
        return any(double.knows_type(token) for double in self._doubles)

    def _known_function(self, token: str) -> bool:
        return any(double.knows_function(token) for double in (*self._doubles, self))
