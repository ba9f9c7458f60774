"""NodeClaims: launched, registered, initialized; and ended, which takes their nodes and instances with them.

Conditions are those of kubernetes-sigs/karpenter, pkg/controllers/nodeclaim/lifecycle, v1.14.
"""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.karpenter import joining, machines, templates
from pokayoke_rehearsal.doubles.kubernetes.karpenter.conditions import Said, status
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import CLAIM, FINALIZER, NODE, POD, PROFILE, ZONE_LABEL
from pokayoke_rehearsal.doubles.kubernetes.karpenter.node_pools import class_of
from pokayoke_rehearsal.doubles.kubernetes.karpenter.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.karpenter.templates import LaunchError
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    annotation,
    at,
    clone,
    condition,
    fields,
    finalizers_of,
    items,
    labels_of,
    metadata,
    name_of,
    namespace_of,
    owners_of,
    text,
)


def reconcile_all(cluster: Cluster, acting: Acting, eks_name: str) -> None:
    """One step of every claim, those that end first."""
    found = cluster.list(CLAIM.group, CLAIM.kind)
    for claim in sorted(found, key=lambda one: "deletionTimestamp" not in metadata(one)):
        live = cluster.find(CLAIM, name_of(claim))
        if live is None:
            continue
        if "deletionTimestamp" in metadata(live):
            _end(cluster, acting, live)
        else:
            _bring_up(cluster, acting, live, eks_name)


def node_of(cluster: Cluster, claim: Object) -> Object | None:
    """The node of a claim, None before it has joined and after it has left."""
    name = text(at(claim, "status", "nodeName"))
    return cluster.find(NODE, name) if name else None


def _bring_up(cluster: Cluster, acting: Acting, claim: Object, eks_name: str) -> None:
    if not machines.instance_of(claim):
        launched = _launch(cluster, acting, claim)
        live = cluster.find(CLAIM, name_of(claim))
        if launched is not None or live is None:
            if live is not None and launched is not None:
                cluster.set_status(
                    live, status(live, [launched, Said("Registered", None), Said("Initialized", None)], **_kept(live))
                )
            return
        claim = live
    registered = _register(cluster, acting, claim, eks_name)
    live = cluster.find(CLAIM, name_of(claim))
    if live is None:
        return
    node = node_of(cluster, live)
    initialized = (
        _initialized(cluster, live, node)
        if registered.holds
        else Said("Initialized", None, "NodeNotFound", "Node not registered with cluster")
    )
    cluster.set_status(live, status(live, [Said("Launched", True), registered, initialized], **_kept(live)))


def _launch(cluster: Cluster, acting: Acting, claim: Object) -> Said | None:
    """None when the instance runs, else what keeps it from being launched."""
    node_class = class_of(cluster, claim)
    if node_class is None:
        return Said("Launched", None, "LaunchFailed", "NodeClass not found on cluster")
    try:
        instance = machines.start(acting, claim, node_class)
    except LaunchError as error:
        return Said("Launched", None, "LaunchFailed", str(error))
    profile = text(at(node_class, "status", "instanceProfile"))
    cluster.edit(claim, lambda obj: metadata(obj).setdefault("annotations", {}).update({PROFILE: profile}))
    live = cluster.find(CLAIM, name_of(claim))
    if live is not None:
        place = f"aws:///{labels_of(live)[ZONE_LABEL]}/{instance}"
        cluster.set_status(live, {**fields(live.get("status")), "providerID": place})
    return None


def _register(cluster: Cluster, acting: Acting, claim: Object, eks_name: str) -> Said:
    if node_of(cluster, claim) is not None:
        return Said("Registered", True)
    problem = joining.cannot_join(
        acting.account,
        acting.account.eks_cluster(eks_name),
        machines.instance_of(claim),
        annotation(claim, PROFILE),
        class_of(cluster, claim),
    )
    if problem:
        return Said("Registered", None, "NodeNotFound", f"Node not registered with cluster: {problem}")
    name = acting.account.addresses_of(machines.instance_of(claim))[0]
    # The claim knows its node before the node is there: what its coming sets off may look at the claim.
    cluster.set_status(claim, {**fields(claim.get("status")), "nodeName": name})
    room = {key: fields(at(claim, "status", key)) for key in ("allocatable", "capacity")}
    machines.join(cluster, acting.account, claim, room)
    return Said("Registered", True)


def _initialized(cluster: Cluster, claim: Object, node: Object | None) -> Said:
    kind = "Initialized"
    if node is None:
        return Said(kind, None, "NodeNotFound", "Node not registered with cluster")
    ready = condition(node, "Ready")
    if ready is None or ready.get("status") != "True":
        told = [text(ready.get("message")) if ready is not None else "", joining.without_network(cluster, node)]
        return Said(kind, None, "NodeNotReady", f"Node status is NotReady: {'; '.join(filter(None, told))}")
    startup = [(text(at(item, "key")), text(at(item, "effect"))) for item in items(at(claim, "spec", "startupTaints"))]
    left = [
        key
        for item in items(at(node, "spec", "taints"))
        if (key := (text(at(item, "key")), text(at(item, "effect")))) in startup
    ]
    if left:
        return Said(kind, None, "StartupTaintsExist", f'StartupTaint "{left[0][0]}:{left[0][1]}" still exists')
    return Said(kind, True)


def _kept(claim: Object) -> Object:
    found = fields(claim.get("status"))
    return {key: clone(found[key]) for key in ("providerID", "nodeName", "capacity", "allocatable") if key in found}


def _end(cluster: Cluster, acting: Acting, claim: Object) -> None:
    """Drains the node, terminates the instance, lets go of both; stays where the role does not allow it."""
    if FINALIZER not in finalizers_of(claim):
        return
    node, instance = node_of(cluster, claim), machines.instance_of(claim)
    if node is not None:
        if "deletionTimestamp" not in metadata(node):
            cluster.delete(NODE, name_of(node), propagation="Background")
        if not _drained(cluster, name_of(node)):
            return
    if instance and not templates.terminate(acting, instance):
        return
    if node is not None:
        _let_go(cluster, cluster.find(NODE, name_of(node)))
    _let_go(cluster, cluster.find(CLAIM, name_of(claim)))


def _drained(cluster: Cluster, node: str) -> bool:
    for pod in _evictable(cluster, node):
        if "deletionTimestamp" not in metadata(pod):
            cluster.delete(POD, name_of(pod), namespace_of(pod), propagation="Background")
    return not _evictable(cluster, node)


def _evictable(cluster: Cluster, node: str) -> list[Object]:
    return [
        pod
        for pod in cluster.list("", "Pod")
        if at(pod, "spec", "nodeName") == node and not any(owner.get("kind") == "DaemonSet" for owner in owners_of(pod))
    ]


def _let_go(cluster: Cluster, obj: Object | None) -> None:
    if obj is not None:
        left = [one for one in finalizers_of(obj) if one != FINALIZER]
        cluster.edit(obj, lambda held: metadata(held).update(finalizers=left))
