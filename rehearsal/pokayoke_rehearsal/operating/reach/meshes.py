"""Gateways of a mesh whose pods do not come."""

from __future__ import annotations

from collections.abc import Iterator

from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import complaint
from pokayoke_rehearsal.doubles.kubernetes.store.admission import ready_endpoints
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    fields,
    items,
    name_of,
    namespace_of,
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


def _told(cluster: Cluster, deployment: Object, selector: dict[str, str]) -> str:
    wanted = whole(at(deployment, "spec", "replicas"), 1)
    pods = cluster.list("", "Pod", namespace_of(deployment), labels=selector)
    why = "; ".join(dict.fromkeys(said for pod in pods if (said := complaint(pod))))
    name = f"{namespace_of(deployment)}/{name_of(deployment)}"
    return f"Istio Ingress Gateway Deployment: 0/{wanted} replicas: {name}" + (f": {why}" if why else "")


def _is_proxy(deployment: Object) -> bool:
    containers = map(fields, items(at(deployment, "spec", "template", "spec", "containers")))
    return any(one.get("name") == _PROXY for one in containers)
