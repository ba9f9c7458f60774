"""The story of a world's clusters after some time has passed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.stores import Stores
from pokayoke_rehearsal.operating import troubles
from pokayoke_rehearsal.world.model import World


@dataclass(frozen=True)
class Story:
    """What was seen of the clusters: `troubles` is empty when everything lives as it was asked to."""

    troubles: tuple[str, ...] = ()
    """What does not live as asked, one sentence each, in the real system's words."""
    lines: tuple[str, ...] = ()
    """The story itself, with times on the virtual clock."""

    def plain(self) -> dict[str, Any]:
        """The story as JSON."""
        return {"troubles": list(self.troubles), "lines": list(self.lines)}


def observe(world: World, stores: Stores) -> Story:
    """Lets time pass and looks at every cluster; AWS must have started."""
    world.waits.let_time_pass()
    told = [found for server in stores.servers for found in troubles.of(server.cluster)]
    return Story(tuple(told))
