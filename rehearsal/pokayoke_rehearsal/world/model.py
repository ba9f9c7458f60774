"""What the doubles share: AWS clients over moto, the clusters' stores, and how one finds the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from threading import Thread
from typing import Any, Protocol

from pokayoke_rehearsal.world.public_registry import PublicRegistry
from pokayoke_rehearsal.world.waits import Waits

ACCOUNT = "123456789012"
"""The account that everything belongs to: moto's default, which is also AWS's documentation value."""

OPERATOR = f"arn:aws:iam::{ACCOUNT}:role/platform"
"""Who runs the rehearsed acts: the role that the documentation's stack files name as their administrator."""


@dataclass(frozen=True)
class Leftover:
    """Something that is still there and was not when the world started."""

    service: str
    kind: str
    id: str
    region: str
    note: str = ""

    def plain(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Node:
    """A machine that joined a cluster."""

    name: str
    """The node's name, its private DNS name."""
    instance_id: str
    instance_type: str
    zone: str
    private_ip: str
    node_group: str
    capacity_type: str = "ON_DEMAND"
    ami_type: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    taints: tuple[tuple[str, str, str], ...] = ()
    """(key, value, effect) with the effect as Kubernetes writes it (`NoSchedule`)."""


class ClusterStores(Protocol):
    """The Kubernetes side of the clusters, by region and name. EKS tells it what happens, on any thread."""

    def created(self, region: str, name: str, version: str, endpoint: str) -> None:
        """A control plane is ACTIVE; `endpoint` is the server URL that kubeconfigs of it will name."""
        ...

    def upgraded(self, region: str, name: str, version: str) -> None:
        """The control plane now serves another minor version."""
        ...

    def deleted(self, region: str, name: str) -> None:
        """The control plane is gone, and all that it stored with it."""
        ...

    def nodes_joined(self, region: str, name: str, nodes: Sequence[Node]) -> None:
        """A node group became ACTIVE or grew."""
        ...

    def nodes_left(self, region: str, name: str, names: Sequence[str]) -> None:
        """Machines of a node group were terminated."""
        ...

    def addon_installed(self, region: str, name: str, addon: str, version: str, configuration: str = "") -> None:
        """An add-on is installed, self-managed or managed, or changed; `configuration` is its values as JSON text."""
        ...

    def addon_problem(self, region: str, name: str, addon: str) -> str:
        """Why an add-on's pods keep it from being healthy, empty when they do not."""
        ...

    def addon_removed(self, region: str, name: str, addon: str) -> None:
        """An add-on was deleted together with its objects."""
        ...

    def leftovers(self) -> list[Leftover]:
        """What is stored in clusters that still exist and was put there from outside."""
        ...


class NoStores:
    """Stands in for the stores while no Kubernetes double is there to keep them."""

    def created(self, region: str, name: str, version: str, endpoint: str) -> None: ...
    def upgraded(self, region: str, name: str, version: str) -> None: ...
    def deleted(self, region: str, name: str) -> None: ...
    def nodes_joined(self, region: str, name: str, nodes: Sequence[Node]) -> None: ...
    def nodes_left(self, region: str, name: str, names: Sequence[str]) -> None: ...
    def addon_installed(self, region: str, name: str, addon: str, version: str, configuration: str = "") -> None: ...
    def addon_problem(self, region: str, name: str, addon: str) -> str:  # noqa: ARG002
        return ""

    def addon_removed(self, region: str, name: str, addon: str) -> None: ...
    def leftovers(self) -> list[Leftover]:
        return []


class Aws(Protocol):
    """The started AWS of a world."""

    def client(self, service: str, region: str) -> Any: ...
    def leftovers(self) -> tuple[list[Leftover], list[Leftover]]: ...
    def presumed(self) -> list[Leftover]: ...
    def stop(self) -> None: ...


class World:
    """One AWS account and the clusters in it.

    The Kubernetes double sets `clusters` to its stores when it is constructed. AWS (moto) starts on a thread of its
    own; what needs it awaits `started` first, after which `client` answers at once.
    """

    def __init__(self) -> None:
        self.clusters: ClusterStores = NoStores()
        self.account = ACCOUNT
        self.aws_endpoint = ""
        self.public_registry = PublicRegistry()
        self.waits = Waits()
        self._clients: dict[tuple[str, str], Any] = {}
        self._aws: Future[Aws] = Future()

    def start(self, start: Callable[[World], Aws]) -> None:
        """Starts AWS on a thread of its own."""

        def run() -> None:
            try:
                self._aws.set_result(start(self))
            except BaseException as error:
                self._aws.set_exception(error)

        Thread(target=run, name="aws", daemon=True).start()

    def stop(self) -> None:
        """Ends AWS and forgets all that was in it."""
        self._aws.result().stop()

    def client(self, service: str, region: str) -> Any:
        """The boto3 client of a service in a region, made once. Blocks until AWS is there."""
        key = (service, region)
        found = self._clients.get(key)
        if found is None:
            found = self._clients[key] = self._aws.result().client(service, region)
        return found

    @property
    def is_started(self) -> bool:
        """Whether AWS answers already."""
        return self._aws.done()

    async def started(self) -> None:
        """Returns when AWS answers; raises what kept it from starting."""
        if not self._aws.done():
            await asyncio.wrap_future(self._aws)

    def leftovers(self) -> tuple[list[Leftover], list[Leftover]]:
        """What is there beyond what the world started with, and what is only pending deletion (KMS keys)."""
        left, pending = self._aws.result().leftovers()
        return left + self.clusters.leftovers(), pending

    def presumed(self) -> list[Leftover]:
        """What programs took for granted and the rehearsal therefore made: somebody else's, and never a leftover."""
        return self._aws.result().presumed()
