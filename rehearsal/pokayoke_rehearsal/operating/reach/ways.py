"""Every way that leads from outside into a cluster, and where each ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pokayoke_rehearsal.doubles.kubernetes.stores import Stores
from pokayoke_rehearsal.operating.reach import words
from pokayoke_rehearsal.operating.reach.doors import Door, Doors
from pokayoke_rehearsal.operating.reach.fronts import Front, Port, fronts
from pokayoke_rehearsal.operating.reach.targets import Targets
from pokayoke_rehearsal.operating.reach.tries import Wish, attempt
from pokayoke_rehearsal.world.dns.balancers import is_gone
from pokayoke_rehearsal.world.dns.names import Answer, Names
from pokayoke_rehearsal.world.model import World

_HTTPS = Port(443, "", (), "")


@dataclass(frozen=True)
class Way:
    """One way from outside, by name and port."""

    url: str
    steps: tuple[str, ...]
    trouble: str = ""

    @property
    def line(self) -> str:
        """The whole way in one line."""
        return f"{self.url}: {' -> '.join([*self.steps, *([self.trouble] if self.trouble else [])])}"


def unreached(world: World, stores: Stores) -> list[str]:
    """What clients outside do not get through to, one sentence each, in the words that they see."""
    return list(dict.fromkeys(f"{way.url}: {way.trouble}" for way in _ways(world, stores) if way.trouble))


def lines(world: World, stores: Stores) -> list[str]:
    """Every way from outside: over which record, balancer and certificate to whom."""
    return list(dict.fromkeys(way.line for way in _ways(world, stores)))


def _ways(world: World, stores: Stores) -> list[Way]:
    found = [front for server in stores.servers for front in fronts(server.cluster)]
    return list(_Outside(Names(world), Doors(world), Targets(stores), found).ways())


@dataclass(frozen=True)
class _Outside:
    """A client somewhere on the internet."""

    names: Names
    doors: Doors
    targets: Targets
    fronts: Sequence[Front]

    def ways(self) -> Iterator[Way]:
        for front in self.fronts:
            yield from self._to_front(front)
        yield from self._by_record()

    def _to_front(self, front: Front) -> Iterator[Way]:
        door = self.doors.at(front.address)
        if door is None:
            yield Way(f"{front.label} at {front.address}", (), self._gone(443, front.address))
            return
        led = [one.name for one in self.names.records() if front.address in self.names.resolve(one.name).targets]
        for port in front.ports or _ports_of(door):
            hosts = tuple(dict.fromkeys([*(port.hosts or front.hosts), *led]))
            for host in hosts or ("",):
                yield self._way(front, door, port, host)

    def _way(self, front: Front, door: Door, port: Port, host: str) -> Way:
        answer = self.names.resolve(host) if host else Answer(known=False)
        # Whoever comes by a name that the world resolves comes from outside, unless it is said that nobody does.
        outside = answer.known and not front.internal
        wish = Wish(port, host, outside, front.wants_tls)
        url = f"{wish.scheme}://{host or front.address}" + ("" if port.number in (80, 443) else f":{port.number}")
        if answer.gap:
            return Way(url, (), f"{words.unresolved(host)}: {answer.gap}")
        steps = _recorded(answer)
        if answer.known and front.address not in answer.targets:
            elsewhere = self._elsewhere(answer, port, front)
            if elsewhere:
                return Way(url, steps, elsewhere)
        tried = attempt(door, wish, self.targets)
        return Way(url, (*steps, *tried.steps), tried.trouble)

    def _elsewhere(self, answer: Answer, port: Port, front: Front) -> str:
        """`stale-dns-record`: what a client says whose name leads past the balancer at which it is served."""
        targets = [(one, self.doors.at(one)) for one in answer.targets]
        known = {front.address for front in self.fronts}
        for target, door in targets:
            if door is None and is_gone(target):
                return self._gone(port.number, target, answer)
            if door is not None and target not in known and door.made_for:
                past = f"the record leads to {door.told}, made for {door.made_for}"
                return f"{past}, and {front.label} is at {front.address}"
        return ""

    def _gone(self, port: int, target: str, answer: Answer | None = None) -> str:
        record = (
            f"record {answer.records[-1].name} {answer.records[-1].type} leads"
            if answer and answer.records
            else "it leads"
        )
        told = f"{words.timed_out(port)}: {record} to {target}, a load balancer that is gone"
        return f"{told} (and {words.unresolved(target)} as soon as its addresses are forgotten)"

    def _by_record(self) -> Iterator[Way]:
        """Names that no object of a cluster states, and that lead to balancers."""
        stated = {host for front in self.fronts for host in front.hosts}
        addresses = {front.address for front in self.fronts}
        for record in self.names.records():
            if record.name in stated:
                continue
            answer = self.names.resolve(record.name)
            for target in answer.targets:
                door = self.doors.at(target)
                if target in addresses:
                    continue
                if door is None and is_gone(target):
                    yield Way(f"https://{record.name}", _recorded(answer), self._gone(443, target, answer))
                elif door is not None and not door.internal:
                    for port in _ports_of(door):
                        wish = Wish(port, record.name)
                        tried = attempt(door, wish, self.targets)
                        yield Way(f"{wish.scheme}://{record.name}", (*_recorded(answer), *tried.steps), tried.trouble)


def _recorded(answer: Answer) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"record {one.name} {one.type}" for one in answer.records))


def _ports_of(door: Door) -> list[Port]:
    return [Port(one.port, one.protocol, (), "") for one in door.entries]
