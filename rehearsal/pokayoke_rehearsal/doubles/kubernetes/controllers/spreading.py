"""Which nodes a pod may not share: required anti-affinity, and spreading that must hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.names import selects
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    fields,
    items,
    labels_of,
    name_of,
    namespace_of,
    text,
    whole,
)

TOO_CLOSE = "node(s) didn't match pod anti-affinity rules"
UNEVEN = "node(s) didn't match pod topology spread constraints"


class Neighbours:
    """Where the pods are that a pod's rules are about. `candidates` are the nodes that would do but for these rules."""

    def __init__(self, cluster: Cluster, pod: Object, candidates: Sequence[Object]) -> None:
        spec = fields(pod.get("spec"))
        self._apart = items(at(spec, "affinity", "podAntiAffinity", _REQUIRED))
        self._spread = [
            fields(item)
            for item in items(spec.get("topologySpreadConstraints"))
            if fields(item).get("whenUnsatisfiable") == "DoNotSchedule"
        ]
        self._rules = bool(self._apart or self._spread)
        self._places = {name_of(node): labels_of(node) for node in cluster.list("", "Node")} if self._rules else {}
        self._pods = (
            [one for one in cluster.list("", "Pod", namespace_of(pod)) if _is_placed(one)] if self._rules else []
        )
        self._candidates = candidates

    def refusal(self, node: Object) -> str:
        """Why a pod may not come to a node, empty when it may."""
        if not self._rules:
            return ""
        labels = labels_of(node)
        for term in map(fields, self._apart):
            key = text(term.get("topologyKey"))
            if key in labels and self._counts(term, key)[labels[key]]:
                return TOO_CLOSE
        for term in self._spread:
            key = text(term.get("topologyKey"))
            if key not in labels:
                return UNEVEN
            counts = self._counts(term, key)
            domains = {labels_of(one)[key] for one in self._candidates if key in labels_of(one)}
            least = min((counts[domain] for domain in domains), default=0)
            if counts[labels[key]] + 1 - least > whole(term.get("maxSkew"), 1):
                return UNEVEN
        return ""

    def _counts(self, term: Mapping[str, Any], key: str) -> Counter[str]:
        selector = fields(term.get("labelSelector"))
        found: Counter[str] = Counter()
        for pod in self._pods:
            place = self._places.get(text(at(pod, "spec", "nodeName")), {})
            if key in place and selector and selects(selector, labels_of(pod)):
                found[place[key]] += 1
        return found


def _is_placed(pod: Object) -> bool:
    placed = text(at(pod, "spec", "nodeName"))
    return bool(placed) and at(pod, "status", "phase") not in ("Succeeded", "Failed")


_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
