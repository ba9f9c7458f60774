"""What a cluster and what stands around it cost an hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pokayoke_eks import instances
from pokayoke_eks.instances.prices import LOAD_BALANCER, NAT_GATEWAY, PUBLIC_ADDRESS
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.operating import support
from pokayoke_rehearsal.operating.machines import is_spot, type_of
from pokayoke_rehearsal.operating.prices import dollars
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.eks.facts import EksCluster
from pokayoke_rehearsal.world.load_balancers.facts import Balancers

_NOT_COUNTED = "traffic, volumes, logs, keys and data stores are not counted"


@dataclass(frozen=True)
class Cost:
    """So many of something; the price of each is in dollars an hour, None where none is at hand."""

    what: str
    count: int
    each: float | None

    @property
    def sum(self) -> float:
        return self.count * (self.each or 0.0)

    @property
    def line(self) -> str:
        if self.each is None:
            return f"  not counted: {self.what}, {self.count}, of which no price is known here"
        many = f", {self.count} at {dollars(self.each)}" if self.count > 1 else ""
        return f"  {dollars(self.sum):>9}  {self.what}{many}"


def costs(cluster: Cluster, eks: EksCluster, account: Account, today: date) -> list[Cost]:
    """What is billed by the hour of a cluster, its nodes, and in its VPC."""
    how, control_plane = support.price(eks, today)
    found = [Cost(f"control plane in {how}", 1, control_plane), *_nodes(cluster)]
    gateways = account.nat_addresses(eks.vpc)
    balancers = Balancers(account.world, account.region)
    held = [one for one in balancers.balancers({}) if one.vpc == eks.vpc]
    public = sum(len(one.subnets) for one in held if one.scheme == "internet-facing")
    found.append(Cost("NAT gateways", len(gateways), NAT_GATEWAY))
    found.append(Cost("load balancers", len(held) + len(balancers.classics()), LOAD_BALANCER))
    found.append(Cost("public addresses", len(gateways) + public, PUBLIC_ADDRESS))
    return [one for one in found if one.count]


def lines(found: Sequence[Cost]) -> Iterator[str]:
    """The sum, and what it is made of."""
    where = f"list prices of {instances.PRICE_REGION}, instances on demand as of {instances.PRICE_DATE}"
    yield f"costs about {dollars(total(found))} an hour ({where}; {_NOT_COUNTED})"
    yield from (one.line for one in found)


def total(found: Sequence[Cost]) -> float:
    """The sum of what has a price."""
    return sum(one.sum for one in found)


def _nodes(cluster: Cluster) -> Iterator[Cost]:
    counted = Counter((type_of(node), is_spot(node)) for node in cluster.list("", "Node"))
    for (name, spot), count in sorted(counted.items()):
        known = instances.instance_type(name)
        told = f"nodes {name or 'of unknown type'}{' spot (at most: the price on demand)' if spot else ''}"
        yield Cost(told, count, known.usd_per_hour if known is not None else None)
