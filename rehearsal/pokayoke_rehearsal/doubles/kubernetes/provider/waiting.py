"""Waiting for a cluster: as long as something still happens in the world, and no longer.

The real provider waits ten minutes by the clock. In the rehearsal everything that can happen without a further step of
the engine has happened when a write returns; what else may come, comes from steps that run beside this one. So a wait
is hopeless when for a while no step of any provider ended and nothing changed in the cluster.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pokayoke_rehearsal.doubles.base import ACTIVITY
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster


async def until(cluster: Cluster, done: Callable[[], bool], patience: float) -> bool:
    """Whether it is done; asked again whenever something happened, until nothing did for `patience` seconds.

    Ends early when the cluster is gone.
    """
    if done():
        return True
    loop = asyncio.get_running_loop()
    changed = asyncio.Event()
    end = cluster.subscribe(lambda: loop.call_soon_threadsafe(changed.set))
    try:
        while not cluster.closed and await _something_happens(changed, patience):
            changed.clear()
            if done():
                return True
            cluster.look_outside()
            if done():
                return True
        return done()
    finally:
        end()


async def _something_happens(changed: asyncio.Event, patience: float) -> bool:
    signs = {asyncio.ensure_future(changed.wait()), asyncio.ensure_future(ACTIVITY.next(patience))}
    seen, unseen = await asyncio.wait(signs, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
    for sign in unseen:
        sign.cancel()
    return any(sign.result() for sign in seen)
