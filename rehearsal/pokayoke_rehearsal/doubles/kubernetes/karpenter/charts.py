"""The charts `karpenter-crd` and `karpenter` (aws/karpenter-provider-aws, charts, 1.14.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.charts import Chart, Installation, Rendered, ValuesError, over
from pokayoke_rehearsal.doubles.kubernetes.karpenter.definitions import definitions
from pokayoke_rehearsal.doubles.kubernetes.scaffold import account_name, accounts, full_name, handed_on
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, clone, fields, items, text

IMAGE = "public.ecr.aws/karpenter/controller"
LABEL = "app.kubernetes.io/name"
"""On the controller's pods, with the chart's name."""

_REPOSITORY = "oci://public.ecr.aws/karpenter"
_NODE_AFFINITY = {
    "requiredDuringSchedulingIgnoredDuringExecution": {
        "nodeSelectorTerms": [{"matchExpressions": [{"key": "karpenter.sh/nodepool", "operator": "DoesNotExist"}]}]
    }
}
_APART: dict[str, Any] = {
    "requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "kubernetes.io/hostname"}],
}
_DEFAULTS: Mapping[str, Any] = {
    "replicas": 2,
    "strategy": {"rollingUpdate": {"maxUnavailable": 1}},
    "serviceAccount": {"create": True, "name": "", "annotations": {}},
    "priorityClassName": "system-cluster-critical",
    "hostNetwork": False,
    "dnsPolicy": "ClusterFirst",
    "nodeSelector": {"kubernetes.io/os": "linux"},
    "affinity": {"nodeAffinity": _NODE_AFFINITY, "podAntiAffinity": _APART},
    "topologySpreadConstraints": [
        {"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule"}
    ],
    "tolerations": [{"key": "CriticalAddonsOnly", "operator": "Exists"}],
    "settings": {},
}
_NO_CLUSTER = (
    "execution error at (karpenter/templates/deployment.yaml): "
    "Chart cannot be installed without a valid settings.clusterName!"
)
# Settings as the deployment's template hands them to the controller.
_SETTINGS = {
    "clusterName": "CLUSTER_NAME",
    "clusterEndpoint": "CLUSTER_ENDPOINT",
    "interruptionQueue": "INTERRUPTION_QUEUE",
}


def karpenter_crd(installation: Installation) -> Rendered:
    """Definitions among the templates: Helm upgrades them, and deletes them with the release."""
    return Rendered(definitions(), app_version=installation.version)


def karpenter(installation: Installation) -> Rendered:
    """The controller and its service account. Raises ValuesError without a cluster's name."""
    values = over(_DEFAULTS, installation.values)
    if not text(at(values, "settings", "clusterName")):
        raise ValuesError(_NO_CLUSTER)
    labels = {LABEL: "karpenter", "app.kubernetes.io/instance": installation.name}
    name = full_name(installation, values, "karpenter")
    objects = [_deployment(installation, values, name, labels), *accounts(values, name, labels)]
    return Rendered(objects, definitions(), app_version=installation.version)


CHARTS = (Chart(_REPOSITORY, "karpenter-crd", karpenter_crd), Chart(_REPOSITORY, "karpenter", karpenter))
"""Both charts, as worlds know them."""


def _deployment(installation: Installation, values: Mapping[str, Any], name: str, labels: Mapping[str, str]) -> Object:
    controller = fields(values.get("controller"))
    settings = fields(values.get("settings"))
    stated = [{"name": env, "value": text(settings.get(key))} for key, env in _SETTINGS.items() if settings.get(key)]
    container: Object = {
        "name": "controller",
        "image": f"{IMAGE}:{installation.version}",
        "env": [*stated, *items(clone(controller.get("env")))],
    }
    if controller.get("resources"):
        container["resources"] = clone(controller["resources"])
    pod: Object = {
        "serviceAccountName": account_name(values, name),
        "dnsPolicy": values["dnsPolicy"],
        "hostNetwork": bool(values["hostNetwork"]),
        "containers": [container],
        **handed_on(
            values, "priorityClassName", "nodeSelector", "affinity", "topologySpreadConstraints", "tolerations"
        ),
    }
    _select_own_pods(pod, labels)
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": dict(labels)},
        "spec": {
            "replicas": values["replicas"],
            "strategy": clone(values["strategy"]),
            "selector": {"matchLabels": dict(labels)},
            "template": {"metadata": {"labels": dict(labels)}, "spec": pod},
        },
    }


def _select_own_pods(pod: Object, labels: Mapping[str, str]) -> None:
    """Where a term says nothing of the pods that it is about, the chart's templates say that they are its own."""
    own = {"matchLabels": dict(labels)}
    for term in items(at(pod, "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")):
        fields(term).setdefault("labelSelector", own)
    for term in items(pod.get("topologySpreadConstraints")):
        fields(term).setdefault("labelSelector", own)
