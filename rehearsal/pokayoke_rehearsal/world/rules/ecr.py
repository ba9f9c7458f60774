"""ECR: what is pushed is copied to where the registry replicates to.

Where the repository is not there yet, ECR makes it, with settings of its own, and nobody's program knows of it (ECR
user guide, "Private image replication", "Private registry settings"). moto keeps the configuration and copies nothing,
and takes one rule where ECR takes ten.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.ecr.exceptions import InvalidParameterException
from moto.ecr.models import ECRBackend, ecr_backends

from pokayoke_rehearsal.world.rules.guard import guard

ITSELF = (
    "Invalid parameter at 'replicationConfiguration' failed to satisfy constraint: "
    "'Replication destination cannot be the same as the source registry'"
)


def install() -> None:
    """Puts the rules in place."""
    guard(ECRBackend, "put_image", after=_copy)
    ECRBackend.put_replication_configuration = _replicate  # pyright: ignore[reportAttributeAccessIssue]


def _replicate(self: Any, replication_config: dict[str, Any]) -> dict[str, Any]:
    for rule in replication_config["rules"]:
        if {"region": self.region_name, "registryId": self.account_id} in rule["destinations"]:
            raise InvalidParameterException(ITSELF)
    self.replication_config = replication_config
    return {"replicationConfiguration": replication_config}


def _copy(ecr: Any, asked: dict[str, Any]) -> None:
    name = asked["repository_name"]
    image = {key: value for key, value in asked.items() if key != "self"}
    for region in _destinations(ecr, name):
        there = ecr_backends[ecr.account_id][region]
        if name not in there.repositories:
            there.create_repository(name, None, {}, None, "MUTABLE", [])
        # What arrives by replication is not replicated further.
        ECRBackend.put_image.__wrapped__(there, **image)  # pyright: ignore[reportFunctionMemberAccess]


def _destinations(ecr: Any, name: str) -> Iterator[str]:
    for rule in ecr.replication_config["rules"]:
        filters = [one["filter"] for one in rule.get("repositoryFilters") or []]
        if not filters or any(name.startswith(prefix) for prefix in filters):
            yield from (one["region"] for one in rule["destinations"] if one["registryId"] == ecr.account_id)
