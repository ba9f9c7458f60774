"""What EKS keeps of a cluster, in the shapes of its API, and the errors that it answers with."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

import datetime
import random
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.exceptions import ServiceException

from pokayoke_rehearsal.world.model import Node

Shape = dict[str, Any]
"""A structure of the EKS API."""


class EksError(ServiceException):
    """An error of the EKS API: `EksError("ResourceInUseException", "...")`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def in_use(message: str) -> EksError:
    return EksError("ResourceInUseException", message)


def not_found(message: str) -> EksError:
    return EksError("ResourceNotFoundException", message)


def invalid(message: str) -> EksError:
    return EksError("InvalidParameterException", message)


def bad_request(message: str) -> EksError:
    return EksError("InvalidRequestException", message)


@dataclass
class AccessEntry:
    shape: Shape
    policies: dict[str, Shape] = field(default_factory=dict[str, Shape])
    """Associated access policies by ARN."""
    managed: bool = False
    """Made by EKS for a node group's or Fargate profile's role."""


@dataclass
class NodeGroup:
    shape: Shape
    nodes: list[Node] = field(default_factory=list[Node])


@dataclass
class Cluster:
    shape: Shape
    name: str
    region: str
    node_groups: dict[str, NodeGroup] = field(default_factory=dict[str, NodeGroup])
    fargate_profiles: dict[str, Shape] = field(default_factory=dict[str, Shape])
    addons: dict[str, Shape] = field(default_factory=dict[str, Shape])
    self_managed: dict[str, str] = field(default_factory=dict[str, str])
    """Add-ons that run without being managed, with their versions."""
    entries: dict[str, AccessEntry] = field(default_factory=dict[str, AccessEntry])
    associations: dict[str, Shape] = field(default_factory=dict[str, Shape])
    """Pod Identity associations by id."""
    updates: dict[str, Shape] = field(default_factory=dict[str, Shape])
    self_managed_nodes: list[Node] = field(default_factory=list[Node])
    interfaces: list[str] = field(default_factory=list[str])
    """The control plane's network interfaces in the customer's subnets."""

    @property
    def endpoint(self) -> str:
        return self.shape["endpoint"]

    @property
    def version(self) -> str:
        return self.shape["version"]

    @property
    def authentication_mode(self) -> str:
        return self.shape["accessConfig"]["authenticationMode"]

    @property
    def nodes(self) -> list[Node]:
        return [node for group in self.node_groups.values() for node in group.nodes]

    def runs(self, addon: str) -> bool:
        """Whether the add-on is there, managed or not."""
        return addon in self.self_managed or (
            addon in self.addons and self.addons[addon]["status"] not in ("CREATE_FAILED",)
        )


def now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)


def random_text(length: int, alphabet: str = string.ascii_lowercase + string.digits) -> str:
    return "".join(random.choices(alphabet, k=length))  # noqa: S311 - ids, not secrets


def minor(version: str) -> int:
    """35 of "1.35"."""
    return int(version.split(".")[1])


def update_of(cluster: Cluster, kind: str, changes: Mapping[str, Any]) -> Shape:
    """Records a finished update and answers it as the API does."""
    update: Shape = {
        "id": random_text(8) + "-0000-4000-8000-" + random_text(12),
        "status": "Successful",
        "type": kind,
        "params": [{"type": name, "value": str(value)} for name, value in changes.items()],
        "createdAt": now(),
        "errors": [],
    }
    cluster.updates[update["id"]] = update
    return {"update": update}
