"""The old chart `gateway`, whose pods wait for a proxy to be injected (istio/istio 1.18 to 1.31, charts/gateway).

Beside ambient it does not come up: its values' schema refuses what it does not know, and the pods' image `auto` is
never replaced (failures.md, `istio-gateway-chart-in-ambient`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.charts import Installation, Rendered, ValuesError, over
from pokayoke_rehearsal.doubles.kubernetes.istio.names import MODE
from pokayoke_rehearsal.doubles.kubernetes.scaffold import handed_on
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, clone, text

IMAGE = "auto"
"""What the pods state: the injecting webhook is to put the proxy's image in its place."""

_KNOWN = frozenset(
    {
        "additionalContainers",
        "affinity",
        "annotations",
        "autoscaling",
        "compatibilityVersion",
        "containerSecurityContext",
        "defaultRevision",
        "dnsConfig",
        "dnsPolicy",
        "enabled",
        "env",
        "envVarFrom",
        "global",
        "imagePullPolicy",
        "imagePullSecrets",
        "initContainers",
        "kind",
        "labels",
        "lifecycle",
        "minReadySeconds",
        "name",
        "networkGateway",
        "networkGatewayPorts",
        "nodeSelector",
        "pilot",
        "platform",
        "podAnnotations",
        "podDisruptionBudget",
        "priorityClassName",
        "profile",
        "rbac",
        "readinessProbe",
        "replicaCount",
        "resources",
        "revision",
        "runAsRoot",
        "securityContext",
        "service",
        "serviceAccount",
        "strategy",
        "terminationGracePeriodSeconds",
        "tolerations",
        "topologySpreadConstraints",
        "unprivilegedPort",
        "volumeMounts",
        "volumes",
    }
)
_DEFAULTS: Mapping[str, Any] = {
    "serviceAccount": {"create": True, "name": ""},
    "podAnnotations": {"inject.istio.io/templates": "gateway", "sidecar.istio.io/inject": "true"},
    "service": {
        "type": "LoadBalancer",
        "annotations": {},
        "ports": [
            {"name": "status-port", "port": 15021, "protocol": "TCP", "targetPort": 15021},
            {"name": "http2", "port": 80, "protocol": "TCP", "targetPort": 80},
            {"name": "https", "port": 443, "protocol": "TCP", "targetPort": 443},
        ],
    },
    "resources": {
        "requests": {"cpu": "100m", "memory": "128Mi"},
        "limits": {"cpu": "2000m", "memory": "1024Mi"},
    },
    "labels": {MODE: "none"},
    "annotations": {},
}


def gateway(installation: Installation) -> Rendered:
    """Deployment, Service and service account. Raises ValuesError for keys that the chart does not know."""
    unknown = sorted(set(installation.values) - _KNOWN)
    if unknown:
        listed = "\n".join(f"- (root): Additional property {key} is not allowed" for key in unknown)
        told = "values don't meet the specifications of the schema(s) in the following chart(s):"
        raise ValuesError(f"{told}\ngateway:\n{listed}")
    values = over(_DEFAULTS, installation.values)
    name = text(values.get("name")) or installation.name
    account = text(at(values, "serviceAccount", "name")) or name
    selector = {"app": name, "istio": name.removeprefix("istio-")}
    objects = [_deployment(name, account, selector, values)]
    if at(values, "serviceAccount", "create"):
        objects.append({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": account}})
    if at(values, "service", "type") != "None":
        objects.append(_service(name, selector, values))
    return Rendered(objects, app_version=installation.version)


def _deployment(name: str, account: str, selector: Mapping[str, str], values: Mapping[str, Any]) -> Object:
    pod: Object = {
        "serviceAccountName": account,
        "containers": [{"name": "istio-proxy", "image": IMAGE, "resources": clone(values["resources"])}],
        **handed_on(values, "nodeSelector", "affinity", "tolerations", "topologySpreadConstraints"),
    }
    labels = {"sidecar.istio.io/inject": "true", **selector, **values["labels"]}
    meta = {"labels": labels, "annotations": clone(values["podAnnotations"])}
    return {
        "apiVersion": "apps/v1",
        "kind": text(values.get("kind")) or "Deployment",
        "metadata": {"name": name, "labels": {**selector, **values["labels"]}},
        "spec": {"selector": {"matchLabels": dict(selector)}, "template": {"metadata": meta, "spec": pod}},
    }


def _service(name: str, selector: Mapping[str, str], values: Mapping[str, Any]) -> Object:
    stated = values["service"]
    spec: Object = {
        "type": stated["type"],
        "selector": dict(selector),
        "ports": clone(stated["ports"]),
        **handed_on(stated, "loadBalancerClass", "loadBalancerSourceRanges", "externalTrafficPolicy"),
    }
    annotations = {**values["annotations"], **stated["annotations"]}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "labels": dict(selector), "annotations": annotations},
        "spec": spec,
    }
