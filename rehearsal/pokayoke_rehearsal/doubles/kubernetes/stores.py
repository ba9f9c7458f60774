"""The API servers of a world's clusters, found by region and name or by the URL that kubeconfigs name."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pokayoke_rehearsal.doubles.kubernetes import addons, machines
from pokayoke_rehearsal.doubles.kubernetes.controllers.kubelet import Kubelet
from pokayoke_rehearsal.doubles.kubernetes.initial import new_cluster
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, name_of, namespace_of
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Controller
from pokayoke_rehearsal.world.model import Leftover, Node


class Operator(Controller, Protocol):
    """A controller that runs in pods of the cluster."""

    def gate(self, cluster: Cluster, pod: Object) -> tuple[str, str] | None:
        """What keeps a placed pod from becoming ready, as reason and message."""
        ...

    def work(self) -> None:
        """Does what changes have made due, once all controllers have come to rest."""
        ...


@dataclass
class Server:
    """A cluster's API server: where it is, and what it stores."""

    region: str
    name: str
    endpoint: str
    cluster: Cluster = field(repr=False)
    kubelet: Kubelet = field(repr=False)
    """Runs the placed pods; its `gates` say what keeps one from becoming ready."""

    def run(self, operator: Operator) -> None:
        """From now on the cluster has it gate pods, hear of changes, and work."""
        self.kubelet.gates.append(operator.gate)
        self.cluster.add_controller(operator)
        self.cluster.afterwards.append(operator.work)


Opened = Callable[[Server], object]
"""Called with every new cluster before anybody writes to it: the place to add controllers, validators, webhooks."""


class Stores:
    """The Kubernetes side of a world's clusters (`ClusterStores` of the world); may be called from any thread.

    `on_open` holds what is done to every new cluster.
    """

    def __init__(self) -> None:
        self.on_open: list[Opened] = []
        self._servers: dict[tuple[str, str], Server] = {}
        self._lock = threading.Lock()

    def at(self, endpoint: str) -> Server | None:
        """The server at a URL, None when no cluster is (any more) there."""
        return next((server for server in self.servers if _same_url(server.endpoint, endpoint)), None)

    def server(self, region: str, name: str) -> Server | None:
        """The server of a cluster, None when it does not exist."""
        return self._servers.get((region, name))

    @property
    def servers(self) -> list[Server]:
        """The servers of all clusters."""
        return list(self._servers.values())

    def created(self, region: str, name: str, version: str, endpoint: str) -> None:
        server = Server(region, name, endpoint, *new_cluster(name, version))
        for opened in self.on_open:
            opened(server)
        with self._lock:
            self._servers[region, name] = server

    def upgraded(self, region: str, name: str, version: str) -> None:
        self._servers[region, name].cluster.upgrade(version)

    def deleted(self, region: str, name: str) -> None:
        with self._lock:
            server = self._servers.pop((region, name), None)
        if server is not None:
            server.cluster.close()

    def nodes_joined(self, region: str, name: str, nodes: Sequence[Node]) -> None:
        for node in nodes:
            machines.join(self._servers[region, name].cluster, region, node)

    def nodes_left(self, region: str, name: str, names: Sequence[str]) -> None:
        server = self.server(region, name)
        for node in names if server is not None else ():
            machines.leave(self._servers[region, name].cluster, node)

    def addon_installed(self, region: str, name: str, addon: str, version: str, configuration: str = "") -> None:
        addons.install(self._servers[region, name].cluster, addon, version, configuration)

    def addon_removed(self, region: str, name: str, addon: str) -> None:
        server = self.server(region, name)
        if server is not None:
            addons.remove(server.cluster, addon)

    def addon_problem(self, region: str, name: str, addon: str) -> str:
        """Why an add-on's pods keep it from being healthy, empty when they do not."""
        return addons.problem(self._servers[region, name].cluster, addon)

    def look_outside(self) -> None:
        """Time passes: every cluster's controllers that turn on the world outside look again."""
        for server in self.servers:
            server.cluster.look_outside()

    def leftovers(self) -> list[Leftover]:
        return [
            Leftover("eks", obj["kind"], _label(obj), server.region, f"in cluster {server.name}")
            for server in self.servers
            for obj in server.cluster.foreign()
        ]


def _label(obj: Object) -> str:
    return f"{namespace_of(obj)}/{name_of(obj)}" if namespace_of(obj) else name_of(obj)


def _same_url(one: str, other: str) -> bool:
    return one.rstrip("/").lower() == other.rstrip("/").lower()
