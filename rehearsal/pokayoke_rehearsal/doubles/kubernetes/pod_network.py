"""Addresses of pods: the network plugin takes them from the node's subnet, and where that is full, nothing starts.

`subnet-ip-exhaustion`. One address a pod is counted; the plugin's reserve, and blocks of /28, are not. The words:
aws/amazon-vpc-cni-k8s#3264 (pods); a node whose plugin gets no address at all stays NotReady (#3105), and there only
pods on the host's network run.
"""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import is_done, is_ready
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    condition,
    labels_of,
    metadata,
    name_of,
    text,
)
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Event
from pokayoke_rehearsal.doubles.kubernetes.stores import Server, Stores
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.model import World

_NOT_READY = (
    "network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady "
    "message:Network plugin not initialized"
)
_SANDBOX = (
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: plugin type="'
    'aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container'
)


def install(world: World, stores: Stores) -> None:
    """Has the pods of every new cluster need addresses."""
    stores.on_open.append(lambda server: _open(world, server))


def _open(world: World, server: Server) -> None:
    network = PodNetwork(Account(world, server.region), server)
    server.kubelet.gates.append(network.gate)
    server.cluster.add_controller(network)


class PodNetwork:
    """The addresses of one cluster's pods."""

    watches = frozenset({("", "Pod"), ("", "Node")})

    def __init__(self, account: Account, server: Server) -> None:
        self._account, self._server = account, server
        self._waiting: set[str] = set()
        """The uids of pods that got no address."""

    def gate(self, cluster: Cluster, pod: Object) -> tuple[str, str] | None:
        """What keeps a placed pod from running: no address for it, or none for the next one."""
        is_plugin, on_host = labels_of(pod).get("k8s-app") == "aws-node", bool(at(pod, "spec", "hostNetwork"))
        uid = text(metadata(pod).get("uid"))
        self._waiting.discard(uid)
        if (on_host and not is_plugin) or is_ready(pod):
            return None
        node = cluster.find_named("", "Node", text(at(pod, "spec", "nodeName")))
        if not is_plugin and not _is_ready(node):
            self._waiting.add(uid)
            return "ContainerCreating", _NOT_READY
        subnet, free = self._free(cluster, node)
        if free > 0:
            return None
        self._waiting.add(uid)
        if not is_plugin:
            return "ContainerCreating", f"{_SANDBOX}; subnet {subnet} has no free address"
        told = f"The specified subnet '{subnet}' does not have enough free addresses to satisfy the request."
        return "CrashLoopBackOff", f"InsufficientFreeAddressesInSubnet: {told}"

    def react(self, cluster: Cluster, event: Event) -> None:
        """What goes leaves its address to another, and a node that became ready takes its pods."""
        is_due = event.happened == "removed" if event.key.kind == "Pod" else _is_ready(event.object)
        if not is_due or not self._waiting:
            return
        found = [pod for pod in cluster.list("", "Pod") if text(metadata(pod).get("uid")) in self._waiting]
        self._server.kubelet.reconsider(cluster, found)

    def _free(self, cluster: Cluster, node: Object | None) -> tuple[str, int]:
        """The subnet of a node, and its addresses that neither a machine nor a pod has."""
        subnet = self._subnet_of(node) if node is not None else ""
        free, pods = self._account.free_addresses(subnet), cluster.list("", "Pod")
        if free > len(pods):
            return subnet, free
        near = {name_of(one) for one in cluster.list("", "Node") if self._subnet_of(one) == subnet}
        return subnet, free - sum(_has_address(pod) and text(at(pod, "spec", "nodeName")) in near for pod in pods)

    def _subnet_of(self, node: Object) -> str:
        return self._account.subnet_of(text(at(node, "spec", "providerID")).rsplit("/", 1)[-1])


def _is_ready(node: Object | None) -> bool:
    ready = condition(node, "Ready") if node is not None else None
    return ready is not None and ready.get("status") == "True"


def _has_address(pod: Object) -> bool:
    return is_ready(pod) and not is_done(pod) and not at(pod, "spec", "hostNetwork")
