"""Where a cluster's own balancers stand, and what of the cluster they need to know."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    annotation,
    at,
    fields,
    items,
    labels_of,
    metadata,
    name_of,
    namespace_of,
    text,
    whole,
)
from pokayoke_rehearsal.world.account import Account, Subnet
from pokayoke_rehearsal.world.load_balancers.facts import Balancers

_EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"
_PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"
_OWNED = "kubernetes.io/cluster/"


class UnsuitableError(Exception):
    """There is nowhere to put a balancer."""


@dataclass(frozen=True)
class Place:
    """One cluster in its network."""

    account: Account
    name: str
    vpc: str
    group: str
    """The security group of the nodes, which carries the cluster's tag."""
    cluster: Cluster

    @property
    def balancers(self) -> Balancers:
        return Balancers(self.account.world, self.account.region)

    def subnets(self, service: Object) -> list[str]:
        """One a zone. Raises UnsuitableError."""
        if named := stated(service, "subnets"):
            return [one.strip() for one in named.split(",")]
        role = "kubernetes.io/role/internal-elb" if is_internal(service) else "kubernetes.io/role/elb"
        own = f"{_OWNED}{self.name}"
        fitting = [
            one
            for one in self.account.subnets()
            if one.vpc == self.vpc
            and not _is_anothers(one, own)
            and (is_internal(service) or self.balancers.is_public(one.id))
        ]
        chosen: dict[str, Subnet] = {}
        for one in sorted(fitting, key=lambda subnet: (role not in subnet.tags, own not in subnet.tags, subnet.id)):
            chosen.setdefault(one.zone, one)
        if not chosen:
            raise UnsuitableError("could not find any suitable subnets for creating the ELB")
        return [chosen[zone].id for zone in sorted(chosen)]

    def instances(self) -> list[str]:
        """The machines that it sends requests to: all nodes."""
        nodes = [one for one in self.cluster.list("", "Node") if _EXCLUDED not in labels_of(one)]
        return sorted(text(at(one, "spec", "providerID")).rpartition("/")[2] for one in nodes)

    def tags(self, service: Object) -> list[dict[str, str]]:
        """What everything of a Service is tagged with."""
        name = f"{namespace_of(service)}/{name_of(service)}"
        return [
            {"Key": "kubernetes.io/service-name", "Value": name},
            {"Key": f"{_OWNED}{self.name}", "Value": "owned"},
        ]


def stated(service: Object, name: str) -> str:
    """An annotation of balancers."""
    return annotation(service, f"{_PREFIX}{name}")


def is_internal(service: Object) -> bool:
    return stated(service, "internal") not in ("", "false")


def balancer_name(service: Object) -> str:
    """`a` and the Service's uid without its dashes, 32 characters of it."""
    return f"a{text(metadata(service).get('uid')).replace('-', '')}"[:32]


def ports(service: Object) -> Iterator[tuple[int, int, str]]:
    """Port, node port and protocol of each."""
    for port in (fields(one) for one in items(at(service, "spec", "ports"))):
        number = whole(port.get("port"), 0)
        # The store gives no node ports: one out of the range, always the same.
        seed = f"{metadata(service).get('uid')}/{number}".encode()
        drawn = 30000 + int(hashlib.sha256(seed).hexdigest()[:8], 16) % 2768
        yield number, whole(port.get("nodePort"), drawn), text(port.get("protocol")) or "TCP"


def certificate_of(service: Object, port: int) -> str:
    """The ARN of the certificate with which a port ends TLS, empty where it does not: all do, unless `ssl-ports` names
    some of them."""
    named = stated(service, "ssl-ports")
    found = (fields(one) for one in items(at(service, "spec", "ports")))
    names = {name for one in found if one.get("port") == port for name in (str(port), text(one.get("name")))}
    wanted = set(named.split(",")) if named not in ("", "*") else names
    return stated(service, "ssl-cert") if names & wanted else ""


def ranges(service: Object) -> list[str]:
    """Whom it lets in."""
    return [text(one) for one in items(at(service, "spec", "loadBalancerSourceRanges"))] or ["0.0.0.0/0"]


def _is_anothers(subnet: Subnet, own: str) -> bool:
    return own not in subnet.tags and any(key.startswith(_OWNED) for key in subnet.tags)
