"""What istiod makes for a Gateway of its class: a service account, a Deployment and a Service of type LoadBalancer.

Source: istio/istio 1.31.0-rc.0, pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go and istio-discovery's
files/kube-gateway.yaml. The owner references do not block: a Gateway is gone before what was made for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from pokayoke_rehearsal.doubles.kubernetes.istio.names import CONTROLLER, INJECTOR, MODE, NAMESPACE
from pokayoke_rehearsal.doubles.kubernetes.istio.overlays import laid_over
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    annotation,
    at,
    fields,
    items,
    kind_of,
    metadata,
    name_of,
    namespace_of,
    text,
    text_map,
)

STATUS_PORT = 15021

_OMITTED = (
    "kubectl.kubernetes.io/last-applied-configuration",
    "gateway.istio.io/name-override",
    "gateway.istio.io/service-account",
    "gateway.istio.io/controller-version",
)
_OVERLAYS = {
    "ServiceAccount": "serviceAccount",
    "Deployment": "deployment",
    "Service": "service",
    "HorizontalPodAutoscaler": "horizontalPodAutoscaler",
    "PodDisruptionBudget": "podDisruptionBudget",
}
_ONLY_WITH_OVERLAY = ("HorizontalPodAutoscaler", "PodDisruptionBudget")


class UnusableParametersError(Exception):
    """What `infrastructure.parametersRef` names cannot be used: istiod makes nothing, and says why in its log."""


def is_managed(gateway: Object) -> bool:
    """Whether istiod makes the data plane: not where the Gateway states a host name, or several addresses."""
    addresses = [fields(item) for item in items(at(gateway, "spec", "addresses"))]
    return not addresses or (len(addresses) == 1 and addresses[0].get("type", "IPAddress") == "IPAddress")


def service_name(gateway: Object) -> str:
    """The name of its Deployment and Service: its own and its class', unless an annotation says otherwise."""
    stated = annotation(gateway, "gateway.istio.io/name-override")
    return stated or f"{name_of(gateway)}-{text(at(gateway, 'spec', 'gatewayClassName'))}"


def deploy(cluster: Cluster, gateway: Object) -> None:
    """Brings what belongs to the Gateway to what it says. Raises UnusableParametersError, ApiError."""
    overlays = [*_class_overlays(cluster, gateway), *_own_overlays(cluster, gateway)]
    for made in _objects(cluster, gateway):
        kind = text(made.get("kind"))
        said = [overlay[_OVERLAYS[kind]] for overlay in overlays if _OVERLAYS[kind] in overlay]
        if kind in _ONLY_WITH_OVERLAY and not said:
            continue
        schema = cluster.resource(kind_of(made)).schema
        for overlay in said:
            made = laid_over(schema, made, fields(yaml.safe_load(overlay)))
        cluster.apply(made, CONTROLLER, force=True)


def _own_overlays(cluster: Cluster, gateway: Object) -> Iterator[dict[str, str]]:
    reference = fields(at(gateway, "spec", "infrastructure", "parametersRef"))
    if not reference:
        return
    if (reference.get("group"), reference.get("kind")) != ("", "ConfigMap"):
        raise UnusableParametersError(f"invalid parameters: unsupported reference {reference.get('kind')}")
    name = text(reference.get("name"))
    found = cluster.find_named("", "ConfigMap", name, namespace_of(gateway))
    if found is None:
        where = f"{namespace_of(gateway)}/{name}"
        raise UnusableParametersError(f'parametersRef targeting configmap "{where}", but configmap does not exist')
    yield _known(text_map(found.get("data")))


def _class_overlays(cluster: Cluster, gateway: Object) -> Iterator[dict[str, str]]:
    labels = {"gateway.istio.io/defaults-for-class": text(at(gateway, "spec", "gatewayClassName"))}
    for found in cluster.list("", "ConfigMap", NAMESPACE, labels=labels)[:1]:
        yield _known(text_map(found.get("data")))


def _known(overlays: dict[str, str]) -> dict[str, str]:
    for key in overlays:
        if key not in _OVERLAYS.values():
            raise UnusableParametersError(f'unsupported overlay "{key}" (supported: {sorted(_OVERLAYS.values())})')
    return overlays


def _objects(cluster: Cluster, gateway: Object) -> list[Object]:
    name, account = service_name(gateway), _account_name(gateway)
    selector = {"gateway.networking.k8s.io/gateway-name": name_of(gateway)}
    annotations, labels = _annotations(gateway), {**_labels(gateway), **selector, **_of_class(gateway)}
    managed = {**labels, "gateway.istio.io/managed": "istio.io-gateway-controller"}

    def made(version: str, kind: str, called: str, carried: Mapping[str, str], spec: Object | None) -> Object:
        meta = {
            "name": called,
            "namespace": namespace_of(gateway),
            "labels": dict(carried),
            "annotations": dict(annotations),
            "ownerReferences": [_reference(gateway)],
        }
        return {"apiVersion": version, "kind": kind, "metadata": meta, **({} if spec is None else {"spec": spec})}

    return [
        made("v1", "ServiceAccount", account, labels, None),
        made("apps/v1", "Deployment", name, managed, _deployment(cluster, gateway, selector, managed, annotations)),
        made("v1", "Service", name, managed, _service(gateway, selector)),
        made("autoscaling/v2", "HorizontalPodAutoscaler", name, labels, _autoscaler(name)),
        made("policy/v1", "PodDisruptionBudget", name, labels, {"selector": {"matchLabels": selector}}),
    ]


def _deployment(
    cluster: Cluster,
    gateway: Object,
    selector: Mapping[str, str],
    labels: Mapping[str, str],
    annotations: Mapping[str, str],
) -> Object:
    injector = cluster.find_named("", "ConfigMap", INJECTOR, NAMESPACE)
    values: dict[str, Any] = json.loads(text(at(injector, "data", "values")) or "{}")
    probe = {"httpGet": {"path": "/healthz/ready", "port": STATUS_PORT}}
    container: Object = {
        "name": "istio-proxy",
        "image": text(values.get("image")),
        "resources": fields(at(values, "proxy", "resources")),
        "ports": [{"name": "status-port", "containerPort": STATUS_PORT, "protocol": "TCP"}],
        "readinessProbe": probe,
    }
    pod: Object = {
        "serviceAccountName": _account_name(gateway),
        "securityContext": _security(fields(values.get("gateways"))),
        "containers": [container],
    }
    meta = {"labels": {**labels, "sidecar.istio.io/inject": "false"}, "annotations": dict(annotations)}
    return {"selector": {"matchLabels": dict(selector)}, "template": {"metadata": meta, "spec": pod}}


def _security(values: Mapping[str, Any]) -> Object:
    if stated := fields(values.get("securityContext")):
        return stated
    profile = fields(values.get("seccompProfile"))
    made: Object = {"sysctls": [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]}
    return {**made, **({"seccompProfile": profile} if profile else {})}


def _service(gateway: Object, selector: Mapping[str, str]) -> Object:
    ports: dict[int, Object] = {STATUS_PORT: _port("status-port", STATUS_PORT, "tcp")}
    for listener in map(fields, items(at(gateway, "spec", "listeners"))):
        name = text(listener.get("name")).replace(".", "-")
        ports.setdefault(listener["port"], _port(name, listener["port"], text(listener.get("protocol")).lower()))
    spec: Object = {
        "type": annotation(gateway, "networking.istio.io/service-type") or "LoadBalancer",
        "ipFamilyPolicy": "PreferDualStack",
        "selector": dict(selector),
        "ports": list(ports.values()),
    }
    address = text(at(gateway, "spec", "addresses", 0, "value"))
    return {**spec, **({"loadBalancerIP": address} if address and spec["type"] == "LoadBalancer" else {})}


def _port(name: str, number: int, protocol: str) -> Object:
    return {"name": name, "port": number, "protocol": "TCP", "appProtocol": protocol}


def _autoscaler(name: str) -> Object:
    return {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}, "maxReplicas": 1}


def _labels(gateway: Object) -> dict[str, str]:
    found = _infrastructure(gateway, "labels")
    stated = text_map(metadata(gateway).get("labels"))
    # A gateway's own pods stay out of the mesh unless somebody says otherwise.
    return found if MODE in found or MODE in stated else {**found, MODE: "none"}


def _annotations(gateway: Object) -> dict[str, str]:
    return {key: value for key, value in _infrastructure(gateway, "annotations").items() if key not in _OMITTED}


def _infrastructure(gateway: Object, which: str) -> dict[str, str]:
    """What `infrastructure` states; where it states nothing of the kind, what the Gateway itself carries."""
    stated = at(gateway, "spec", "infrastructure", which)
    if stated is None:
        return text_map(metadata(gateway).get(which))
    found = text_map(stated)
    return {key: value for key, value in found.items() if not key.startswith("gateway.networking.k8s.io/")}


def _of_class(gateway: Object) -> dict[str, str]:
    return {"gateway.networking.k8s.io/gateway-class-name": text(at(gateway, "spec", "gatewayClassName"))}


def _account_name(gateway: Object) -> str:
    return annotation(gateway, "gateway.istio.io/service-account") or service_name(gateway)


def _reference(gateway: Object) -> Object:
    reference = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway"}
    return {**reference, "name": name_of(gateway), "uid": metadata(gateway)["uid"]}
