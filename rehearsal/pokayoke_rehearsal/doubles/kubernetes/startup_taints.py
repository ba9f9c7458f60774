"""Startup taints that something takes off: a DaemonSet whose pod is ready on the node. All others stay for ever.

`startup-taint-deadlock`. Sources: kubernetes-sigs/aws-ebs-csi-driver#1949; Cilium's documentation, "Considerations on
Node Pool Taints and Unmanaged Pods".
"""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import is_ready
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, fields, items, labels_of, text
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Event
from pokayoke_rehearsal.doubles.kubernetes.stores import Stores

_REMOVERS = {
    "ebs.csi.aws.com/agent-not-ready": ("app", "ebs-csi-node"),
    "node.cilium.io/agent-not-ready": ("k8s-app", "cilium"),
}
"""By the taint's key: the label of the pods that take it off."""


def install(stores: Stores) -> None:
    """Has every new cluster's DaemonSets take off their taints."""
    stores.on_open.append(lambda server: server.cluster.add_controller(StartupTaints()))


class StartupTaints:
    """Takes a taint off a node as soon as its remover is ready there."""

    watches = frozenset({("", "Pod")})

    def react(self, cluster: Cluster, event: Event) -> None:
        if event.happened == "removed" or not is_ready(event.object):
            return
        node = cluster.find_named("", "Node", text(at(event.object, "spec", "nodeName")))
        taints = items(at(node, "spec", "taints"))
        left = [taint for taint in taints if not _removes(event.object, text(fields(taint).get("key")))]
        if node is not None and len(left) < len(taints):
            cluster.edit(node, lambda obj: fields(obj["spec"]).update(taints=left))


def _removes(pod: Object, taint: str) -> bool:
    label, value = _REMOVERS.get(taint, ("", ""))
    return bool(label) and labels_of(pod).get(label) == value
