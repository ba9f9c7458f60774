"""What a sweep can find, and the order in which it can go."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pokayoke.accounts import Clients


class Kind(StrEnum):
    """Kinds of leftovers. Their order is that of removal: what comes first uses what comes later."""

    INTERRUPTED = "made by a creation whose end the engine did not see"
    RECORD = "DNS record"
    LOAD_BALANCER = "load balancer"
    TARGET_GROUP = "target group"
    INSTANCE = "instance"
    ENDPOINT = "threat-detection endpoint"
    NETWORK_INTERFACE = "network interface"
    ADDRESS = "elastic IP"
    VOLUME = "volume"
    LAUNCH_TEMPLATE = "launch template"
    INSTANCE_PROFILE = "instance profile"
    SECURITY_GROUP = "security group"
    LOG_GROUP = "log group"


@dataclass(frozen=True, slots=True)
class Leftover:
    """One thing that was left behind. `usd_per_hour` is None where no price is known."""

    kind: Kind
    id: str
    region: str
    detail: str = ""
    usd_per_hour: float | None = None
    handle: Mapping[str, Any] | None = None
    """What its removal needs besides the id."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that AWS did not answer; the others went on."""

    what: str
    region: str
    error: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look, and for whose things: one cluster in one region."""

    cluster: str
    region: str
    clients: Clients
    domain: str | None = None
    """The hosted zone into which the cluster's ExternalDNS wrote."""

    def client(self, service: str) -> Any:
        """The boto3 client of a service in this region."""
        return self.clients(service, self.region)

    def pages(self, service: str, call: str, **arguments: Any) -> Iterator[Any]:
        """The pages of a paginated call."""
        return self.client(service).get_paginator(call).paginate(**arguments)


Finder = Callable[[Place], Iterator[Leftover]]


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found, in the order of removal, and what could not be asked."""

    leftovers: Sequence[Leftover]
    failures: Sequence[Failure]
