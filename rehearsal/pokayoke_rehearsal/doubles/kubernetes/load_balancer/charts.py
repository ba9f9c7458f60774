"""The chart `aws-load-balancer-controller` (https://aws.github.io/eks-charts, 3.5.0).

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, helm/aws-load-balancer-controller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.charts import Chart, Installation, Rendered, ValuesError, over
from pokayoke_rehearsal.doubles.kubernetes.load_balancer import webhooks
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.names import (
    CLASS_PARAMETERS,
    INGRESS_CLASS,
    INGRESS_CONTROLLER,
)
from pokayoke_rehearsal.doubles.kubernetes.manifests.load_balancer_controller import definitions, gateway_definitions
from pokayoke_rehearsal.doubles.kubernetes.scaffold import account_name, accounts, full_name, handed_on
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, clone, fields, text, text_map, whole

IMAGE = "public.ecr.aws/eks/aws-load-balancer-controller"
NAME = "aws-load-balancer-controller"

_REPOSITORY = "https://aws.github.io/eks-charts"
_SECRET = "aws-load-balancer-tls"  # noqa: S105 - a name
_DEFAULTS: Mapping[str, Any] = {
    "replicaCount": 2,
    "image": {"repository": IMAGE},
    "serviceAccount": {"create": True, "annotations": {}},
    "resources": {},
    "priorityClassName": "system-cluster-critical",
    "nodeSelector": {},
    "tolerations": [],
    "affinity": {},
    "configureDefaultAffinity": True,
    "topologySpreadConstraints": [],
    "updateStrategy": {},
    "podLabels": {},
    "ingressClass": "alb",
    "ingressClassParams": {"create": True, "spec": {}},
    "createIngressClassResource": True,
    "ingressClassConfig": {"default": False},
    "vpcTags": {},
    "defaultTargetType": "instance",
    "webhookConfig": {"ingressValdationFailurePolicy": "Fail"},
    "keepTLSSecret": False,
    "hostNetwork": False,
    "defaultTags": {},
    "podDisruptionBudget": {},
    "controllerConfig": {"featureGates": {}},
    "enableServiceMutatorWebhook": True,
    "serviceMutatorWebhookConfig": {"failurePolicy": "Fail", "operations": ["CREATE"]},
    "podMutatorWebhookConfig": {"failurePolicy": "Ignore"},
}
_NO_CLUSTER = (
    "execution error at (aws-load-balancer-controller/templates/deployment.yaml): "
    "Chart cannot be installed without a valid clusterName!"
)
# Flags that the deployment hands over as they are stated, when they are.
_FLAGS = {
    "ingressClass": "ingress-class",
    "region": "aws-region",
    "vpcId": "aws-vpc-id",
    "enableWaf": "enable-waf",
    "enableWafv2": "enable-wafv2",
    "enableShield": "enable-shield",
    "defaultSSLPolicy": "default-ssl-policy",
    "enableBackendSecurityGroup": "enable-backend-security-group",
    "backendSecurityGroup": "backend-security-group",
    "defaultLoadBalancerScheme": "default-load-balancer-scheme",
    "loadBalancerClass": "load-balancer-class",
    "watchNamespace": "watch-namespace",
}
_MAPS = {"defaultTags": "default-tags", "vpcTags": "aws-vpc-tags"}


def load_balancer_controller(installation: Installation) -> Rendered:
    """The controller, its webhooks and its class of Ingresses. Raises ValuesError without a cluster's name."""
    values = over(_DEFAULTS, installation.values)
    if not text(values.get("clusterName")):
        raise ValuesError(_NO_CLUSTER)
    own = {"app.kubernetes.io/name": text(values.get("nameOverride")) or NAME}
    own["app.kubernetes.io/instance"] = installation.name
    labels = {**own, "helm.sh/chart": f"{NAME}-{installation.version}"}
    name = full_name(installation, values, NAME)
    objects = [
        *accounts(values, name, labels),
        _certificate(labels),
        _service(own, labels),
        _deployment(installation, values, name, own, labels),
        *_budget(values, name, own, labels),
        *_ingress_class(values, labels),
        *webhooks.configurations(installation, values, labels),
    ]
    version = f"v{installation.version}"
    return Rendered(objects, [*definitions(), *gateway_definitions()], app_version=version)


CHARTS = (Chart(_REPOSITORY, NAME, load_balancer_controller),)
"""The chart, as worlds know it."""


def _deployment(
    installation: Installation, values: Mapping[str, Any], name: str, own: Mapping[str, str], labels: Mapping[str, str]
) -> Object:
    environment = fields(values.get("env"))
    tag = text(at(values, "image", "tag")) or f"v{installation.version}"
    container: Object = {
        "name": NAME,
        "image": f"{text(at(values, 'image', 'repository'))}:{tag}",
        "args": list(_arguments(values)),
        "ports": [{"name": "webhook-server", "containerPort": whole(values.get("webhookBindPort"), 9443)}],
        "resources": clone(values["resources"]),
    }
    if environment:
        container["env"] = [{"name": key, "value": str(value)} for key, value in environment.items()]
    pod: Object = {
        "serviceAccountName": account_name(values, name),
        "containers": [container],
        "volumes": [{"name": "cert", "secret": {"secretName": _SECRET}}],
        "affinity": clone(values["affinity"]) or (_apart(own) if values["configureDefaultAffinity"] else {}),
        **handed_on(
            values, "dnsPolicy", "priorityClassName", "nodeSelector", "topologySpreadConstraints", "tolerations"
        ),
    }
    if values["hostNetwork"]:
        pod["hostNetwork"] = True
    spec: Object = {
        "replicas": values["replicaCount"],
        "selector": {"matchLabels": dict(own)},
        "template": {"metadata": {"labels": {**own, **text_map(values["podLabels"])}}, "spec": pod},
    }
    if values["updateStrategy"]:
        spec["strategy"] = clone(values["updateStrategy"])
    meta = {"name": name, "labels": dict(labels)}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": spec}


def _arguments(values: Mapping[str, Any]) -> Iterator[str]:
    yield f"--cluster-name={text(values['clusterName'])}"
    for key, flag in _FLAGS.items():
        stated = values.get(key)
        if isinstance(stated, bool) or stated:
            yield f"--{flag}={str(stated).lower() if isinstance(stated, bool) else stated}"
    if values["defaultTargetType"] != "instance":
        yield f"--default-target-type={values['defaultTargetType']}"
    for key, flag in _MAPS.items():
        if stated := fields(values.get(key)):
            yield f"--{flag}={','.join(f'{name}={value}' for name, value in stated.items())}"
    if gates := fields(at(values, "controllerConfig", "featureGates")):
        yield f"--feature-gates={','.join(f'{name}={str(value).lower()}' for name, value in gates.items())}"


def _apart(own: Mapping[str, str]) -> Object:
    selector = [
        {"key": "app.kubernetes.io/name", "operator": "In", "values": [own["app.kubernetes.io/name"]]},
    ]
    term = {"labelSelector": {"matchExpressions": selector}, "topologyKey": "kubernetes.io/hostname"}
    weighted = {"weight": 100, "podAffinityTerm": term}
    return {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [weighted]}}


def _certificate(labels: Mapping[str, str]) -> Object:
    # Its content is made anew on every render unless it is kept: no documented failure turns on it.
    meta = {"name": _SECRET, "labels": dict(labels)}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": meta, "type": "kubernetes.io/tls"}


def _service(own: Mapping[str, str], labels: Mapping[str, str]) -> Object:
    ports = [{"name": "webhook-server", "port": 443, "targetPort": "webhook-server"}]
    meta = {"name": webhooks.SERVICE, "labels": {**labels, "app.kubernetes.io/component": "webhook"}}
    spec = {"selector": dict(own), "ports": ports}
    return {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": spec}


def _budget(values: Mapping[str, Any], name: str, own: Mapping[str, str], labels: Mapping[str, str]) -> list[Object]:
    if not values["podDisruptionBudget"] or whole(values["replicaCount"], 1) < 2:
        return []
    meta = {"name": name, "labels": dict(labels)}
    spec = {"selector": {"matchLabels": dict(own)}, **clone(fields(values["podDisruptionBudget"]))}
    return [{"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": meta, "spec": spec}]


def _ingress_class(values: Mapping[str, Any], labels: Mapping[str, str]) -> list[Object]:
    if not values["createIngressClassResource"]:
        return []
    stated = fields(values["ingressClassParams"])
    name = text(stated.get("name")) or text(values["ingressClass"])
    parameters: Object = {
        "apiVersion": CLASS_PARAMETERS.api_version,
        "kind": CLASS_PARAMETERS.kind,
        "metadata": {"name": name, "labels": dict(labels)},
        **({"spec": clone(stated["spec"])} if stated.get("spec") else {}),
    }
    meta: Object = {"name": text(values["ingressClass"]), "labels": dict(labels)}
    if at(values, "ingressClassConfig", "default"):
        meta["annotations"] = {"ingressclass.kubernetes.io/is-default-class": "true"}
    spec: Object = {"controller": INGRESS_CONTROLLER}
    if stated.get("name") or (stated.get("create") and stated.get("spec")):
        spec["parameters"] = {"apiGroup": CLASS_PARAMETERS.group, "kind": CLASS_PARAMETERS.kind, "name": name}
    made: Object = {
        "apiVersion": INGRESS_CLASS.api_version,
        "kind": INGRESS_CLASS.kind,
        "metadata": meta,
        "spec": spec,
    }
    return [parameters, made] if stated.get("create") else [made]
