"""A client before a balancer: whom it gets through to at a port, or what it says when it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pokayoke_rehearsal.operating.reach import words
from pokayoke_rehearsal.operating.reach.doors import CLASSIC, Door, Entry
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
    """What a client gets.

    `lbc-iam-incomplete`: a controller that may not make what it must leaves a balancer without a listener, or one whose
    security group, or whose nodes' groups, let nobody in.
    """
    steps = [door.told]
    number, entry, let_in = wish.number, door.entry(wish.number), door.lets_in(wish.number)
    trouble = ""
    if door.internal and wish.outside:
        trouble = f"{words.timed_out(number)}: {door.told} has private addresses only"
    elif entry is None:
        trouble = f"{words.timed_out(number)}: {door.told} has no listener at port {number}"
    elif not let_in:
        trouble = f"{words.timed_out(number)}: no security group of {door.told} lets anybody in at port {number}"
    if trouble or entry is None:
        return Try(tuple(steps), trouble)
    if not any(one in _EVERYBODY for one in let_in):
        steps.append(f"for {', '.join(sorted(let_in))} only")
    trouble = _handshake(door, entry, wish, steps) or _answer(door, entry, wish, targets, steps)
    return Try(tuple(steps), trouble)


def covers(name: str, host: str) -> bool:
    """Whether a name of a certificate is good for a host; its `*` stands for one label."""
    return name == host or (name.startswith("*.") and host.partition(".")[2] == name[2:])


def _handshake(door: Door, entry: Entry, wish: Wish, steps: list[str]) -> str:
    """What a client says whose TLS does not end well.

    `nlb-tls-termination`: certificate, ports and what the pods speak are set one by one, and where one is missing the
    balancer hands the client's TLS to who speaks plain HTTP, or plain HTTP to who expects TLS.
    """
    if wish.scheme == "http" and entry.ends_tls:
        return f"{words.hung_up()}: the listener of port {entry.port} of {door.told} expects TLS ({entry.protocol})"
    if wish.scheme != "https":
        return ""
    behind = wish.port.speaks
    if not entry.ends_tls:
        if entry.protocol == "HTTP" or behind == "HTTP" or (wish.wants_tls and behind != "TLS"):
            told = f"the listener of port {entry.port} of {door.told} is {entry.protocol}, without a certificate"
            return f"{words.no_handshake()}: {told}, and what is behind it speaks plain HTTP"
        steps.append("TLS handed through")
        return ""
    names = _names(door, entry)
    if wish.host and not _fitting(names, wish.host):
        shown = ", ".join(sorted({name for held in names.values() for name in held})) or "none"
        return f"{words.other_name(wish.host)}: the certificates of {door.told} are for {shown}"
    steps.append(f"TLS with certificate {_fitting(names, wish.host) or entry.certificates[0]}")
    encrypts = _encrypts(door, entry)
    if door.kind == "NLB" and behind and encrypts != (behind == "TLS"):
        told = "is sent TLS and speaks plain HTTP" if encrypts else "expects TLS and is sent what the NLB has decrypted"
        return f"{words.hung_up()}: {door.told} ends TLS at port {entry.port}, and what is behind it {told}"
    return ""


def _answer(door: Door, entry: Entry, wish: Wish, targets: Targets, steps: list[str]) -> str:
    """Who answers, or what a client says when nobody does."""
    if door.kind == CLASSIC:
        return _reached(door, targets.of_instances(door), wish, steps)
    for act in _acts(entry, wish.host):
        if act.redirect:
            said = dict(act.redirect)
            steps.append(f"sent on to {said.get('Protocol', '').lower()}:{said.get('Port', '')}")
        elif act.status >= "400":
            return f"HTTP {act.status}: {door.told} answers by itself, since no target group of it is for this"
        elif act.status:
            steps.append(f"answered with {act.status}")
        elif trouble := _reached(door, targets.of_groups(door, act.targets), wish, steps):
            return trouble
    return ""


def _reached(door: Door, health: Health, wish: Wish, steps: list[str]) -> str:
    if health.silence:
        said = words.bad_gateway() if door.kind == "ALB" else words.hung_up()
        return f"{said}: {door.told} goes past the mesh: {health.silence}"
    if health.healthy:
        count = len(health.healthy)
        steps.append(f"{count} healthy target{'s' if count != 1 else ''}")
        return ""
    if not health.targets:
        said = words.unavailable() if door.kind == "ALB" else words.nobody(wish.host or door.host, wish.number)
        return f"{said}: {door.told} has no registered targets at port {wish.number}"
    said = words.timed_out(wish.number)
    if door.kind == "ALB":
        said = words.gateway_timeout() if health.is_closed else words.unavailable()
    return f"{said}: no target of {door.told} is healthy: {health.told}"


def _acts(entry: Entry, host: str) -> list[Act]:
    """What becomes of requests for a host: by the rules about it, or else by default."""
    found = [rule.act for rule in entry.rules if _is_about(dict(rule.conditions).get("host-header", ()), host)]
    return list(dict.fromkeys(found)) or [entry.default]


def _is_about(hosts: tuple[str, ...], host: str) -> bool:
    return not hosts or any(fnmatchcase(host, one) for one in hosts)


def _names(door: Door, entry: Entry) -> Mapping[str, frozenset[str]]:
    known = door.region.certificates()
    return {arn: known.get(arn, frozenset()) for arn in entry.certificates}


def _fitting(names: Mapping[str, frozenset[str]], host: str) -> str:
    return next((arn for arn, held in names.items() if any(covers(name, host) for name in held)), "")


def _encrypts(door: Door, entry: Entry) -> bool:
    """Whether the balancer speaks TLS to its targets."""
    held = [one for one in door.region.target_groups({}) if one.arn in entry.default.targets]
    return any(one.protocol == "TLS" for one in held)
