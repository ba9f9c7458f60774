"""Every way that leads from outside into a cluster, and where each ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pokayoke_rehearsal.doubles.kubernetes.stores import Stores
from pokayoke_rehearsal.operating.reach import words
from pokayoke_rehearsal.operating.reach.doors import CLASSIC, Door, Doors
from pokayoke_rehearsal.operating.reach.fronts import Front, Port, fronts
from pokayoke_rehearsal.operating.reach.meshes import gateways_without_pods
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
    told = [f"{way.url}: {way.trouble}" for way in _ways(world, stores) if way.trouble]
    told += [found for server in stores.servers for found in gateways_without_pods(server.cluster)]
    return list(dict.fromkeys(told))


def lines(world: World, stores: Stores) -> list[str]:
    """Every way from outside: over which record, balancer and certificate to whom."""
    return list(dict.fromkeys(way.line for way in _ways(world, stores)))


def _ways(world: World, stores: Stores) -> list[Way]:
    found = [front for server in stores.servers for front in fronts(server.cluster)]
    return list(_Outside(Names(world), Doors(world), Targets(stores), found).ways())


class _Outside:
    """A client somewhere on the internet."""

    def __init__(self, names: Names, doors: Doors, targets: Targets, found: Sequence[Front]) -> None:
        self._names, self._doors, self._targets, self._fronts = names, doors, targets, found
        self._led = {one.name: names.resolve(one.name) for one in names.records()}
        """What the names of all records lead to."""

    def ways(self) -> Iterator[Way]:
        stated = {host for front in self._fronts for host in front.hosts}
        others = {name: answer for name, answer in self._led.items() if name not in stated}
        for front in self._fronts:
            led = [name for name, answer in others.items() if front.address in answer.targets]
            yield from self._to_front(front, led)
        addresses = {front.address for front in self._fronts}
        for name, answer in others.items():
            if not addresses & set(answer.targets):
                yield from self._by_record(name, answer)

    def _to_front(self, front: Front, led: Sequence[str]) -> Iterator[Way]:
        """The ways by the names that it states, and by those that nobody states and that `led` to it all the same."""
        door = self._doors.at(front.address)
        if door is None:
            if is_gone(front.address):
                yield Way(front.label, (), _gone(443, front.address, "its status leads"))
            return
        ports = front.ports or _ports_of(door)
        anywhere = [host for host in (*front.hosts, *led) if not any(host in port.hosts for port in ports)]
        for port in ports:
            hosts = dict.fromkeys([*port.hosts, *anywhere])
            for host in hosts or ("",):
                yield from self._by_host(front, door, port, host)
        if door.in_tree:
            yield Way(front.label, (), self._in_tree(door))

    def _by_host(self, front: Front, door: Door, port: Port, host: str) -> Iterator[Way]:
        answer = self._names.resolve(host) if host else Answer(known=False)
        # A name that the world can resolve is for the world, unless it is said that nobody comes from there.
        public = answer.known and not front.internal and not (answer.gap and self._names.is_private(host))
        wish = Wish(port, host, public, front.wants_tls)
        url = _url(wish, host or front.address)
        if public and answer.gap:
            yield Way(url, (), f"{words.unresolved(host)}: {answer.gap}")
            # Whoever looks for the cause goes on by the balancer's own name.
            url, answer = f"{url} at {front.address}", Answer(known=False)
        elif public and (past := self._past(answer, wish, front)):
            yield Way(url, _recorded(answer), past)
            return
        elif public and front.address not in answer.targets:
            elsewhere = next((found for one in answer.targets if (found := self._doors.at(one)) is not None), None)
            if elsewhere is None:
                yield Way(url, (*_recorded(answer), f"{', '.join(answer.targets)}, of which the account knows nothing"))
                return
            door = elsewhere
        tried = attempt(door, wish, self._targets)
        yield Way(url, (*_recorded(answer), *tried.steps), tried.trouble)

    def _past(self, answer: Answer, wish: Wish, front: Front) -> str:
        """What a client says whose name leads past where it is served.

        `stale-dns-record`: the record was written by hand, and the controller has made another balancer since.
        """
        served = {one.address for one in self._fronts if any(_holds(host, wish.host) for host in one.hosts)}
        for target in answer.targets:
            door = self._doors.at(target)
            if door is None and is_gone(target):
                return _gone(wish.number, target, _leads(answer))
            if door is not None and door.made_for and target not in {*served, front.address}:
                said = attempt(door, wish, self._targets).trouble or "somebody else answers"
                told = f"{_leads(answer)} to {door.told}, which was made for {door.made_for}"
                return f"{said}: {told}, and {front.label} is at {front.address}"
        return ""

    def _by_record(self, name: str, answer: Answer) -> Iterator[Way]:
        """The ways by a name that no object of a cluster states."""
        for target in answer.targets:
            door = self._doors.at(target)
            if door is None and is_gone(target):
                told = _gone(443, target, _leads(answer))
                yield Way(_url(Wish(_HTTPS, name), name), _recorded(answer), told)
            elif door is not None and not door.internal:
                for port in _ports_of(door):
                    wish = Wish(port, name)
                    tried = attempt(door, wish, self._targets)
                    yield Way(_url(wish, name), (*_recorded(answer), *tried.steps), tried.trouble)

    def _in_tree(self, door: Door) -> str:
        """`in-tree-load-balancer`: what EKS's own controller makes, and what the console shows of its instances, which
        is `Not applicable` (the API's `N/A`) for those that are in service: nothing is asked of a pod."""
        told = f"{door.told} was made by EKS's own controller, which is legacy and only receives critical bug fixes"
        if door.kind != CLASSIC:
            return told
        shown = self._targets.of_instances(door).shown("In-service, Health status description: Not applicable")
        return f"{told}; its health check is {door.check}: {shown or 'no instances'}"


def _holds(stated: str, host: str) -> bool:
    return stated == host or (stated.startswith("*.") and host.endswith(stated[1:]))


def _gone(port: int, target: str, leads: str) -> str:
    told = f"{words.timed_out(port)}: {leads} to {target}, a load balancer that is gone"
    return f"{told} ({words.unresolved(target)}, as soon as its addresses are forgotten)"


def _leads(answer: Answer) -> str:
    record = answer.records[-1]
    return f"record {record.name} {record.type} in {record.zone} leads"


def _recorded(answer: Answer) -> tuple[str, ...]:
    kinds: dict[str, list[str]] = {}
    for one in answer.records:
        kinds.setdefault(one.name, []).append(one.type)
    return tuple(f"record {name} {'/'.join(dict.fromkeys(held))}" for name, held in kinds.items())


def _url(wish: Wish, host: str) -> str:
    usual = {"https": 443, "http": 80}.get(wish.scheme) == wish.number
    return f"{wish.scheme}://{host}" + ("" if usual else f":{wish.number}")


def _ports_of(door: Door) -> list[Port]:
    return [Port(one.port, one.protocol, (), "") for one in door.entries]
