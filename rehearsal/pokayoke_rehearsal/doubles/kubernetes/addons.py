"""The objects that EKS add-ons bring, as far as nodes, DNS, volumes and identities turn on them.

Names, labels and requests are those of the add-ons' own manifests (aws/amazon-vpc-cni-k8s, coredns/deployment,
aws/eks-pod-identity-agent, kubernetes-sigs/metrics-server, kubernetes-sigs/aws-ebs-csi-driver).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from pokayoke_rehearsal.doubles.kubernetes.initial import EKS
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, fields, items, kind_of, name_of, text, whole

NAMESPACE = "kube-system"

POLICIES = "--enable-network-policy"
"""Argument of the network plugin's agent: whether NetworkPolicies are enforced."""

_EVERYWHERE = [{"operator": "Exists"}]
_CRITICAL = [{"key": "CriticalAddonsOnly", "operator": "Exists"}]


def install(cluster: Cluster, addon: str, version: str, configuration: str = "") -> None:
    """Puts an add-on's objects into the cluster, or brings them to another version or configuration.

    `configuration` is the add-on's configuration values as JSON or YAML text. An unknown add-on brings no objects.
    """
    values = fields(yaml.safe_load(configuration)) if configuration else {}
    for manifest in manifests(addon, version, values):
        cluster.apply(manifest, EKS, force=True)


def remove(cluster: Cluster, addon: str) -> None:
    """Takes an add-on's objects out."""
    for manifest in reversed(manifests(addon, "", {})):
        kind = kind_of(manifest)
        namespace = NAMESPACE if cluster.resource(kind).namespaced else ""
        if cluster.find(kind, name_of(manifest), namespace) is not None:
            cluster.delete(kind, name_of(manifest), namespace, propagation="Background")


def problem(cluster: Cluster, addon: str) -> str:
    """Why an add-on is not healthy, empty when it is; DaemonSets are healthy without nodes, Deployments are not."""
    for manifest in manifests(addon, "", {}):
        kind = kind_of(manifest)
        live = cluster.find(kind, name_of(manifest), NAMESPACE)
        if kind.kind == "Deployment" and live is not None:
            wanted, ready = whole(at(live, "spec", "replicas"), 1), whole(at(live, "status", "readyReplicas"), 0)
            if ready < wanted:
                return (
                    f"The add-on is unhealthy because deployment {name_of(live)} has {ready} of {wanted} replicas ready"
                )
    return ""


def manifests(addon: str, version: str, values: Mapping[str, Any]) -> list[Object]:
    """The objects of an add-on, none for one that is not known."""
    make = _ADDONS.get(addon)
    return make(version, values) if make is not None else []


def _vpc_cni(version: str, values: Mapping[str, Any]) -> list[Object]:
    labels = {"k8s-app": "aws-node"}
    plugin = _daemon_set("aws-node", "amazon-k8s-cni", version, labels, "aws-node", values)
    enforces = str(values.get("enableNetworkPolicy", "false")).lower()
    agent = {"name": "aws-eks-nodeagent", "image": _image("aws-network-policy-agent", version)}
    items(at(plugin, "spec", "template", "spec", "containers")).append({**agent, "args": [f"{POLICIES}={enforces}"]})
    return [_account("aws-node"), plugin]


def _kube_proxy(version: str, values: Mapping[str, Any]) -> list[Object]:
    labels = {"k8s-app": "kube-proxy"}
    return [_account("kube-proxy"), _daemon_set("kube-proxy", "kube-proxy", version, labels, "kube-proxy", values)]


def _identity_agent(version: str, values: Mapping[str, Any]) -> list[Object]:
    name = "eks-pod-identity-agent"
    labels = {"app.kubernetes.io/name": name}
    return [_account(name), _daemon_set(name, name, version, labels, name, values)]


def _coredns(version: str, values: Mapping[str, Any]) -> list[Object]:
    labels = {"k8s-app": "kube-dns", "eks.amazonaws.com/component": "coredns"}
    ports = [{"name": name, "port": 53, "protocol": name.upper()} for name in ("udp", "tcp")]
    resources = {"limits": {"memory": "170Mi"}, "requests": {"cpu": "100m", "memory": "70Mi"}}
    return [
        _account("coredns"),
        _service("kube-dns", labels, ports),
        _deployment("coredns", version, labels, "coredns", whole(values.get("replicaCount"), 2), resources, values),
    ]


def _metrics_server(version: str, values: Mapping[str, Any]) -> list[Object]:
    name = "metrics-server"
    labels = {"app.kubernetes.io/name": name}
    resources = {"limits": {"memory": "400Mi"}, "requests": {"cpu": "100m", "memory": "200Mi"}}
    return [
        _account(name),
        _service(name, labels, [{"name": "https", "port": 443, "targetPort": "https"}]),
        _deployment(name, version, labels, name, whole(values.get("replicas"), 2), resources, values),
    ]


def _ebs_driver(version: str, values: Mapping[str, Any]) -> list[Object]:
    controller, node = fields(values.get("controller")), fields(values.get("node"))
    resources = {"limits": {"memory": "256Mi"}, "requests": {"cpu": "10m", "memory": "40Mi"}}
    labels, node_labels = {"app": "ebs-csi-controller"}, {"app": "ebs-csi-node"}
    account = "ebs-csi-controller-sa"
    replicas = whole(controller.get("replicaCount"), 2)
    return [
        _account(account),
        _account("ebs-csi-node-sa"),
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "CSIDriver",
            "metadata": {"name": "ebs.csi.aws.com"},
            "spec": {"attachRequired": True, "podInfoOnMount": False},
        },
        _daemon_set("ebs-csi-node", "aws-ebs-csi-driver", version, node_labels, "ebs-csi-node-sa", node),
        _deployment("ebs-csi-controller", version, labels, account, replicas, resources, controller),
    ]


def _account(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": NAMESPACE}}


def _service(name: str, labels: Mapping[str, str], ports: list[Object]) -> Object:
    meta = {"name": name, "namespace": NAMESPACE}
    return {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": {"selector": dict(labels), "ports": ports}}


def _daemon_set(
    name: str, image: str, version: str, labels: Mapping[str, str], account: str, values: Mapping[str, Any]
) -> Object:
    resources = fields(values.get("resources")) or {"requests": {"cpu": "25m"}}
    pod = {
        "serviceAccountName": account,
        "hostNetwork": True,
        "priorityClassName": "system-node-critical",
        "tolerations": items(values.get("tolerations")) or _EVERYWHERE,
        "containers": [{"name": name, "image": _image(image, version), "resources": resources}],
    }
    return _workload("DaemonSet", name, labels, {}, pod)


def _deployment(
    name: str,
    version: str,
    labels: Mapping[str, str],
    account: str,
    replicas: int,
    resources: Mapping[str, Any],
    values: Mapping[str, Any],
) -> Object:
    stated = fields(values.get("resources")) or dict(resources)
    pod: Object = {
        "serviceAccountName": account,
        "priorityClassName": "system-cluster-critical",
        "tolerations": items(values.get("tolerations")) or _CRITICAL,
        "containers": [{"name": name, "image": _image(name, version), "resources": stated}],
    }
    if selector := fields(values.get("nodeSelector")):
        pod["nodeSelector"] = selector
    return _workload("Deployment", name, labels, {"replicas": replicas}, pod)


def _workload(kind: str, name: str, labels: Mapping[str, str], spec: Mapping[str, Any], pod: Object) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": NAMESPACE, "labels": dict(labels)},
        "spec": {
            **spec,
            "selector": {"matchLabels": dict(labels)},
            "template": {"metadata": {"labels": dict(labels)}, "spec": pod},
        },
    }


def _image(name: str, version: str) -> str:
    return f"eks/{name}:{text(version) or 'default'}"


_ADDONS = {
    "vpc-cni": _vpc_cni,
    "kube-proxy": _kube_proxy,
    "coredns": _coredns,
    "eks-pod-identity-agent": _identity_agent,
    "metrics-server": _metrics_server,
    "aws-ebs-csi-driver": _ebs_driver,
}
