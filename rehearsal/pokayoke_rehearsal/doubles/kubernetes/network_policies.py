"""NetworkPolicies, as far as they keep a pod from an address: only where the network plugin enforces them.

The VPC CNI enforces none unless its add-on is told to (EKS user guide, "Limit Pod traffic with Kubernetes network
policies": `enableNetworkPolicy`).
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from pokayoke_rehearsal.doubles.kubernetes.addons import POLICIES
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


def are_enforced(cluster: Cluster) -> bool:
    """Whether the network plugin of the cluster enforces policies."""
    plugin = cluster.find_named("apps", "DaemonSet", "aws-node", "kube-system") or {}
    containers = items(at(plugin, "spec", "template", "spec", "containers"))
    return any(f"{POLICIES}=true" in items(at(container, "args")) for container in containers)


def blocked_by(cluster: Cluster, pod: Object, address: str, port: int) -> str:
    """The names of the policies that together keep a pod from an address outside the cluster's pods over TCP, empty
    when it gets there. Pods on the host's network are not subject to policies."""
    if at(pod, "spec", "hostNetwork") or not are_enforced(cluster):
        return ""
    policies = [one for one in _of(cluster, pod) if "Egress" in _types(one)]
    rules = [fields(rule) for one in policies for rule in items(at(one, "spec", "egress"))]
    if any(_lets_out(rule, address, port) for rule in rules):
        return ""
    return ", ".join(f"{namespace_of(one)}/{name_of(one)}" for one in policies)


def _of(cluster: Cluster, pod: Object) -> Iterator[Object]:
    for policy in cluster.list("networking.k8s.io", "NetworkPolicy", namespace_of(pod)):
        if selects(fields(at(policy, "spec", "podSelector")), labels_of(pod)):
            yield policy


def _types(policy: Object) -> list[str]:
    stated = [text(item) for item in items(at(policy, "spec", "policyTypes"))]
    egress = ["Egress"] if at(policy, "spec", "egress") is not None else []
    return stated or ["Ingress", *egress]


def _lets_out(rule: Object, address: str, port: int) -> bool:
    peers, ports = [fields(item) for item in items(rule.get("to"))], [fields(item) for item in items(rule.get("ports"))]
    return (not peers or any(_covers(fields(peer.get("ipBlock")), address) for peer in peers)) and (
        not ports or any(_names(one, port) for one in ports)
    )


def _covers(block: Object, address: str) -> bool:
    if not block:
        return False
    there = ip_address(address)
    spared = (ip_network(text(item)) for item in items(block.get("except")))
    return there in ip_network(text(block.get("cidr"))) and not any(there in one for one in spared)


def _names(stated: Object, port: int) -> bool:
    if (text(stated.get("protocol")) or "TCP") != "TCP":
        return False
    first = stated.get("port")
    return first is None or whole(first, 0) <= port <= whole(stated.get("endPort"), whole(first, 0))
