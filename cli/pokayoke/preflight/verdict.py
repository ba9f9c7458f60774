"""What a check says, and what checks may ask."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from pokayoke.accounts import Clients, cluster_of
from pokayoke_eks.config import PlatformConfig


class Outcome(StrEnum):
    """How a check ended."""

    FINE = "ok"
    WARNING = "warning"
    REFUSED = "refused"
    UNASKED = "not asked"
    """AWS did not answer: nothing is known, which is no good news either."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check says of one thing; `slug` names the documented failure that it would become."""

    outcome: Outcome
    text: str
    remedy: str = ""
    slug: str = ""

    def __str__(self) -> str:
        failure = f" [{self.slug}]" if self.slug else ""
        return f"{self.text}{failure}" + (f". {self.remedy}" if self.remedy else "")


def fine(text: str) -> Verdict:
    """All is well."""
    return Verdict(Outcome.FINE, text)


def warning(text: str, remedy: str, slug: str = "") -> Verdict:
    """It may work."""
    return Verdict(Outcome.WARNING, text, remedy, slug)


def refused(text: str, remedy: str, slug: str = "") -> Verdict:
    """It will not work."""
    return Verdict(Outcome.REFUSED, text, remedy, slug)


class Machine(Protocol):
    """The operator's machine, and what can be seen from it."""

    def run(self, command: Sequence[str]) -> tuple[int, str]:
        """Exit code and stdout of a command; 127 where it is not installed."""
        ...

    def name_servers(self, domain: str) -> frozenset[str]:
        """The name servers to which public DNS delegates a domain, without the dot at the end; none if it does not."""
        ...

    def public_address(self) -> str:
        """The address under which AWS sees this machine; empty where it cannot be told."""
        ...

    def version(self, endpoint: str, token: str, authority: bytes) -> str:
        """What the API server at this endpoint says of its version. Raises OSError where it cannot be reached."""
        ...

    def logins(self) -> frozenset[str]:
        """The registries to which Docker or Helm are logged in."""
        ...

    def has_chart(self, repository: str, name: str, version: str) -> bool:
        """Whether a public chart repository (`https://...`) or a folder of a registry has this version of a chart.
        Raises OSError where it cannot be reached."""
        ...

    def has_file(self, url: str) -> bool:
        """Whether a file is at a public address. Raises OSError where it cannot be reached."""
        ...


@dataclass(frozen=True)
class Asking:
    """What a check is about, and whom it may ask."""

    platform: PlatformConfig
    clients: Clients
    machine: Machine

    @property
    def first_region(self) -> str:
        """Where questions to services without regions go."""
        return next(iter(self.platform.regions))

    @cached_property
    def caller(self) -> Mapping[str, str]:
        """Who asks: `Account` and `Arn`."""
        return self.clients("sts", self.first_region).get_caller_identity()

    def cluster(self, region: str) -> Any | None:
        """The platform's cluster, as EKS tells it; None where there is none yet."""
        return cluster_of(self.clients, self.platform.name, region)


Check = Callable[[Asking], Iterator[Verdict]]
RegionalCheck = Callable[[Asking, str], Iterator[Verdict]]
