"""The charts base, istiod, cni and ztunnel (istio/istio 1.30.3 and 1.31.0-rc.0, manifests/charts)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.charts import Chart, Installation, Rendered
from pokayoke_rehearsal.doubles.kubernetes.istio import gateway_chart, webhooks
from pokayoke_rehearsal.doubles.kubernetes.istio import values as defaults
from pokayoke_rehearsal.doubles.kubernetes.istio.definitions import definitions
from pokayoke_rehearsal.doubles.kubernetes.istio.names import AGENT, INJECTOR, MODE, NODE_AGENT, PILOT, SERVICE, ZTUNNEL
from pokayoke_rehearsal.doubles.kubernetes.istio.values import image, merged
from pokayoke_rehearsal.doubles.kubernetes.scaffold import handed_on
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, clone, fields, text

_ISTIOD = {"app": "istiod", "istio": "pilot"}
_PORTS = (("grpc-xds", 15010, 15010), ("https-dns", 15012, 15012), ("https-webhook", 443, 15017))


def base(installation: Installation) -> Rendered:
    """Istio's kinds, which stay when the release goes, and the validation of what is of them."""
    values = merged(defaults.BASE, installation)
    account = _account("istio-reader-service-account")
    validator = webhooks.default_validator(text(at(values, "global", "istioNamespace")))
    return Rendered([*definitions(), account, validator], app_version=installation.version)


def istiod(installation: Installation) -> Rendered:
    """The control plane."""
    values = merged(defaults.ISTIOD, installation, "pilot")
    scaled = [_autoscaler(values)] if values["autoscaleEnabled"] else []
    budget = [_budget(values)] if at(values, "global", "defaultPodDisruptionBudget", "enabled") else []
    objects = [
        _account("istiod"),
        _service(),
        _deployment(installation, values),
        _injector(installation, values),
        *budget,
        *scaled,
        *_class_defaults(values),
        *webhooks.of_istiod(installation.namespace),
    ]
    return Rendered(objects, app_version=installation.version)


def cni(installation: Installation) -> Rendered:
    """The agent of every node that leads its pods' traffic into the mesh."""
    values = merged(defaults.CNI, installation, "cni")
    pod = _pod("istio-cni", image(installation, AGENT, values), "install-cni", values)
    pod |= {"hostNetwork": True, "priorityClassName": "system-node-critical"}
    settings = {"AMBIENT_ENABLED": json.dumps(bool(at(values, "ambient", "enabled")))}
    config = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "istio-cni-config", "labels": {"app": "istio-cni"}},
        "data": settings,
    }
    daemon = _daemon_set("istio-cni-node", NODE_AGENT, pod)
    return Rendered([_account("istio-cni"), config, daemon], app_version=installation.version)


def ztunnel(installation: Installation) -> Rendered:
    """The proxy of every node."""
    values = merged(defaults.ZTUNNEL, installation)
    pod = _pod("ztunnel", image(installation, ZTUNNEL, values), "istio-proxy", values)
    pod["priorityClassName"] = "system-node-critical"
    daemon = _daemon_set("ztunnel", {"app": "ztunnel"}, pod)
    return Rendered([_account("ztunnel"), daemon], app_version=installation.version)


_RENDERERS = {"base": base, "istiod": istiod, "cni": cni, "ztunnel": ztunnel, "gateway": gateway_chart.gateway}
_REPOSITORIES = (
    "oci://ghcr.io/istio/release/charts",
    "https://blob.istio.io/istio-release/charts",
    "https://istio-release.storage.googleapis.com/charts",
)
CHARTS = tuple(Chart(home, name, render) for home in _REPOSITORIES for name, render in _RENDERERS.items())
"""The charts in all their repositories, the old one included."""


def _deployment(installation: Installation, values: Mapping[str, Any]) -> Object:
    pod = _pod("istiod", image(installation, PILOT, values), "discovery", values)
    environment = {**fields(values["env"]), **_untainting(values)}
    pod["containers"][0]["env"] = [{"name": name, "value": str(said)} for name, said in environment.items()]
    labels = {**_ISTIOD, "sidecar.istio.io/inject": "false", MODE: "none"}
    spec: Object = {
        "strategy": {
            "rollingUpdate": {
                "maxSurge": values["rollingMaxSurge"],
                "maxUnavailable": values["rollingMaxUnavailable"],
            }
        },
        "selector": {"matchLabels": {"istio": "pilot"}},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }
    if not values["autoscaleEnabled"]:
        spec["replicas"] = values["replicaCount"]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "istiod", "labels": dict(_ISTIOD)},
        "spec": spec,
    }


def _untainting(values: Mapping[str, Any]) -> dict[str, str]:
    return {"PILOT_ENABLE_NODE_UNTAINT_CONTROLLERS": "true"} if at(values, "taint", "enabled") else {}


def _service() -> Object:
    ports = [{"name": name, "port": port, "targetPort": target} for name, port, target in _PORTS]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": SERVICE, "labels": dict(_ISTIOD)},
        "spec": {"ports": ports, "selector": dict(_ISTIOD)},
    }


def _injector(installation: Installation, values: Mapping[str, Any]) -> Object:
    seen = {
        "gateways": values["gateways"],
        "proxy": at(values, "global", "proxy"),
        "image": image(installation, "proxyv2", values),
    }
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": INJECTOR, "labels": dict(_ISTIOD)},
        "data": {"values": json.dumps(seen, sort_keys=True)},
    }


def _budget(values: Mapping[str, Any]) -> Object:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "istiod", "labels": dict(_ISTIOD)},
        "spec": {
            "minAvailable": at(values, "pdb", "minAvailable"),
            "selector": {"matchLabels": dict(_ISTIOD)},
        },
    }


def _autoscaler(values: Mapping[str, Any]) -> Object:
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "istiod", "labels": dict(_ISTIOD)},
        "spec": {
            "minReplicas": values["autoscaleMin"],
            "maxReplicas": values["autoscaleMax"],
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "istiod"},
        },
    }


def _class_defaults(values: Mapping[str, Any]) -> list[Object]:
    return [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": f"istio-default-gatewayclass-{name}",
                "labels": {"gateway.istio.io/defaults-for-class": name},
            },
            "data": {key: json.dumps(said) for key, said in fields(overlays).items()},
        }
        for name, overlays in fields(values["gatewayClasses"]).items()
    ]


def _pod(account: str, address: str, container: str, values: Mapping[str, Any]) -> Object:
    return {
        "serviceAccountName": account,
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "containers": [{"name": container, "image": address, "resources": clone(values["resources"])}],
        **handed_on(values, "nodeSelector", "affinity", "tolerations", "topologySpreadConstraints"),
    }


def _daemon_set(name: str, labels: Mapping[str, str], pod: Object) -> Object:
    own = {**labels, "sidecar.istio.io/inject": "false", MODE: "none"}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": name, "labels": dict(labels)},
        "spec": {
            "selector": {"matchLabels": dict(labels)},
            "template": {"metadata": {"labels": own}, "spec": pod},
        },
    }


def _account(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}
