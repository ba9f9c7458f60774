"""Pending pods to NodeClaims: the cheapest node of a ready pool on which those that wait together can run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes import events
from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import owner_reference, random_suffix
from pokayoke_rehearsal.doubles.kubernetes.controllers.scheduling import requests_of, short_of, unfit
from pokayoke_rehearsal.doubles.kubernetes.karpenter.choice import Choice, choose, daemons, with_taints
from pokayoke_rehearsal.doubles.kubernetes.karpenter.conditions import holds
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import CLAIM, FINALIZER, MANAGER, POOL
from pokayoke_rehearsal.doubles.kubernetes.karpenter.node_pools import class_of
from pokayoke_rehearsal.doubles.kubernetes.karpenter.offerings import Offering, offerings
from pokayoke_rehearsal.doubles.kubernetes.karpenter.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.names import selects
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    clone,
    condition,
    fields,
    items,
    labels_of,
    metadata,
    name_of,
    namespace_of,
    owners_of,
    text,
    whole,
)

NOMINATED, MEANT_FOR = "Nominated", "Pod should schedule on: nodeclaim/"
"""The event by which a pod learns for which claim it is meant (kubernetes-sigs/karpenter, scheduling/events.go)."""


class Provisioner:
    """Makes claims, and remembers which pod each was made for until that pod is placed or gone."""

    def __init__(self) -> None:
        self._meant: dict[str, str] = {}
        """The claim for a pod's uid."""
        self._known: dict[tuple[str, ...], list[Offering]] = {}

    def provision(self, cluster: Cluster, acting: Acting) -> None:
        """Claims for the pods that no node takes, where a pool has one.

        Pods that wait together come to one node as long as the pool has one that is large enough, the largest pods
        first (kubernetes-sigs/karpenter, `scheduling/scheduler.go` and `queue.go`): what an open range of sizes then
        brings is what `unbounded-instance-size` is about.
        """
        pending = sorted(_pending(cluster), key=_largest_first)
        waiting: list[Object] = []
        for pod in pending:
            if not self._is_meant(cluster, pod) and not self._joins_others(cluster, pod):
                waiting.append(pod)
        while waiting:
            pod = waiting.pop(0)
            choice, problem = self._chosen(cluster, acting, pod)
            if choice is None:
                events.warn(cluster, pod, "FailedScheduling", f"Failed to schedule pod, {problem}", MANAGER)
                continue
            together, choice = _packed(cluster, choice, pod, waiting)
            waiting = [one for one in waiting if one not in together]
            self._bring(cluster, choice, together)

    def _bring(self, cluster: Cluster, choice: Choice, pods: list[Object]) -> None:
        offering, name = choice.within[0], f"{name_of(choice.pool)}-{random_suffix()}"
        for pod in pods:
            self._mean(cluster, pod, name)
        cluster.create(_claim(name, choice.pool, offering, pods), MANAGER)
        made = cluster.find(CLAIM, name)
        if made is not None:
            cluster.set_status(made, {**fields(made.get("status")), **fields(offering.node["status"])})

    def _is_meant(self, cluster: Cluster, pod: Object) -> bool:
        claim = cluster.find(CLAIM, self._meant.get(text(metadata(pod).get("uid")), ""))
        if claim is None or "deletionTimestamp" in metadata(claim):
            return False
        # Once its node is there, the pod may have lost its place to another.
        return not holds(claim, "Initialized") or not short_of(
            fields(pod.get("spec")), _node(claim), self._taken(cluster, claim)
        )

    def _joins_others(self, cluster: Cluster, pod: Object) -> bool:
        """Whether a claim that is still on its way has room for the pod."""
        for claim in cluster.list(CLAIM.group, CLAIM.kind):
            if "deletionTimestamp" in metadata(claim) or holds(claim, "Initialized"):
                continue
            spec, node = fields(pod.get("spec")), _node(claim)
            mates = self._meant_for(cluster, claim)
            if unfit(spec, node) or short_of(spec, node, self._taken(cluster, claim)) or _apart(pod, mates):
                continue
            self._mean(cluster, pod, name_of(claim))
            return True
        return False

    def _mean(self, cluster: Cluster, pod: Object, claim: str) -> None:
        self._meant[text(metadata(pod).get("uid"))] = claim
        events.tell(cluster, pod, NOMINATED, f"{MEANT_FOR}{claim}", MANAGER)

    def _chosen(self, cluster: Cluster, acting: Acting, pod: Object) -> tuple[Choice | None, str]:
        problems: list[str] = []
        pools = [one for one in cluster.list(POOL.group, POOL.kind) if "deletionTimestamp" not in metadata(one)]
        for pool in sorted(pools, key=lambda one: (-whole(at(one, "spec", "weight"), 0), name_of(one))):
            node_class = class_of(cluster, pool)
            if node_class is None or not holds(pool, "Ready"):
                problems.append(f'nodepool "{name_of(pool)}" is not ready')
                continue
            choice = choose(cluster, pool, self._offerings(acting, pool, node_class), fields(pod.get("spec")))
            if choice.within:
                return choice, ""
            problems.append(choice.problem)
        return None, "; ".join(problems) or "no nodepools found"

    def _offerings(self, acting: Acting, pool: Object, node_class: Object) -> list[Offering]:
        said = metadata(pool), metadata(node_class)
        key = (str(said[0]["uid"]), str(said[0]["generation"]), str(said[1]["uid"]), str(said[1]["resourceVersion"]))
        if key not in self._known:
            self._known[key] = offerings(acting.account, pool, node_class)
        return self._known[key]

    def _meant_for(self, cluster: Cluster, claim: Object) -> list[Object]:
        uids = {uid for uid, name in self._meant.items() if name == name_of(claim)}
        return [pod for pod in cluster.list("", "Pod") if metadata(pod).get("uid") in uids]

    def _taken(self, cluster: Cluster, claim: Object) -> list[dict[str, Decimal]]:
        node = text(at(claim, "status", "nodeName"))
        there = [pod for pod in cluster.list("", "Pod") if node and at(pod, "spec", "nodeName") == node]
        alone = [] if there else daemons(cluster, _node(claim))
        coming = [fields(pod.get("spec")) for pod in self._meant_for(cluster, claim) if pod not in there]
        return [requests_of(spec) for spec in [*(fields(pod.get("spec")) for pod in there), *alone, *coming]]


def _pending(cluster: Cluster) -> list[Object]:
    found = [pod for pod in cluster.list("", "Pod") if not text(at(pod, "spec", "nodeName"))]
    return [pod for pod in found if _waits_for_a_node(pod)]


def _waits_for_a_node(pod: Object) -> bool:
    told = condition(pod, "PodScheduled")
    unscheduled = told is not None and told.get("reason") == "Unschedulable"
    daemon = any(owner.get("kind") == "DaemonSet" for owner in owners_of(pod))
    return unscheduled and not daemon and "deletionTimestamp" not in metadata(pod)


def _largest_first(pod: Object) -> tuple[Decimal, Decimal]:
    asked = requests_of(fields(pod.get("spec")))
    return -asked.get("cpu", Decimal(0)), -asked.get("memory", Decimal(0))


def _packed(cluster: Cluster, choice: Choice, first: Object, waiting: Sequence[Object]) -> tuple[list[Object], Choice]:
    """A pod and those that come to its node with it, and what the pool has for all of them."""
    together = [first]
    for pod in waiting:
        if _apart(pod, together) or _spreads(pod):
            continue
        specs = [fields(one.get("spec")) for one in (*together, pod)]
        narrower = choose(cluster, choice.pool, choice.within, *specs)
        if narrower.within:
            together, choice = [*together, pod], narrower
    return together, choice


def _claim(name: str, pool: Object, offering: Offering, pods: Sequence[Object]) -> Object:
    template = fields(at(pool, "spec", "template", "spec"))
    requests: Counter[str] = Counter()
    for pod in pods:
        requests.update(requests_of(fields(pod.get("spec"))))
    kept = ("nodeClassRef", "requirements", "taints", "startupTaints", "expireAfter", "terminationGracePeriod")
    spec: Object = {key: clone(template[key]) for key in kept if key in template}
    return {
        "apiVersion": CLAIM.api_version,
        "kind": CLAIM.kind,
        "metadata": {
            "name": name,
            "labels": dict(offering.labels),
            "finalizers": [FINALIZER],
            "ownerReferences": [{**owner_reference(pool), "controller": False}],
        },
        "spec": {**spec, "resources": {"requests": {key: str(value) for key, value in requests.items()}}},
    }


def _node(claim: Object) -> Object:
    """The node that a claim is or becomes, as the scheduler sees it once it is initialized."""
    node: Object = {
        "metadata": {"name": name_of(claim), "labels": labels_of(claim)},
        "spec": {},
        "status": {key: fields(at(claim, "status", key)) for key in ("allocatable", "capacity")},
    }
    return with_taints(node, items(at(claim, "spec", "taints")))


def _apart(pod: Object, mates: list[Object]) -> bool:
    """Whether the pod's own rules, or those of a pod that comes to the node, keep the two apart."""
    return any(_avoids(pod, other) or _avoids(other, pod) for other in mates if other is not pod)


def _spreads(pod: Object) -> bool:
    """Whether how many of its like are beside it is not its node's business alone."""
    constraints = items(at(pod, "spec", "topologySpreadConstraints"))
    return any(fields(one).get("whenUnsatisfiable") == "DoNotSchedule" for one in constraints)


def _avoids(pod: Object, other: Object) -> bool:
    terms = items(at(pod, "spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"))
    return namespace_of(pod) == namespace_of(other) and any(
        selects(_selector(fields(term)), labels_of(other)) for term in terms if _selector(fields(term))
    )


def _selector(term: Mapping[str, Any]) -> Object:
    return fields(term.get("labelSelector"))
