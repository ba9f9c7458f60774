"""Waiting for a cluster: as long as something still happens there, and no longer.

The real provider waits ten minutes by the clock. In the rehearsal everything that can happen without a further step
of the engine has happened when a write returns; what else may come, comes from steps that run beside this one. So a
wait is hopeless when the cluster stood still for a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster

STILL_FOR = 2.0
"""Seconds without a change after which a wait is given up: far more than the engine needs from one step to the next."""


async def until(cluster: Cluster, done: Callable[[], bool], *, still_for: float = STILL_FOR) -> bool:
    """Whether it is done, asked again after every change, until the cluster stands still or is gone."""
    loop = asyncio.get_running_loop()
    changed = asyncio.Event()

    def wake() -> None:
        loop.call_soon_threadsafe(changed.set)

    end = cluster.subscribe(wake)
    try:
        while not done():
            if cluster.closed:
                return False
            try:
                await asyncio.wait_for(changed.wait(), still_for)
            except TimeoutError:
                return done()
            changed.clear()
        return True
    finally:
        end()
