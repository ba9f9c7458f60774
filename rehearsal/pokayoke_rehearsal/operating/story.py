"""The story of a world's clusters after some time has passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import is_done, is_ready
from pokayoke_rehearsal.doubles.kubernetes.stores import Server, Stores
from pokayoke_rehearsal.operating import costs, edges, limits, machines, reach, sizes, support, troubles, waits
from pokayoke_rehearsal.operating.costs import Cost
from pokayoke_rehearsal.operating.prices import dollars
from pokayoke_rehearsal.plan import Story
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.model import World


def observe(world: World, stores: Stores) -> Story:
    """Lets time pass and looks at every cluster; AWS must have started."""
    world.waits.let_time_pass()
    seen = [_Seen(world, server, datetime.now(UTC).date()) for server in stores.servers]
    told = [found for one in seen for found in one.troubles()]
    sources: dict[str, None] = {}
    lines = [found for one in seen for found in one.lines(sources)]
    return Story(
        (*told, *reach.unreached(world, stores)),
        (*lines, *_under("from outside", reach.lines(world, stores)), *_under("where the times are from", sources)),
        _headline(seen),
        round(sum(costs.total(one.costs) for one in seen), 4),
        tuple(found for one in seen for found in one.warnings()),
    )


class _Seen:
    """One cluster."""

    def __init__(self, world: World, server: Server, today: date) -> None:
        self._world, self._server, self._today = world, server, today
        self.cluster = server.cluster
        self._account = Account(world, server.region)
        self._eks = self._account.eks_cluster(server.name)
        self.costs: list[Cost] = []
        if self._eks is not None:
            self.costs = costs.costs(self.cluster, self._eks, self._account, today)

    def troubles(self) -> Iterator[str]:
        if self._eks is not None:
            yield from support.extended(self._eks, self._today)
        yield from troubles.of(self.cluster)
        yield from limits.unlimited(self.cluster)
        yield from sizes.larger_than_meant(self.cluster, self._account)

    def warnings(self) -> Iterator[str]:
        """In kubectl's words. Pulumi's provider keeps them to itself (pulumi/pulumi-kubernetes#1533)."""
        for message, written in self.cluster.admission.policies.warnings.items():
            others = f" and {len(written) - 1} more" if len(written) > 1 else ""
            yield f"{self.where}: {written[0]}{others}: {message}"

    def lines(self, sources: dict[str, None]) -> Iterator[str]:
        pods = f"{self.ready} of {self.pods} pods Ready"
        yield f"cluster {self.where}: Kubernetes {self.cluster.version}, {self.nodes} nodes, {pods}"
        yield from _indented(machines.lines(self.cluster, self._account))
        yield from _indented(waits.deployments(self.cluster, self._eks))
        yield from _indented(waits.lines(self.cluster, sources))
        yield from _indented(edges.lines(self._world, self._server.region, self.cluster, sources))
        yield from _indented(costs.lines(self.costs))

    @property
    def where(self) -> str:
        return f"{self._server.name} in {self._server.region}"

    @property
    def nodes(self) -> int:
        return len(self.cluster.list("", "Node"))

    @property
    def pods(self) -> int:
        return len(self.cluster.list("", "Pod"))

    @property
    def ready(self) -> int:
        return sum(is_ready(pod) or is_done(pod) for pod in self.cluster.list("", "Pod"))


def _headline(seen: list[_Seen]) -> str:
    if not seen:
        return "there is no cluster to look at"
    nodes, pods, ready = (sum(getattr(one, name) for one in seen) for name in ("nodes", "pods", "ready"))
    price = sum(costs.total(one.costs) for one in seen)
    return f"{nodes} nodes, {ready} of {pods} pods Ready, about {dollars(price)} an hour"


def _under(title: str, lines: Iterable[str]) -> list[str]:
    told = list(_indented(lines))
    return [title, *told] if told else []


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)
