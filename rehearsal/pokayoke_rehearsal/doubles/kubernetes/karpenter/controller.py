"""Karpenter in a cluster: gates its pods, and while one of them acts, brings its objects to what they say."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.charts import Charts
from pokayoke_rehearsal.doubles.kubernetes.controller_pods import ObstacleError
from pokayoke_rehearsal.doubles.kubernetes.karpenter import claims, joining, node_classes, node_pools, running
from pokayoke_rehearsal.doubles.kubernetes.karpenter.charts import CHARTS
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import CLAIM, CLASS, POOL
from pokayoke_rehearsal.doubles.kubernetes.karpenter.provisioning import Provisioner
from pokayoke_rehearsal.doubles.kubernetes.karpenter.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.pod_identity import is_agent
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.discovery import DEFINITION
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, name_of, text
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Event
from pokayoke_rehearsal.doubles.kubernetes.stores import Server, Stores
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.model import World


def install(world: World, stores: Stores, charts: Charts) -> None:
    """Makes the charts known, and has every new cluster run the controller."""
    charts.add(*CHARTS)
    stores.on_open.append(lambda server: _open(world, server))


def _open(world: World, server: Server) -> None:
    controller = Karpenter(world, server)
    server.run(controller)
    server.cluster.lookouts.append(controller.look)


class Karpenter:
    """The controller of one cluster. It does nothing unless one of its pods runs and may do it."""

    def __init__(self, world: World, server: Server) -> None:
        self._server = server
        self._account = Account(world, server.region)
        self._provisioner = Provisioner()
        self._starts = self._works = self._resolves = False

    @property
    def watches(self) -> frozenset[tuple[str, str]]:
        kinds = {(kind.group, kind.kind) for kind in (POOL, CLAIM, CLASS)}
        return frozenset({*kinds, DEFINITION, ("", "Pod"), ("", "Node"), ("", "Service")})

    def gate(self, cluster: Cluster, pod: Object) -> tuple[str, str] | None:
        """What keeps a placed pod of the controller, or a pod on one of its nodes, from running."""
        if not running.is_controller(pod):
            return joining.gate(cluster, pod, self._account, self._server.name)
        try:
            running.start(cluster, pod, self._account, self._server.name)
        except ObstacleError as obstacle:
            return obstacle.reason, obstacle.message
        return None

    def react(self, cluster: Cluster, event: Event) -> None:  # noqa: ARG002 - the work looks at the whole
        is_pod = event.key.kind == "Pod"
        self._starts = self._starts or event.key.group_kind in _STARTS or (is_pod and _concerns_start(event.object))
        # What a class selects turns on the account and on the class, not on pods and nodes.
        self._resolves = self._resolves or event.key.group_kind in _OWN
        self._works = True

    def work(self) -> None:
        """Does what changes have made due, until nothing is."""
        cluster = self._server.cluster
        if self._starts:
            self._starts = False
            self._server.kubelet.reconsider(cluster, running.controllers(cluster))
        if self._works:
            self._works = False
            self._reconcile(cluster)

    def look(self) -> None:
        """The account is to be looked at anew: what was missing may have come, what was there may have gone."""
        self._starts = self._works = self._resolves = True

    def _reconcile(self, cluster: Cluster) -> None:
        if not any(cluster.list(kind.group, kind.kind) for kind in (CLASS, POOL, CLAIM)):
            return
        acting = running.acting(cluster, self._account, self._server.name)
        if acting is None:
            self._resolves = True
            return
        if self._resolves:
            self._resolves = False
            self._resolve(cluster, acting)
        claims.reconcile_all(cluster, acting, self._server.name)
        self._provisioner.provision(cluster, acting)

    def _resolve(self, cluster: Cluster, acting: Acting) -> None:
        for node_class in cluster.list(CLASS.group, CLASS.kind):
            node_classes.reconcile(cluster, acting, node_class)
        for pool in cluster.list(POOL.group, POOL.kind):
            live = cluster.find(POOL, name_of(pool))
            if live is not None:
                node_pools.reconcile(cluster, live)


_OWN = frozenset({DEFINITION, *((kind.group, kind.kind) for kind in (POOL, CLAIM, CLASS))})
_STARTS = frozenset({DEFINITION, ("", "Service"), ("", "Node")})


def _concerns_start(pod: Object) -> bool:
    """Whether the controller's start turns on the pod: DNS, and the agent that hands out credentials."""
    labels = at(pod, "metadata", "labels")
    return text(at(labels, "k8s-app")) == "kube-dns" or is_agent(pod)
