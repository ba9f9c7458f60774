"""What each kind of gateway can do, and which kind can do what another cannot."""

from collections.abc import Sequence

from .finding import Finding, shown

ISTIO, NLB, ALB = "istio-ambient", "nlb", "alb"
VARIANTS = (ISTIO, NLB, ALB)
"""Istio's Envoy behind an NLB; an NLB alone; an ALB alone."""
SCHEMES = ("internet-facing", "internal")
MOST_HOSTS = 16
"""Of one HTTPRoute (Gateway API 1.6.1, `maxItems`)."""


def unknown_variant(name: str) -> Finding | None:
    """Why there is no gateway of this kind."""
    if name in VARIANTS:
        return None
    return Finding(f"there is no gateway {shown(name)}", f"Write one of {', '.join(VARIANTS)}.")


def too_many_hosts(hosts: Sequence[str]) -> Finding | None:
    """Why no one route can be for all these hosts."""
    if len(hosts) <= MOST_HOSTS:
        return None
    return Finding(f"these are {len(hosts)} hosts, a route takes {MOST_HOSTS}", "Use a wildcard, or a second gateway.")


def cannot_route(variant: str, *, path: str, hosts: Sequence[str], of: Sequence[str], others: int) -> Finding | None:
    """Why a gateway cannot send what comes for `hosts` and `path` elsewhere than the rest.

    `of` are all hosts of the gateway, `others` the routes that it has already. An NLB ends TLS and opens no request:
    all that reaches a port goes to one Service (AWS Load Balancer Controller v3.5.0, `l4gateway.md`).
    """
    if variant != NLB:
        return None
    if path != "/":
        return _needs_requests(f"an NLB does not see the path {shown(path)}")
    if set(hosts) != set(of):
        return _needs_requests("an NLB does not tell hosts apart")
    if others:
        return _needs_requests("an NLB has one Service a port, and this one has it already")
    return None


def not_served(hosts: Sequence[str], served: Sequence[str]) -> Finding | None:
    """Why a gateway answers to none of a route's hosts but some others."""
    others = _beyond(hosts, served)
    if not others:
        return None
    return Finding(f"the gateway does not answer to {', '.join(others)}", f"Its hosts are {', '.join(served)}.")


def not_certified(hosts: Sequence[str], certified: Sequence[str]) -> Finding | None:
    """Why a certificate for some hosts does not do for these. A wildcard stands for one label."""
    missing = _beyond(hosts, certified)
    if not missing:
        return None
    return Finding(
        f"the certificate is not for {', '.join(missing)}",
        "Ask for a certificate for all hosts of the gateway.",
        "nlb-tls-termination",
    )


def _beyond(hosts: Sequence[str], known: Sequence[str]) -> list[str]:
    return [host for host in hosts if not {host, f"*.{host.partition('.')[2]}"} & set(known)]


def _needs_requests(problem: str) -> Finding:
    return Finding(problem, f"Take the gateway {ISTIO} or {ALB}, which route by host and path.")
