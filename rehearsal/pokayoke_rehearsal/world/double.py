"""The `world` double: functions that tell what the world holds and what its doubles know."""

from __future__ import annotations

from collections.abc import Sequence

from pokayoke_rehearsal.doubles.base import Double, Inputs
from pokayoke_rehearsal.plan import Story
from pokayoke_rehearsal.world.model import World
from pokayoke_rehearsal.world.waits import ASKED

LEFTOVERS = "world:index:leftovers"
KNOWS = "world:index:knows"
WAITS = "world:index:waits"
GIVE_UP = "world:index:giveUp"
SLEEP = "world:index:sleep"
BY_HAND = "world:index:changeByHand"
REMOVE = "world:index:removeByHand"
OPERATE = "world:index:operate"


class WorldDouble(Double):
    """Answers what is left, what lives, what the doubles know and who waits; gives waits up, lets sleep, changes and
    removes things by hand."""

    package = "world"

    def __init__(self, world: World, doubles: Sequence[Double]) -> None:
        self._world, self._doubles = world, doubles
        self._slept: dict[str, int] = {}

    def knows_type(self, token: str) -> bool:  # noqa: ARG002
        return False

    def knows_function(self, token: str) -> bool:
        return token in (LEFTOVERS, KNOWS, WAITS, GIVE_UP, SLEEP, BY_HAND, REMOVE, OPERATE)

    async def invoke_function(self, token: str, args: Inputs, preview: bool) -> Inputs:  # noqa: ARG002
        if token == KNOWS:
            return {
                "unknownTypes": [name for name in args.get("types", []) if not self._known_type(name)],
                "unknownFunctions": [name for name in args.get("functions", []) if not self._known_function(name)],
            }
        waits = self._world.waits
        if token == WAITS:
            waits.watched = True
            return {"moment": waits.moment, "waits": waits.current()}
        if token == GIVE_UP:
            return {"ended": waits.give_up(args["moment"])}
        if token == SLEEP:
            return {"woken": await self._sleep(args["urn"])}
        await self._world.started()
        if token == BY_HAND:
            changed = [one for double in self._doubles for one in double.change_by_hand(args["resources"])]
            return {"changed": [{"urn": urn, "what": what} for urn, what in changed]}
        if token == REMOVE:
            for double in self._doubles:
                double.remove_by_hand(args["resources"])
            return {}
        if token == OPERATE:
            stories = (double.observe() for double in self._doubles)
            return next((story for story in stories if story is not None), Story()).plain()
        left, pending = self._world.leftovers()
        kinds = {"leftovers": left, "pending": pending, "presumed": self._world.presumed()}
        return {kind: [item.plain() for item in items] for kind, items in kinds.items()}

    async def _sleep(self, urn: str) -> str:
        """Sleeps until something `happened`, until `time` passes, or answers `never` to who sleeps on after that."""
        ASKED.set(urn)
        waits = self._world.waits
        began = waits.moment
        if await waits.until(lambda: waits.moment != began, lambda: "it polls for what it waits for", sleeps=True):
            return "happened"
        again, self._slept[urn] = self._slept.get(urn) == began, began
        return "never" if again else "time"

    def _known_type(self, token: str) -> bool:
        return any(double.knows_type(token) for double in self._doubles)

    def _known_function(self, token: str) -> bool:
        return any(double.knows_function(token) for double in (*self._doubles, self))
