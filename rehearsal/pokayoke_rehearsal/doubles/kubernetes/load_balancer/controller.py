"""The controller in a cluster: gates its pods, and while one of them acts, brings AWS to what the objects say."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.charts import Charts
from pokayoke_rehearsal.doubles.kubernetes.controller_pods import ObstacleError
from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import is_ready
from pokayoke_rehearsal.doubles.kubernetes.load_balancer import (
    bindings,
    gateway_classes,
    gateways,
    ingresses,
    running,
    services,
    stacks,
    webhooks,
)
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.charts import CHARTS
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.names import (
    BINDING,
    BINDING_FINALIZER,
    CLASS_FINALIZER,
    CONFIGURATION_FINALIZERS,
    CONTROLLERS,
    GATEWAY,
    GATEWAY_CLASS,
    GROUP_FINALIZER,
    INGRESS,
    INGRESS_CLASS,
    INGRESS_FINALIZER,
    L4_ROUTES,
    L7_ROUTES,
    SERVICE,
    SERVICE_CLASS,
    SERVICE_FINALIZER,
)
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.discovery import DEFINITION
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, metadata, text
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Event
from pokayoke_rehearsal.doubles.kubernetes.stores import Server, Stores
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.model import World

_FINALIZERS = frozenset(
    {SERVICE_FINALIZER, INGRESS_FINALIZER, BINDING_FINALIZER, CLASS_FINALIZER}
    | set(CONTROLLERS)
    | set(CONFIGURATION_FINALIZERS.values())
)
_ASKING = frozenset(
    (kind.group, kind.kind)
    for kind in (
        *(SERVICE, INGRESS, INGRESS_CLASS, BINDING, GATEWAY, GATEWAY_CLASS),
        *(*L4_ROUTES, *L7_ROUTES, *CONFIGURATION_FINALIZERS),
    )
)
_STARTS = frozenset({DEFINITION, ("networking.k8s.io", "NetworkPolicy"), ("apps", "DaemonSet"), ("", "Node")})


def install(world: World, stores: Stores, charts: Charts) -> None:
    """Makes the chart known, and has every new cluster run its controller."""
    charts.add(*CHARTS)
    stores.on_open.append(lambda server: _open(world, server))


def _open(world: World, server: Server) -> None:
    controller = LoadBalancerController(world, server)
    webhooks.stand_behind(server.cluster, controller.load_balancer_class)
    server.run(controller)
    server.cluster.lookouts.append(controller.look)
    server.cluster.keepers.append(controller.keeps)


class LoadBalancerController:
    """The controller of one cluster. It does nothing unless one of its pods runs."""

    def __init__(self, world: World, server: Server) -> None:
        self._server = server
        self._account = Account(world, server.region)
        self._gateways: dict[str, frozenset[str]] = {}
        """The kinds of gateways that each started pod serves, by its uid: what it found when it started."""
        self._starts = self._works = False

    @property
    def watches(self) -> frozenset[tuple[str, str]]:
        return frozenset({*_ASKING, *_STARTS, ("", "Pod")})

    def gate(self, cluster: Cluster, pod: Object) -> tuple[str, str] | None:
        """What keeps a placed pod of the controller from running."""
        if not running.is_controller(pod):
            return None
        uid = text(metadata(pod).get("uid"))
        try:
            running.start(cluster, pod, self._account, self._server.name, frozenset())
        except ObstacleError as obstacle:
            self._gateways.pop(uid, None)
            return obstacle.reason, obstacle.message
        self._gateways.setdefault(uid, running.served_gateways(cluster, pod))
        return None

    def react(self, cluster: Cluster, event: Event) -> None:  # noqa: ARG002 - the work looks at the whole
        self._starts = self._starts or event.key.group_kind in _STARTS
        self._works = True

    def work(self) -> None:
        """Does what changes have made due, until nothing is."""
        cluster = self._server.cluster
        if self._starts:
            self._starts = False
            self._server.kubelet.reconsider(cluster, running.controllers(cluster))
        if self._works:
            self._works = False
            acting = self._acting(cluster)
            if acting is not None:
                self._reconcile(cluster, acting)

    def look(self) -> None:
        """The account is to be looked at anew: what was missing may have come, what was there may have gone."""
        self._starts = self._works = True

    def load_balancer_class(self) -> str:
        """The class of the Services that are its own."""
        acting = self._acting(self._server.cluster)
        return SERVICE_CLASS if acting is None else acting.flag("load-balancer-class", SERVICE_CLASS)

    def keeps(self, finalizer: str) -> str:
        """Why a finalizer of the controller's stays where it is, empty for those of others and while a pod runs."""
        ours = finalizer in _FINALIZERS or finalizer.startswith(GROUP_FINALIZER)
        if not ours or self._acting(self._server.cluster) is not None:
            return ""
        return f"{finalizer} is taken off by the AWS Load Balancer Controller, and none of its pods runs"

    def _acting(self, cluster: Cluster) -> Acting | None:
        for pod in running.controllers(cluster):
            gateways = self._gateways.get(text(metadata(pod).get("uid")))
            if gateways is None or not is_ready(pod):
                continue
            try:
                return running.start(cluster, pod, self._account, self._server.name, gateways)
            except ObstacleError:
                continue
        return None

    def _reconcile(self, cluster: Cluster, acting: Acting) -> None:
        for service in cluster.list(SERVICE.group, SERVICE.kind):
            case = services.case_of(cluster, acting, service)
            if case is not None:
                stacks.reconcile(cluster, acting, case)
        for case in ingresses.cases(cluster, acting):
            stacks.reconcile(cluster, acting, case)
        if acting.gateways:
            gateway_classes.reconcile_all(cluster, acting)
            for case in gateways.cases(cluster, acting):
                stacks.reconcile(cluster, acting, case)
            gateways.report_routes(cluster, acting)
            gateway_classes.reconcile_configurations(cluster, acting)
        if cluster.list(BINDING.group, BINDING.kind):
            bindings.reconcile_all(cluster, acting)
