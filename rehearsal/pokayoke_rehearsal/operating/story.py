"""The story of a world's clusters after some time has passed."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.stores import Stores
from pokayoke_rehearsal.operating import reach, troubles
from pokayoke_rehearsal.plan import Story
from pokayoke_rehearsal.world.model import World


def observe(world: World, stores: Stores) -> Story:
    """Lets time pass and looks at every cluster; AWS must have started."""
    world.waits.let_time_pass()
    told = [found for server in stores.servers for found in troubles.of(server.cluster)]
    told += reach.unreached(world, stores)
    return Story(tuple(told), tuple(reach.lines(world, stores)))
