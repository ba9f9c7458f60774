"""Asks a world what lives in it."""

import grpc.aio

from pokayoke_rehearsal.hosts.asking import Asking
from pokayoke_rehearsal.hosts.errors import HostError
from pokayoke_rehearsal.plan import Story

_TOKEN = "world:index:operate"  # noqa: S105 - a Pulumi token


async def operate(address: str) -> Story:
    """What is seen of the clusters after some time has passed.

    Raises:
        HostError: the world does not answer.
    """
    asking = Asking(address)
    try:
        said = await asking.ask(_TOKEN)
    except grpc.aio.AioRpcError as error:
        raise HostError(f"the world does not say what lives in it: {error.details()}") from error
    finally:
        await asking.close()
    told, lines = (tuple(map(str, said.get(key) or ())) for key in ("troubles", "lines"))
    return Story(told, lines, str(said.get("headline") or ""), float(said.get("usdPerHour") or 0))
