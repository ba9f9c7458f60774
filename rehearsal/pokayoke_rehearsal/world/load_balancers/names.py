"""What AWS names a balancer: its ARN, and its host name."""

from __future__ import annotations

import hashlib

from pokayoke_rehearsal.world.dns import balancers

NETWORK, APPLICATION, CLASSIC = "network", "application", "classic"

_PATHS = {NETWORK: "net", APPLICATION: "app"}


def arn(made: str, kind: str) -> str:
    """The ARN for a kind (`network`, `application`), from the one that moto gives to every balancer."""
    return made.replace(":loadbalancer/app/", f":loadbalancer/{_PATHS[kind]}/")


def short(balancer_arn: str) -> str:
    """`net/name/id`, as descriptions of interfaces name a balancer."""
    return balancer_arn.rpartition(":loadbalancer/")[2]


def host(name: str, balancer_arn: str, kind: str, scheme: str, region: str) -> str:
    """The host name; an internal application balancer's says that it is one."""
    unique = balancer_arn.rpartition("/")[2]
    if kind == NETWORK:
        return balancers.dns_name(region, kind, name, unique)
    number = int(hashlib.sha256(unique.encode()).hexdigest()[:12], 16) % 10**10
    return balancers.dns_name(region, kind, f"internal-{name}" if scheme == "internal" else name, str(number))
