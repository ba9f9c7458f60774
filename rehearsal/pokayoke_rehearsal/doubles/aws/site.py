"""Where a request to the `aws` double happens: the world, the region and the tags of the provider that asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pokayoke_rehearsal.doubles.base import Inputs
from pokayoke_rehearsal.world.model import World

GLOBAL_REGION = "us-east-1"
GLOBAL = ("iam", "route53")


@dataclass(frozen=True)
class Site:
    """One configured AWS provider, in the region that a resource or function asks for."""

    world: World
    region: str
    default_tags: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def account(self) -> str:
        return self.world.account

    @property
    def partition(self) -> str:
        return "aws-cn" if self.region.startswith("cn-") else "aws"

    def client(self, service: str) -> Any:
        """The boto3 client of the service here. Global services answer the same from every region."""
        return self.world.client(service, GLOBAL_REGION if service in GLOBAL else self.region)

    def arn(self, service: str, resource: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def at(self, region: str | None) -> Site:
        """The same provider in another region, as the `region` argument of a resource asks."""
        return self if not region or region == self.region else Site(self.world, region, self.default_tags)

    def with_default_tags(self, tags: Inputs | None) -> Inputs:
        """The tags of a resource over those of the provider."""
        return {**self.default_tags, **(tags or {})}
