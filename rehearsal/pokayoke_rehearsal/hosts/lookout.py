"""What the engine cannot see by itself: who waits in the world, and whether the program rests."""

from collections.abc import Callable

from pokayoke_rehearsal.engine.standstill import View
from pokayoke_rehearsal.hosts.asking import Asking

_WAITS, _GIVE_UP = "world:index:waits", "world:index:giveUp"


class WorldLookout:
    """The engine's `Lookout` over the world at an address and the pulse of a program."""

    def __init__(self, address: str, pulse: Callable[[], tuple[int, int]]) -> None:
        self._world = Asking(address)
        self._pulse = pulse

    async def look(self) -> View:
        """What is to be seen now."""
        # First the pulse: what the program then does, the engine hears of.
        pulse, jobs = self._pulse()
        said = await self._world.ask(_WAITS)
        waits = tuple((str(wait["urn"]), str(wait["words"])) for wait in said.get("waits", []))
        return View(int(said["moment"]), waits, pulse, jobs)

    async def give_up(self, moment: int) -> bool:
        """Ends the world's waits; False when something happened after `moment`, or does since time passes."""
        return bool((await self._world.ask(_GIVE_UP, {"moment": moment}))["ended"])

    async def close(self) -> None:
        """Ends the connection."""
        await self._world.close()
