"""Nodes that are larger than anybody said they should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks import instances
from pokayoke_rehearsal.doubles.kubernetes.karpenter.choice import choose
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import CLAIM, POOL, POOL_LABEL, TYPE_LABEL
from pokayoke_rehearsal.doubles.kubernetes.karpenter.node_pools import class_of
from pokayoke_rehearsal.doubles.kubernetes.karpenter.offerings import Offering, offerings
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, fields, items, labels_of, name_of, text
from pokayoke_rehearsal.operating.prices import dollars
from pokayoke_rehearsal.operating.waits import meant_for
from pokayoke_rehearsal.world.account import Account

_SIZE = "karpenter.k8s.aws/instance-size"
_CPU, _MEMORY = "karpenter.k8s.aws/instance-cpu", "karpenter.k8s.aws/instance-memory"


def larger_than_meant(cluster: Cluster, account: Account) -> Iterator[str]:
    """Nodes of pools that leave the size open, where a smaller one would have held any of the pods that it came for
    (`unbounded-instance-size`): the pods were packed, and nobody said how large a node may become."""
    for claim in cluster.list(CLAIM.group, CLAIM.kind):
        pool = cluster.find(POOL, labels_of(claim).get(POOL_LABEL, ""))
        came = instances.instance_type(labels_of(claim).get(TYPE_LABEL, ""))
        pods = [fields(pod.get("spec")) for pod in meant_for(cluster, name_of(claim))]
        if pool is None or came is None or not pods or not _leaves_open(pool):
            continue
        enough = _enough(cluster, account, pool, pods, name_of(claim))
        if enough is not None and enough.type.vcpus < came.vcpus:
            yield (
                f"NodeClaim {name_of(claim)}: a {came.name}{_priced(came.usd_per_hour)} came, since NodePool "
                f"{name_of(pool)} leaves the size of its nodes open ({_stated(pool)}); a {enough.type.name}"
                f"{_priced(enough.type.usd_per_hour)} holds any of its {len(pods)} pods"
            )


def _enough(cluster: Cluster, account: Account, pool: Object, pods: list[Object], claim: str) -> Offering | None:
    """The first of what the pool offers that would hold each of the pods alone."""
    node_class = class_of(cluster, pool)
    found = list(offerings(account, pool, node_class)) if node_class is not None else []
    for spec in pods:
        found = list(choose(cluster, pool, found, spec, but=claim).within)
    return found[0] if found else None


def _leaves_open(pool: Object) -> bool:
    """Whether no requirement lists types, sizes or numbers of CPUs."""
    return not any(one.get("operator") == "In" and one.get("key") in (TYPE_LABEL, _SIZE, _CPU) for one in _said(pool))


def _stated(pool: Object) -> str:
    """What the pool says of sizes."""
    said = [one for one in _said(pool) if one.get("key") in (TYPE_LABEL, _SIZE, _CPU, _MEMORY)]
    told = [f"{one['key']} {one['operator']} {', '.join(map(text, items(one.get('values'))))}".strip() for one in said]
    return "; ".join(told) or "it says nothing of types, sizes or CPUs"


def _said(pool: Object) -> list[Mapping[str, Any]]:
    return [fields(item) for item in items(at(pool, "spec", "template", "spec", "requirements"))]


def _priced(price: float | None) -> str:
    return "" if price is None else f" at {dollars(price)} an hour"
