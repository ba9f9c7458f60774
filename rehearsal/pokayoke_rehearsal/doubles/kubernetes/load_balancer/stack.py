"""What the controller wants in AWS for one Service, one group of Ingresses or one Gateway."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pokayoke_rehearsal.doubles.kubernetes.load_balancer.names import CLUSTER_TAG

Pairs = tuple[tuple[str, str], ...]


class ModelError(Exception):
    """An object asks for what the controller cannot make of it, or not in this network."""


@dataclass(frozen=True)
class Wanted:
    """A target group: where it gets its targets from, and how it finds them healthy."""

    id: str
    """The resource's name in its stack."""
    name: str
    protocol: str
    port: int
    kind: str
    """`ip` or `instance`."""
    namespace: str
    service: str
    service_port: str
    """The Service's port, by number or name."""
    health: Pairs = ()
    attributes: Pairs = ()


@dataclass(frozen=True)
class Action:
    """What a listener does: forwards to target groups (by their ids), redirects, or answers by itself."""

    targets: tuple[str, ...] = ()
    redirect: Pairs = ()
    status: str = ""


@dataclass(frozen=True)
class Rule:
    """A rule of an application balancer's listener."""

    conditions: tuple[tuple[str, tuple[str, ...]], ...]
    action: Action


@dataclass(frozen=True)
class ListenerWanted:
    port: int
    protocol: str
    action: Action
    certificates: tuple[str, ...] = ()
    policy: str = ""
    alpn: str = ""
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Frontend:
    """The security group that lets clients in, of the controller's own making."""

    name: str
    ports: tuple[tuple[str, int], ...]
    """Protocol and port."""
    ranges: tuple[str, ...]


@dataclass(frozen=True)
class Owner:
    """Whose stack it is: the prefix of the tags that name it, and its id (`namespace/name`)."""

    prefix: str
    id: str

    def tags(self, cluster: str, resource: str = "") -> dict[str, str]:
        """The tags of everything in the stack, or of one resource."""
        own = {f"{self.prefix}/resource": resource} if resource else {}
        return {CLUSTER_TAG: cluster, f"{self.prefix}/stack": self.id, **own}


@dataclass(frozen=True)
class Stack:
    """All of it; two that are equal ask for the same."""

    owner: Owner
    name: str
    kind: str
    """`network` or `application`."""
    scheme: str
    subnets: tuple[str, ...]
    frontend: Frontend | None
    groups: tuple[str, ...]
    """Ids of security groups beside the frontend: the shared one, or those that the object names."""
    backend: str
    """Id of the shared group from which nodes are let in, empty where the object takes care of that itself."""
    listeners: tuple[ListenerWanted, ...]
    targets: tuple[Wanted, ...]
    attributes: Pairs = ()
    tags: Pairs = field(default=())
    allocations: tuple[str, ...] = ()
    """Elastic IPs, one a subnet."""


def pairs(values: Mapping[str, str]) -> Pairs:
    """A map as a value that can be compared."""
    return tuple(sorted(values.items()))


def listed(stated: str) -> list[str]:
    """`a, b` as a list."""
    return [one.strip() for one in stated.split(",") if one.strip()]


def mapped(stated: str) -> Pairs:
    """`a=1,b=2` as pairs."""
    found = (item.partition("=") for item in listed(stated))
    return pairs({key.strip(): value.strip() for key, _, value in found})


def generated_name(namespace: str, name: str, *seeds: str) -> str:
    """`k8s-<namespace>-<name>-<hash>`, within the 32 characters that ELB allows."""
    digest = hashlib.sha256("".join(seeds).encode()).hexdigest()
    return f"k8s-{_plain(namespace)[:8]}-{_plain(name)[:8]}-{digest[:10]}"


def _plain(name: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", name)
