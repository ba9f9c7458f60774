"""The balancers of the account as whoever stands before them sees them, whatever kind they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pokayoke_rehearsal.world.load_balancers.facts import Act, Balancers, Classic, ListenerRule
from pokayoke_rehearsal.world.load_balancers.facts import Balancer as Newer
from pokayoke_rehearsal.world.model import World

IN_TREE = "kubernetes.io/service-name"
"""The tag of what EKS's own controller makes, with the Service that it made it for."""

CLASSIC = "Classic Load Balancer"

_KINDS = {"network": "NLB", "application": "ALB"}
_SECURE = ("TLS", "HTTPS", "SSL")
_STACKS = ("service.k8s.aws/stack", "ingress.k8s.aws/stack", "gateway.k8s.aws.nlb/stack", "gateway.k8s.aws.alb/stack")


@dataclass(frozen=True)
class Entry:
    """A listener."""

    port: int
    protocol: str
    certificates: tuple[str, ...]
    default: Act
    """What becomes of a request that no rule is about."""
    rules: tuple[ListenerRule, ...] = ()

    @property
    def ends_tls(self) -> bool:
        return self.protocol in _SECURE


@dataclass(frozen=True)
class Door:
    """A balancer."""

    name: str
    host: str
    kind: str
    """`NLB`, `ALB` or `Classic Load Balancer`."""
    internal: bool
    groups: frozenset[str]
    entries: tuple[Entry, ...]
    tags: Mapping[str, str]
    region: Balancers
    instances: frozenset[str] = frozenset()
    """Those of a Classic balancer."""
    check: str = ""
    """What a Classic balancer's health check asks of each: `TCP:30080`."""

    @property
    def in_tree(self) -> bool:
        """Whether EKS's own controller made it."""
        return IN_TREE in self.tags

    @property
    def made_for(self) -> str:
        """`namespace/name` of what a cluster's controller made it for, or its group of Ingresses; empty for others."""
        return next((self.tags[key] for key in (IN_TREE, *_STACKS) if key in self.tags), "")

    @property
    def told(self) -> str:
        """In words."""
        return f"{self.kind} {self.name} ({'internal' if self.internal else 'internet-facing'})"

    def entry(self, port: int) -> Entry | None:
        """The listener of a port."""
        return next((one for one in self.entries if one.port == port), None)

    def lets_in(self, port: int) -> frozenset[str]:
        """Whom its security groups let in at a port; everybody where it has none."""
        if not self.groups:
            return frozenset({"0.0.0.0/0"})
        return frozenset(source for group in self.groups for source in self.region.admitted(group, port))


class Doors:
    """All balancers of the account, as they are now."""

    def __init__(self, world: World) -> None:
        found = Balancers.everywhere(world)
        self._doors = [
            *(_newer(region, one) for region in found for one in region.balancers({})),
            *(_classic(region, one) for region in found for one in region.classics()),
        ]

    def at(self, host: str) -> Door | None:
        """The balancer of a name in DNS."""
        wanted = host.rstrip(".").lower().removeprefix("dualstack.")
        return next((one for one in self._doors if one.host == wanted), None)


def _newer(region: Balancers, one: Newer) -> Door:
    entries = tuple(
        Entry(held.port, held.protocol, held.certificates, held.default, held.rules) for held in one.listeners
    )
    internal = one.scheme == "internal"
    kind = _KINDS.get(one.kind, one.kind)
    return Door(one.name, one.host.lower(), kind, internal, one.groups, entries, one.tags, region)


def _classic(region: Balancers, one: Classic) -> Door:
    entries = tuple(
        Entry(held.port, held.protocol, (held.certificate,) if held.certificate else (), Act())
        for held in one.listeners
    )
    internal = one.scheme == "internal"
    held = (one.groups, entries, one.tags, region, one.instances, one.check)
    return Door(one.name, one.host.lower(), CLASSIC, internal, *held)
