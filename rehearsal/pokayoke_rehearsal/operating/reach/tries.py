"""A client before a balancer: whom it gets through to at a port, or what it says when it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pokayoke_rehearsal.operating.reach import words
from pokayoke_rehearsal.operating.reach.doors import Door, Entry
from pokayoke_rehearsal.operating.reach.fronts import Port
from pokayoke_rehearsal.operating.reach.targets import Health, Targets
from pokayoke_rehearsal.world.load_balancers.facts import Act

_EVERYBODY = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True)
class Try:
    """What came of it."""

    steps: tuple[str, ...]
    trouble: str = ""
    """What the client says and why, empty where it got through."""


@dataclass(frozen=True)
class Wish:
    """What a client wants of a balancer."""

    port: Port
    host: str
    """The name by which it comes, empty for the balancer's own."""
    outside: bool = True
    """Whether it comes from outside of the network."""
    wants_tls: bool = False
    """Whether the balancer was asked, in any way, to end TLS."""

    @property
    def number(self) -> int:
        return self.port.number

    @property
    def scheme(self) -> str:
        """`https`, `http` or `tcp`."""
        if self.number == 443 or self.port.protocol in ("HTTPS", "TLS"):
            return "https"
        return "http" if self.number == 80 or self.port.protocol == "HTTP" else "tcp"


def attempt(door: Door, wish: Wish, targets: Targets) -> Try:
    """What a client gets."""
    steps = [door.told]

    def fails(said: str, why: str) -> Try:
        return Try(tuple(steps), f"{said}: {why}")

    number = wish.number
    if door.internal and wish.outside:
        return fails(words.timed_out(number), f"{door.told} has private addresses only")
    entry, let_in = door.entry(number), door.lets_in(number)
    if entry is None:
        return fails(words.timed_out(number), f"{door.told} has no listener at port {number}")
    if not let_in:
        return fails(words.timed_out(number), f"no security group of {door.told} lets anybody in at port {number}")
    if not any(one in _EVERYBODY for one in let_in):
        steps.append(f"for {', '.join(sorted(let_in))} only")
    act = _act(entry, wish.host)
    if trouble := _handshake(door, entry, wish, steps):
        return Try(tuple(steps), trouble)
    if not act.targets and not entry.instance_port:
        steps.append(_answered(act))
        return Try(tuple(steps), f"HTTP/1.1 {act.status}: {door.told} answers by itself" if act.status else "")
    health = targets.behind(door, entry, act.targets)
    if not health.healthy:
        return fails(*_nobody(door, health, number))
    steps.append(f"{health.healthy} healthy target{'s' if health.healthy != 1 else ''}")
    return Try(tuple(steps))


def _handshake(door: Door, entry: Entry, wish: Wish, steps: list[str]) -> str:
    """What a client says whose TLS does not end well; `nlb-tls-termination`: certificate, ports and what the pods speak
    are set one by one, and where one is missing the balancer hands the client's TLS to who speaks plain HTTP."""
    if wish.scheme == "http" and entry.ends_tls:
        return f"{words.hung_up()}: the listener of port {entry.port} of {door.told} expects TLS ({entry.protocol})"
    if wish.scheme != "https":
        return ""
    if not entry.ends_tls:
        if entry.protocol == "HTTP" or wish.port.speaks == "HTTP" or (wish.wants_tls and wish.port.speaks != "TLS"):
            told = f"the listener of port {entry.port} of {door.told} is {entry.protocol}, without a certificate"
            return f"{words.no_handshake()}: {told}, and what is behind it speaks plain HTTP"
        steps.append("TLS handed through")
        return ""
    names = _names(door, entry)
    if wish.host and not any(covers(name, wish.host) for held in names.values() for name in held):
        shown = ", ".join(sorted({name for held in names.values() for name in held})) or "none"
        return f"{words.other_name(wish.host)}: the certificates of {door.told} are for {shown}"
    steps.append(f"TLS with certificate {_fitting(names, wish.host) or entry.certificates[0]}")
    if door.kind == "NLB" and wish.port.speaks:
        encrypts = any(
            group.protocol == "TLS" for group in door.region.target_groups({}) if group.arn in entry.default.targets
        )
        if encrypts != (wish.port.speaks == "TLS"):
            told = (
                "is sent TLS and speaks plain HTTP"
                if encrypts
                else "expects TLS and is sent what the NLB has decrypted"
            )
            return f"{words.hung_up()}: {door.told} ends TLS at port {entry.port}, and what is behind it {told}"
    return ""


def covers(name: str, host: str) -> bool:
    """Whether a name of a certificate is good for a host; its `*` stands for one label."""
    return name == host or (name.startswith("*.") and host.partition(".")[2] == name[2:])


def _names(door: Door, entry: Entry) -> Mapping[str, frozenset[str]]:
    known = door.region.certificates()
    return {arn: known.get(arn, frozenset()) for arn in entry.certificates}


def _fitting(names: Mapping[str, frozenset[str]], host: str) -> str:
    return next((arn for arn, held in names.items() if any(covers(name, host) for name in held)), "")


def _act(entry: Entry, host: str) -> Act:
    """What becomes of a request for a host: by the first rule about it, or else by default."""
    for rule in entry.listener.rules if entry.listener is not None else ():
        wanted = dict(rule.conditions).get("host-header", ())
        if not wanted or (host and any(fnmatchcase(host, one) for one in wanted)):
            return rule.act
    return entry.default


def _answered(act: Act) -> str:
    if act.redirect:
        said = dict(act.redirect)
        return f"sent on to {said.get('Protocol', '').lower() or 'the same'}:{said.get('Port', '')}"
    return f"HTTP {act.status}"


def _nobody(door: Door, health: Health, number: int) -> tuple[str, str]:
    said = words.timed_out(number)
    if door.kind == "ALB":
        said = words.gateway_timeout() if health.blocked else words.unavailable()
    if not health.total:
        return said, f"{door.told} has no registered targets at port {number}"
    return said, f"no target of {door.told} is healthy at port {number}: {'; '.join(health.problems)}"
