"""Gateways of a mesh whose pods do not come, and pods of a mesh that take no plain text."""

from __future__ import annotations

from collections.abc import Iterator

from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import complaint
from pokayoke_rehearsal.doubles.kubernetes.istio.names import MODE, NAMESPACE
from pokayoke_rehearsal.doubles.kubernetes.store.admission import ready_endpoints
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    fields,
    items,
    labels_of,
    name_of,
    namespace_of,
    text,
    text_map,
    whole,
)

_PROXY = "istio-proxy"


def gateways_without_pods(cluster: Cluster) -> Iterator[str]:
    """Services of type LoadBalancer whose Deployment runs Istio's proxy, or should, and none of its pods is ready.

    `istio-gateway-chart-in-ambient`: the chart's pods wait for a proxy that nobody injects in ambient mode.
    """
    for service in cluster.list("", "Service"):
        selector = text_map(at(service, "spec", "selector"))
        if at(service, "spec", "type") != "LoadBalancer" or not selector or ready_endpoints(cluster, service):
            continue
        for deployment in cluster.list("apps", "Deployment", namespace_of(service)):
            labels = text_map(at(deployment, "spec", "template", "metadata", "labels"))
            if selector.items() <= labels.items() and _is_proxy(deployment):
                yield _told(cluster, deployment, selector)


def hangs_up(cluster: Cluster, pod: Object, port: int) -> str:
    """Why a pod hangs up on who comes to a port past the mesh, in plain text; empty where it does not.

    Its node's ztunnel takes the connection, and closes it where the nearest rule is STRICT. Source: Istio,
    PeerAuthentication; istio/ztunnel, `src/proxy/inbound_passthrough.rs`.
    """
    rules = cluster.list("security.istio.io", "PeerAuthentication") if _is_in_mesh(cluster, pod) else []
    for rule in sorted(rules, key=lambda one: _distance(one, pod)):
        mode = _mode(rule, port) if _distance(rule, pod) < _ELSEWHERE else ""
        if mode not in ("", "UNSET"):
            name = f"PeerAuthentication {namespace_of(rule)}/{name_of(rule)}"
            told = f"pod {namespace_of(pod)}/{name_of(pod)} is in the mesh, and {name} is STRICT"
            return told if mode == "STRICT" else ""
    return ""


_ELSEWHERE = 3


def _distance(rule: Object, pod: Object) -> int:
    """How near a rule is to a pod: of it, of its namespace, of the mesh, or of others."""
    wanted = text_map(at(rule, "spec", "selector", "matchLabels"))
    if namespace_of(rule) == namespace_of(pod) and wanted:
        return 0 if wanted.items() <= labels_of(pod).items() else _ELSEWHERE
    if wanted:
        return _ELSEWHERE
    return {namespace_of(pod): 1, NAMESPACE: 2}.get(namespace_of(rule), _ELSEWHERE)


def _mode(rule: Object, port: int) -> str:
    of_port = text(at(rule, "spec", "portLevelMtls", str(port), "mode"))
    return of_port or text(at(rule, "spec", "mtls", "mode"))


def _is_in_mesh(cluster: Cluster, pod: Object) -> bool:
    home = cluster.find_named("", "Namespace", namespace_of(pod))
    mode = labels_of(pod).get(MODE) or (labels_of(home).get(MODE) if home is not None else "")
    return mode == "ambient" and not at(pod, "spec", "hostNetwork")


def _told(cluster: Cluster, deployment: Object, selector: dict[str, str]) -> str:
    wanted = whole(at(deployment, "spec", "replicas"), 1)
    pods = cluster.list("", "Pod", namespace_of(deployment), labels=selector)
    why = "; ".join(dict.fromkeys(said for pod in pods if (said := complaint(pod))))
    name = f"{namespace_of(deployment)}/{name_of(deployment)}"
    return f"Istio Ingress Gateway Deployment: 0/{wanted} replicas: {name}" + (f": {why}" if why else "")


def _is_proxy(deployment: Object) -> bool:
    containers = map(fields, items(at(deployment, "spec", "template", "spec", "containers")))
    return any(one.get("name") == _PROXY for one in containers)
