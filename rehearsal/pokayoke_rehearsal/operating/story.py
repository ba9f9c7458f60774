"""The story of a world's clusters after some time has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from pokayoke_rehearsal.doubles.kubernetes.stores import Server, Stores
from pokayoke_rehearsal.operating import limits, reach, support, troubles
from pokayoke_rehearsal.plan import Story
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.model import World


def observe(world: World, stores: Stores) -> Story:
    """Lets time pass and looks at every cluster; AWS must have started."""
    world.waits.let_time_pass()
    told = [found for server in stores.servers for found in _troubles(world, server)]
    return Story((*told, *reach.unreached(world, stores)), tuple(reach.lines(world, stores)))


def _troubles(world: World, server: Server) -> Iterator[str]:
    eks = Account(world, server.region).eks_cluster(server.name)
    if eks is not None:
        yield from support.extended(eks, datetime.now(UTC).date())
    yield from troubles.of(server.cluster)
    yield from limits.unlimited(server.cluster)
