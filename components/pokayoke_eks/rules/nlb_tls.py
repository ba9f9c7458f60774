"""TLS at a Network Load Balancer, as the annotations of a Service or a Gateway ask for it.

Sources: kubernetes-sigs/aws-load-balancer-controller v3.5.0, `docs/guide/service/annotations.md` (what each key means
and what it is where it is left out); protocols of the old policies as in the table of moto 5.2.5,
`moto/elbv2/ssl_policies.py`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .balancing import PREFIX
from .finding import Finding
from .tls_policies import DEFAULT

SLUG = "nlb-tls-termination"
_CERTIFICATE, _PORTS, _POLICY = f"{PREFIX}ssl-cert", f"{PREFIX}ssl-ports", f"{PREFIX}ssl-negotiation-policy"
_BACKEND = f"{PREFIX}backend-protocol"
_WORDS = {
    f"{PREFIX}scheme": ("internet-facing", "internal"),
    f"{PREFIX}nlb-target-type": ("ip", "instance"),
}
_WITH_OLD_PROTOCOLS = re.compile(r"ELBSecurityPolicy-(?:2016-08|TLS(?:13)?-1-[01]-.+)")
_DEFAULT_POLICY = "ELBSecurityPolicy-2016-08"
_ENCRYPTED = ("https", "tls", "ssl")


@dataclass(frozen=True, slots=True)
class Port:
    """A port of the balancer: its number, its name, and what is spoken behind it, if that is said."""

    number: int | None
    name: str | None = None
    spoken: str | None = None


def objections(
    annotations: Mapping[str, Any],
    ports: Sequence[Port] | None,
    *,
    several: bool = False,
    old_default: bool,
) -> Iterator[tuple[str, Finding]]:
    """All that is wrong with TLS as these annotations ask for it, each with its key. `ports` is None where they are not
    known, though there may be `several`. Values that are not known yet are not text, and count as stated. Without
    `old_default`, the controller is taken to have a sound policy for those that state none."""
    for key, words in _WORDS.items():
        value = annotations.get(key)
        if isinstance(value, str) and value not in words:
            yield key, Finding("it knows no such value", f"Write {' or '.join(words)}.", SLUG)
    if not annotations.get(_CERTIFICATE):
        if annotations.get(_PORTS):
            yield (
                _CERTIFICATE,
                Finding(
                    "it is left out, so the ports of ssl-ports stay without TLS",
                    "Set it to the ARN of a certificate in the balancer's own region, "
                    "arn:aws:acm:REGION:ACCOUNT:certificate/ID.",
                    SLUG,
                ),
            )
        return
    yield from _ports(annotations, ports, several=several or (ports is not None and len(ports) > 1))
    finding = weak_policy(annotations.get(_POLICY), old_default=old_default)
    if finding:
        yield _POLICY, finding
    yield from _behind(annotations, ports)


def weak_policy(policy: object, *, old_default: bool) -> Finding | None:
    """Why a listener's security policy, or its absence under an `old_default`, negotiates TLS older than 1.2."""
    if policy:
        said, old = "it", isinstance(policy, str) and _WITH_OLD_PROTOCOLS.fullmatch(policy)
    else:
        said, old = f"it is left out, which means {_DEFAULT_POLICY}, and that", old_default
    if not old:
        return None
    return Finding(f"{said} still takes TLS 1.0 or 1.1", f"Set it to {DEFAULT}.", SLUG)


def _ports(
    annotations: Mapping[str, Any], ports: Sequence[Port] | None, *, several: bool
) -> Iterator[tuple[str, Finding]]:
    written = annotations.get(_PORTS)
    if not written:
        if several:
            yield (
                _PORTS,
                Finding(
                    "it is left out, so every port speaks TLS, that for plain HTTP and its redirect too",
                    "Name the ports with TLS, such as '443'.",
                    SLUG,
                ),
            )
        return
    if ports is None or not _is_plain(written):
        return
    named = _listed(written)
    if not any(_is_in(port, named) for port in ports):
        yield (
            _PORTS,
            Finding("it names no port that is there: no port speaks TLS", "Name the ports' numbers.", SLUG),
        )


def _behind(annotations: Mapping[str, Any], ports: Sequence[Port] | None) -> Iterator[tuple[str, Finding]]:
    """The certificate ends TLS at the balancer; behind it the pods speak what the balancer then sends."""
    backend, written = annotations.get(_BACKEND), annotations.get(_PORTS)
    if ports is None or (backend and not isinstance(backend, str)) or (written and not _is_plain(written)):
        return
    again = str(backend).lower() in _ENCRYPTED
    for port in ports:
        if port.spoken is None or (written and not _is_in(port, _listed(written))):
            continue
        encrypted = port.spoken.lower() in _ENCRYPTED
        if encrypted and not again:
            yield (
                _BACKEND,
                Finding(
                    f"port {port.number} expects TLS from its clients, and the balancer sends what it decrypted",
                    "Let the listener or port speak plain HTTP, or set backend-protocol to ssl.",
                    SLUG,
                ),
            )
        elif again and port.spoken.lower() == "http":
            problem = f"the balancer sends TLS to port {port.number}, which speaks plain HTTP"
            yield _BACKEND, Finding(problem, "Leave backend-protocol out, or let the pods speak TLS.", SLUG)


def _is_in(port: Port, named: Sequence[str]) -> bool:
    return str(port.number) in named or port.name in named


def _is_plain(written: object) -> bool:
    return isinstance(written, (str, int, float)) and not isinstance(written, bool)


def _listed(written: Any) -> list[str]:
    text = written if isinstance(written, str) else str(int(written))
    return [part.strip() for part in text.split(",") if part.strip()]
