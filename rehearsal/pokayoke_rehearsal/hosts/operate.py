"""Asks a world what lives in it."""

from pokayoke_rehearsal.hosts.asking import once
from pokayoke_rehearsal.plan import Story

_TOKEN = "world:index:operate"  # noqa: S105 - a Pulumi token


async def operate(address: str) -> Story:
    """What is seen of the clusters after some time has passed.

    Raises:
        HostError: the world does not answer.
    """
    said = await once(address, _TOKEN, "the world does not say what lives in it")
    told, lines, warnings = (tuple(map(str, said.get(key) or ())) for key in ("troubles", "lines", "warnings"))
    return Story(told, lines, str(said.get("headline") or ""), float(said.get("usdPerHour") or 0), warnings)
