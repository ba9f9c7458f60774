"""Which Services are EKS's own to serve, and that each holds until its balancer is gone."""

# pyright: reportMissingTypeStubs=false
from __future__ import annotations

from botocore.exceptions import ClientError

from pokayoke_rehearsal.doubles.kubernetes import events
from pokayoke_rehearsal.doubles.kubernetes.finalizers import hold, release
from pokayoke_rehearsal.doubles.kubernetes.in_tree_balancers import classic, network
from pokayoke_rehearsal.doubles.kubernetes.in_tree_balancers.place import Place, UnsuitableError, stated
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, fields, finalizers_of, metadata
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Event
from pokayoke_rehearsal.doubles.kubernetes.stores import Server, Stores
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.model import World

FINALIZER = "service.kubernetes.io/load-balancer-cleanup"

_MANAGER = "service-controller"
_OTHERS = ("external", "nlb-ip")
"""Types of balancers that it leaves to the AWS Load Balancer Controller."""


def install(world: World, stores: Stores) -> None:
    """Has every new cluster make balancers."""
    stores.on_open.append(lambda server: _open(world, server))


def _open(world: World, server: Server) -> None:
    controller = ServiceController(world, server)
    server.cluster.add_controller(controller)
    server.cluster.afterwards.append(controller.work)
    server.cluster.lookouts.append(controller.look)


class ServiceController:
    """The service controller of one cluster's control plane."""

    watches = frozenset({("", "Service"), ("", "Node")})

    def __init__(self, world: World, server: Server) -> None:
        self._server = server
        self._account = Account(world, server.region)
        self._works = False

    def react(self, cluster: Cluster, event: Event) -> None:  # noqa: ARG002 - the work looks at the whole
        self._works = True

    def look(self) -> None:
        """The account is to be looked at anew."""
        self._works = True

    def work(self) -> None:
        """Does what changes have made due."""
        cluster = self._server.cluster
        if not self._works:
            return
        self._works = False
        concerned = [one for one in cluster.list("", "Service") if _is_ours(one) or FINALIZER in finalizers_of(one)]
        found = self._account.eks_cluster(self._server.name) if concerned else None
        if found is None:
            return
        place = Place(self._account, self._server.name, found.vpc, found.security_group, cluster)
        for service in concerned:
            _reconcile(cluster, place, service)


def _reconcile(cluster: Cluster, place: Place, service: Object) -> None:
    kind = network if stated(service, "type") == "nlb" else classic
    try:
        if _is_ours(service):
            hold(cluster, service, FINALIZER)
            _show(cluster, service, kind.ensure(place, service))
        else:
            kind.remove(place, service)
            release(cluster, service, FINALIZER)
    except (UnsuitableError, ClientError) as error:
        doing = "ensure" if _is_ours(service) else "delete"
        told = f"Error syncing load balancer: failed to {doing} load balancer: {error}"
        events.warn(cluster, service, "SyncLoadBalancerFailed", told, _MANAGER)


def _is_ours(service: Object) -> bool:
    if at(service, "spec", "type") != "LoadBalancer" or "deletionTimestamp" in metadata(service):
        return False
    return not at(service, "spec", "loadBalancerClass") and stated(service, "type") not in _OTHERS


def _show(cluster: Cluster, service: Object, host: str) -> None:
    shown = {"ingress": [{"hostname": host}]}
    if at(service, "status", "loadBalancer") != shown:
        cluster.set_status(service, {**fields(service.get("status")), "loadBalancer": shown})
