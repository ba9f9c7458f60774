"""Hosted zones as the internet sees them: a zone answers only where one above it sends resolvers to its name servers.

The chain begins at a presumed zone: one that a program adopts by name and of which the account of the rehearsal knows
nothing. It is somebody else's, registered and delegated; the report says that it was presumed.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from pokayoke_rehearsal.world.dns import balancers

PRESUMED = "presumed"
"""Attribute of a zone of moto's that the rehearsal made because a program took it for granted."""


@dataclass(frozen=True)
class Authority:
    """Which zone answers for a name: None when none does, and `gap` says what is missing then."""

    zone: Any
    gap: str = ""


def presume(route53: Any, name: str) -> Any:
    """A public zone of this name that counts as delegated and as somebody else's."""
    zone = route53.create_hosted_zone(dotted(name), private_zone=False, comment="presumed by the rehearsal")
    setattr(zone, PRESUMED, True)
    return zone


def is_presumed(zone: Any) -> bool:
    return bool(getattr(zone, PRESUMED, False))


@dataclass(frozen=True)
class Written:
    """A record that somebody wrote into a zone, and where it leads."""

    description: str


def counted(zone: Any) -> Iterator[tuple[tuple[str, str], Any]]:
    """What a zone leaves behind, by kind and name: itself, unless it is presumed, and what was written into it."""
    if not is_presumed(zone):
        yield ("zones", zone.resource_id), zone
    own = list(own_records(zone))
    for record in zone.rrsets:
        if record not in own:
            named = (bare(record.name), record.type, record.set_identifier or "")
            yield ("records", f"{zone.resource_id} {' '.join(named).strip()}"), Written(_leads(record))


def authority(route53: Any, name: str) -> Authority:
    """The zone that a resolver reaches for a name, from the presumed zones down along their NS records."""
    inside = [zone for zone in route53.zones.values() if not zone.private_zone and covers(zone, name)]
    if not inside:
        return Authority(None, f"no hosted zone of the account holds {bare(name)}")
    zone = max((one for one in inside if is_presumed(one)), key=_depth, default=None)
    if zone is None:
        top = min(inside, key=_depth)
        return Authority(None, f"{told(top)} is not delegated: no zone above it is known that names its name servers")
    while cut := _cut(zone, name):
        served = {bare(server) for server in cut.records}
        below = [one for one in inside if one.name == cut.name and served <= set(servers(one))]
        if not below:
            return Authority(None, f"the NS record {bare(cut.name)} in {told(zone)} names the servers of no zone here")
        zone = below[0]
    deeper = [one for one in inside if _depth(one) > _depth(zone)]
    if deeper:
        lost = min(deeper, key=_depth)
        missing = f"{told(zone)} has no NS record {bare(lost.name)} with its name servers"
        return Authority(zone, f"{told(lost)} is not delegated: {missing}")
    return Authority(zone)


def records(zone: Any, name: str, kind: str) -> Iterator[Any]:
    """The record sets of a name and type."""
    return (one for one in zone.rrsets if one.type == kind and dotted(one.name) == dotted(name))


def own_records(zone: Any) -> Iterator[Any]:
    """The record sets that every zone has: SOA and NS of its own name."""
    return (one for one in zone.rrsets if one.type in ("NS", "SOA") and dotted(one.name) == dotted(zone.name))


def servers(zone: Any) -> list[str]:
    """A zone's name servers."""
    return [bare(server) for server in zone.delegation_set.name_servers]


def servers_of(zone_id: str, taken: Collection[str] = ()) -> list[str]:
    """Name servers as Route 53 gives them: each zone has four of its own, one a top-level domain, none of them `taken`
    by another."""
    digest = hashlib.sha256(zone_id.encode()).digest()
    found: list[str] = []
    for index, domain in enumerate(("com", "net", "org", "co.uk")):
        first = int.from_bytes(digest[2 * index : 2 * index + 2])
        numbers = ((first + step) % 512 for step in range(512))
        names = (f"ns-{512 * index + number}.awsdns-{number // 8:02}.{domain}" for number in numbers)
        found.append(next(name for name in names if name not in taken))
    return found


def covers(zone: Any, name: str) -> bool:
    """Whether a name is the zone's own or below it."""
    return f".{dotted(name)}".endswith(f".{dotted(zone.name)}")


def told(zone: Any) -> str:
    """A zone in words."""
    return f"hosted zone {zone.resource_id} ({bare(zone.name)})"


def dotted(name: str) -> str:
    return bare(name) + "."


def bare(name: str) -> str:
    return name.rstrip(".").lower()


def _leads(record: Any) -> str:
    targets = [bare(record.alias_target["DNSName"])] if record.alias_target else [*map(str, record.records)]
    gone = [target for target in targets if balancers.is_gone(target)]
    does = "leads to" if record.type in ("A", "AAAA", "CNAME") else "holds"
    return f"{does} {', '.join(targets)}{', a load balancer that is gone' if gone else ''}"


def _cut(zone: Any, name: str) -> Any:
    """The NS record of the zone that sends resolvers of the name elsewhere, the one nearest to the zone's own name."""
    cuts = [
        one
        for one in zone.rrsets
        if one.type == "NS" and dotted(one.name) != dotted(zone.name) and _within(name, dotted(one.name))
    ]
    return min(cuts, key=lambda one: dotted(one.name).count("."), default=None)


def _within(name: str, above: str) -> bool:
    return f".{dotted(name)}".endswith(f".{above}")


def _depth(zone: Any) -> int:
    return dotted(zone.name).count(".")
