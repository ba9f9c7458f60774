"""Where a name leads, as whoever resolves it from outside finds: along the records of the account's public zones."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pokayoke_rehearsal.world.dns import zones
from pokayoke_rehearsal.world.model import World

_TYPES = ("A", "AAAA", "CNAME")
_CHAIN = 8
"""CNAMEs that a resolver follows before it gives up."""


@dataclass(frozen=True)
class Record:
    """A record set that says where a name leads."""

    name: str
    """In small letters, without the dot at its end; `*` for a wildcard."""
    type: str
    targets: tuple[str, ...]
    """Names or addresses."""
    alias: bool
    zone: str
    """In words."""


@dataclass(frozen=True)
class Answer:
    """What a resolver gets for a name."""

    records: tuple[Record, ...] = ()
    """All on the way to what it leads to, in order."""
    targets: tuple[str, ...] = ()
    """What it leads to in the end: names outside of the account's zones, or addresses."""
    gap: str = ""
    """Why it leads nowhere; empty where it does lead somewhere, and where its zone is not in the account."""
    known: bool = True
    """Whether its zone is in the account."""


class Names:
    """The names in the public zones of the account, as they are now."""

    def __init__(self, world: World) -> None:
        from moto.route53.models import route53_backends

        self._route53: Any = route53_backends[world.account]["aws"]

    def records(self) -> list[Record]:
        """All records that lead somewhere, those that prove a domain to ACM left out."""
        found = (one for zone in self._zones() for one in _records(zone))
        return [one for one in found if not one.name.startswith("_")]

    def resolve(self, name: str) -> Answer:
        """What a resolver gets for a name, which may begin with `*.`."""
        return self._resolve(zones.bare(name), ())

    def is_private(self, name: str) -> bool:
        """Whether a private zone leads networks of the account somewhere by this name."""
        held = (zone for zone in self._route53.zones.values() if zone.private_zone and zones.covers(zone, name))
        return any(_standing(zone, zones.bare(name)) for zone in held)

    def _resolve(self, name: str, seen: tuple[Record, ...]) -> Answer:
        zone, gap = self._authority(name)
        if zone is None:
            return Answer(seen, (name,) if seen else (), gap, known=bool(gap))
        found = _standing(zone, name)
        if gap or not found:
            return Answer(seen, (), gap or f"{zones.told(zone)} has no record {name}")
        targets: dict[str, None] = {}
        on_the_way, gaps = (*seen, *found), list[str]()
        for one in found:
            for target in one.targets:
                answer = self._resolve(target, on_the_way) if _follows(one, seen) else Answer(known=False)
                on_the_way = answer.records if answer.known else on_the_way
                gaps += [answer.gap] if answer.gap else []
                targets |= dict.fromkeys(answer.targets if answer.known else (target,))
        return Answer(tuple(dict.fromkeys(on_the_way)), tuple(targets), "" if targets else "; ".join(gaps))

    def _authority(self, name: str) -> tuple[Any, str]:
        """The zone that answers for a name, and what is missing on the way to it."""
        answers = zones.authority(self._route53, name)
        if answers.zone is not None:
            return answers.zone, answers.gap
        # Whether a domain is registered, and where its registrar sends resolvers, the account does not say.
        inside = [zone for zone in self._zones() if zones.covers(zone, name)]
        return (max(inside, key=lambda zone: len(zone.name)), "") if inside else (None, "")

    def _zones(self) -> list[Any]:
        return [zone for zone in self._route53.zones.values() if not zone.private_zone]


def _follows(record: Record, seen: tuple[Record, ...]) -> bool:
    return (record.alias or record.type == "CNAME") and len(seen) < _CHAIN


def _standing(zone: Any, name: str) -> list[Record]:
    """The records of a name, or those of the wildcard that covers it."""
    found = list(_records(zone))
    labels = name.split(".")
    wanted = [name, *("*." + ".".join(labels[index:]) for index in range(1, len(labels)))]
    for one in wanted:
        if held := [record for record in found if record.name == one]:
            return held
    return []


def _records(zone: Any) -> Iterator[Record]:
    for one in zone.rrsets:
        if one.type in _TYPES:
            alias = one.alias_target
            targets = [alias["DNSName"]] if alias else [str(value) for value in one.records]
            name = zones.bare(one.name).replace("\\052", "*")
            leads = tuple(zones.bare(target) for target in targets)
            yield Record(name, one.type, leads, bool(alias), zones.told(zone))
