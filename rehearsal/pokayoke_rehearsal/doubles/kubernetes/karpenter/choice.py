"""Which node would come for a pod: what a pool offers, what of that fits, what is within its limits, cheapest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.controllers.scheduling import daemon_may_run_on, requests_of, short_of, unfit
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import CLAIM, POOL_LABEL
from pokayoke_rehearsal.doubles.kubernetes.karpenter.offerings import Offering
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, fields, items, labels_of, name_of
from pokayoke_rehearsal.doubles.kubernetes.store.quantities import amount


@dataclass(frozen=True)
class Choice:
    """What a pool has for a pod, each narrower than the one before and in the order of preference."""

    pool: Object
    offered: Sequence[Offering]
    fitting: Sequence[Offering]
    """On which the pods can run together, beside the DaemonSets."""
    within: Sequence[Offering]
    """That the pool's limits leave room for."""
    misfit: str = ""
    """Why the pods cannot run on the first of those offered."""

    @property
    def problem(self) -> str:
        """Why no node comes, in Karpenter's words; empty when one does."""
        if self.within:
            return ""
        if self.fitting:
            return f'all available instance types exceed limits for nodepool: "{name_of(self.pool)}"'
        why = self.misfit or "no instance type satisfied its requirements"
        return f'incompatible with nodepool "{name_of(self.pool)}", incompatible requirements, {why}'


def choose(cluster: Cluster, pool: Object, offered: Sequence[Offering], *specs: Object, but: str = "") -> Choice:
    """What a pool has for pods of these specs on one node; the claim called `but` does not count towards its limits."""
    used = _used(cluster, pool, but)
    limits = {key: amount(value) for key, value in fields(at(pool, "spec", "limits")).items()}
    misfits = [(one, _misfit(cluster, specs, pool, one)) for one in offered]
    fitting = [one for one, misfit in misfits if not misfit]
    within = [
        one
        for one in fitting
        if not any(key in limits and used[key] + taken > limits[key] for key, taken in one.takes.items())
    ]
    return Choice(pool, offered, fitting, within, misfits[0][1] if misfits else "")


def daemons(cluster: Cluster, node: Object) -> list[Object]:
    """The pod specs of the DaemonSets that come with a node."""
    specs = [template(one) for one in cluster.list("apps", "DaemonSet")]
    return [spec for spec in specs if daemon_may_run_on(spec, node)]


def template(workload: Object) -> Object:
    """The pod spec of a workload."""
    return fields(at(workload, "spec", "template", "spec"))


def with_taints(node: Object, taints: Iterable[Any]) -> Object:
    """The node with these taints and no others."""
    return {**node, "spec": {"taints": [fields(taint) for taint in taints]}}


def _misfit(cluster: Cluster, specs: Iterable[Mapping[str, Any]], pool: Object, offering: Offering) -> str:
    node = with_taints(offering.node, items(at(pool, "spec", "template", "spec", "taints")))
    taken = [requests_of(one) for one in daemons(cluster, node)]
    for spec in specs:
        if problem := unfit(spec, node) or short_of(spec, node, taken):
            return problem
        taken.append(requests_of(spec))
    return ""


def _used(cluster: Cluster, pool: Object, but: str) -> dict[str, Decimal]:
    used = {"nodes": Decimal(0), "cpu": Decimal(0), "memory": Decimal(0)}
    for claim in cluster.list(CLAIM.group, CLAIM.kind):
        if labels_of(claim).get(POOL_LABEL) == name_of(pool) and name_of(claim) != but:
            used["nodes"] += 1
            for key in ("cpu", "memory"):
                used[key] += amount(at(claim, "status", "capacity", key))
    return used
