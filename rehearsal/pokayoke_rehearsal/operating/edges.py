"""What leads into a cluster, on the virtual clock since it was applied."""

from __future__ import annotations

from collections.abc import Iterator

from pokayoke_rehearsal.doubles.kubernetes.attachment import GROUP, is_accepted
from pokayoke_rehearsal.doubles.kubernetes.external_dns.running import programs
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import at, fields, items
from pokayoke_rehearsal.forecast import living
from pokayoke_rehearsal.operating.clock import Clock
from pokayoke_rehearsal.operating.naming import label
from pokayoke_rehearsal.operating.reach.fronts import Front, fronts
from pokayoke_rehearsal.world.dns.names import Names
from pokayoke_rehearsal.world.load_balancers.facts import Balancer, Balancers
from pokayoke_rehearsal.world.model import World

_ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute")


def lines(world: World, region: str, cluster: Cluster, sources: dict[str, None]) -> Iterator[str]:
    """When each address is there, with its records and certificates; and the routes that were accepted."""
    balancers = Balancers(world, region)
    for front in fronts(cluster):
        made = next((one for one in balancers.balancers({}) if one.host.lower() == front.address), None)
        if made is not None:
            yield f"{front.label}, since it was applied"
            yield from _times(world, cluster, front, made, Clock(sources))
            yield from _certificates(balancers, made, sources)
    accepted = [
        label(route)
        for kind in _ROUTES
        for route in cluster.list(GROUP, kind)
        if any(is_accepted(route, fields(item)) for item in items(at(route, "spec", "parentRefs")))
    ]
    if accepted:
        yield f"accepted: {', '.join(accepted)}"


def _times(world: World, cluster: Cluster, front: Front, made: Balancer, clock: Clock) -> list[str]:
    network = made.kind == "network"
    kind = "network" if network else "application"
    latency = living.NETWORK_BALANCER if network else living.APPLICATION_BALANCER
    clock.passes(latency, f"{kind} load balancer {made.name} is active")
    clock.passes(living.TARGETS, "its targets are registered")
    names = [one.name for one in Names(world).records() if front.address in one.targets]
    if names and programs(cluster):
        clock.passes(living.LOOKED_FOR_RECORDS, "ExternalDNS has looked again")
    if names:
        clock.passes(living.RECORD, f"Route 53 answers for {', '.join(dict.fromkeys(names))}")
    return clock.lines


def _certificates(balancers: Balancers, made: Balancer, sources: dict[str, None]) -> Iterator[str]:
    issued = balancers.certificates()
    for arn in dict.fromkeys(arn for listener in made.listeners for arn in listener.certificates):
        if arn in issued:
            clock = Clock(sources)
            clock.passes(living.CERTIFICATE, f"ISSUED; {made.name} serves it")
            yield f"certificate for {' and '.join(sorted(issued[arn]))}, since it was requested"
            yield from clock.lines
