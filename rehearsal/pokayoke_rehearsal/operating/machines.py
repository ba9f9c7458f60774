"""The nodes of a cluster: what each is, for whom it came, and why it is of its type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pokayoke_rehearsal.doubles.kubernetes.controllers.scheduling import UNTOLERATED, unfit
from pokayoke_rehearsal.doubles.kubernetes.karpenter.choice import Choice, choose, template
from pokayoke_rehearsal.doubles.kubernetes.karpenter.conditions import holds
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import CAPACITY_LABEL, CLAIM, POOL, POOL_LABEL, TYPE_LABEL
from pokayoke_rehearsal.doubles.kubernetes.karpenter.node_pools import class_of
from pokayoke_rehearsal.doubles.kubernetes.karpenter.offerings import Offering, offerings
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, fields, items, labels_of, name_of, text
from pokayoke_rehearsal.operating.naming import label
from pokayoke_rehearsal.operating.prices import dollars
from pokayoke_rehearsal.operating.waits import meant_for
from pokayoke_rehearsal.world.account import Account

ZONE_LABEL = "topology.kubernetes.io/zone"
_SMALL = {"cpu": "100m", "memory": "128Mi"}
_NAMED = 3
"""How many of the next best are told."""


def type_of(node: Object) -> str:
    """The node's instance type."""
    return labels_of(node).get(TYPE_LABEL, "")


def is_spot(node: Object) -> bool:
    """Whether its machine may be taken back."""
    labels = labels_of(node)
    return "spot" in (labels.get(CAPACITY_LABEL), labels.get("eks.amazonaws.com/capacityType", "").lower())


def lines(cluster: Cluster, account: Account) -> Iterator[str]:
    """Every node; under those of Karpenter's why they are what they are, once; and pools that have none."""
    claims = cluster.list(CLAIM.group, CLAIM.kind)
    by_node = {text(at(claim, "status", "nodeName")): claim for claim in claims}
    told: set[str] = set()
    for node in cluster.list("", "Node"):
        claim = by_node.get(name_of(node))
        yield _told(cluster, node, claim)
        yield from _without(cluster, node)
        why = [] if claim is None else list(_why(cluster, account, claim))
        yield from (line for line in why if line not in told)
        told.update(why)
    for claim in claims:
        if not at(claim, "status", "nodeName"):
            yield f"NodeClaim {name_of(claim)} of NodePool {labels_of(claim).get(POOL_LABEL)} has brought no node"
    pools = {labels_of(claim).get(POOL_LABEL) for claim in claims}
    for pool in cluster.list(POOL.group, POOL.kind):
        if name_of(pool) not in pools and holds(pool, "Ready"):
            yield _would_come(cluster, account, pool)


def _told(cluster: Cluster, node: Object, claim: Object | None) -> str:
    labels = labels_of(node)
    owner = labels.get("eks.amazonaws.com/nodegroup")
    whose = f"NodeClaim {name_of(claim)} of NodePool {labels.get(POOL_LABEL)}" if claim is not None else ""
    whose = whose or (f"node group {owner}" if owner else "it registered itself")
    pods = sum(at(pod, "spec", "nodeName") == name_of(node) for pod in cluster.list("", "Pod"))
    how = "spot" if is_spot(node) else "on-demand"
    kind = f"{type_of(node)} {how} in {labels.get(ZONE_LABEL)}"
    ready = "" if holds(node, "Ready") else "NotReady, "
    return f"Node {name_of(node)}: {ready}{kind}, {whose}, runs {_many(pods, 'pod')}"


def _without(cluster: Cluster, node: Object) -> Iterator[str]:
    """DaemonSets that a node's taints keep away, which nothing else tells of.

    `startup-taint-deadlock`: where it is one that takes a startup taint off, the node waits for ever.
    """
    for workload in cluster.list("apps", "DaemonSet"):
        refusal = unfit(template(workload), node, daemon=True)
        if refusal.startswith(UNTOLERATED):
            yield f"  no pod of {label(workload)} runs there: {refusal}"


def _why(cluster: Cluster, account: Account, claim: Object) -> Iterator[str]:
    """Karpenter's choice, as it stands without this very node.

    `unbounded-instance-size`: an open range of sizes shows here as what it brings.
    """
    pool = cluster.find(POOL, labels_of(claim).get(POOL_LABEL, ""))
    pods = meant_for(cluster, name_of(claim))
    if pool is None or not pods:
        return
    together = f"{len(pods)} pods together, of which {label(pods[0])}" if len(pods) > 1 else f"{label(pods[0])}, which"
    yield f"  came for {together} asks for {_asked(pods[0])}"
    choice = _choice(cluster, account, pool, *(fields(pod.get("spec")) for pod in pods), but=name_of(claim))
    if choice is not None and choice.within:
        yield f"  {_explained(choice)}"


def _would_come(cluster: Cluster, account: Account, pool: Object) -> str:
    taints = [fields(item) for item in items(at(pool, "spec", "template", "spec", "taints"))]
    spec = {
        "containers": [{"name": "any", "resources": {"requests": _SMALL}}],
        "tolerations": [{"key": text(taint.get("key")), "operator": "Exists"} for taint in taints],
        "nodeSelector": {POOL_LABEL: name_of(pool)},
    }
    choice = _choice(cluster, account, pool, spec)
    told = f"NodePool {name_of(pool)} has no node"
    if choice is None or not choice.within:
        return f"{told}; none would come{f': {choice.problem}' if choice is not None else ''}"
    first = choice.within[0]
    small = f"a pod that asks for {_SMALL['cpu']} CPU and {_SMALL['memory']}"
    return f"{told}; for {small} a {first.type.name} {first.capacity} would come: {_explained(choice)}"


def _choice(cluster: Cluster, account: Account, pool: Object, *specs: Object, but: str = "") -> Choice | None:
    node_class = class_of(cluster, pool)
    if node_class is None:
        return None
    return choose(cluster, pool, offerings(account, pool, node_class), *specs, but=but)


def _explained(choice: Choice) -> str:
    found = choice.offered
    types, zones = {one.type.name for one in found}, {one.zone for one in found}
    ways = sorted({one.capacity for one in found}, reverse=True)
    kinds = f"{_many(len(types), 'type')} in {_many(len(zones), 'zone')}, {' before '.join(ways)}"
    told = f"of {len(found)} offerings ({kinds}) {len(choice.fitting)} hold it"
    first, *others = _by_type(choice.within)
    told += (
        f", {len(choice.within)} within the pool's limits; the first is the cheapest by list price: {_priced(first)}"
    )
    return f"{told}, before {', '.join(map(_priced, others[:_NAMED]))}" if others else told


def _by_type(found: Sequence[Offering]) -> list[Offering]:
    """The first of each type and capacity, in order."""
    return list({(one.type.name, one.capacity): one for one in reversed(found)}.values())[::-1]


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count != 1 else ''}"


def _priced(offering: Offering) -> str:
    price = offering.type.usd_per_hour
    return f"{offering.type.name} {offering.capacity} {'of unknown price' if price is None else dollars(price)}"


def _asked(pod: Object) -> str:
    asked = [fields(at(one, "resources", "requests")) for one in items(at(pod, "spec", "containers"))]
    stated = [f"{one['cpu']} CPU" for one in asked if one.get("cpu")]
    stated += [str(one["memory"]) for one in asked if one.get("memory")]
    return " and ".join(stated) or "nothing"
