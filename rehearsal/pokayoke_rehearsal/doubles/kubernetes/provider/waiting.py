"""Waiting for a cluster: as long as something can still happen in the world, and no longer.

The real provider waits ten minutes by the clock. In the rehearsal everything that can happen without a further step of
the engine has happened when a write returns; what else may come, comes from steps that run beside this one.
"""

from __future__ import annotations

from collections.abc import Callable

from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.world.waits import Waits


async def until(waits: Waits, cluster: Cluster, done: Callable[[], bool], words: Callable[[], str]) -> bool:
    """Whether it is done, asked again whenever something happened; ends early when the cluster is gone.

    `words` says what is waited for.
    """

    def looked() -> bool:
        if cluster.closed or done():
            return True
        cluster.look_outside(waits.moment)
        return done()

    return await waits.until(looked, words) and (not cluster.closed or done())
