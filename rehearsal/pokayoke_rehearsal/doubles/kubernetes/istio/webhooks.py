"""Istio's webhooks: what validates its own kinds, and what injects proxies into pods that ask for them.

Source: istio/istio 1.31.0-rc.0, charts base (defaultrevision-validatingwebhookconfiguration.yaml) and istio-discovery
(mutatingwebhook.yaml, validatingwebhookconfiguration.yaml). A mutator without a request for injection judges nothing.
"""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.istio.names import INJECTOR, SERVICE
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, clone, fields, items

BY_LABEL = "object.sidecar-injector.istio.io"
"""The webhook that judges a pod which asks for a proxy by its own label."""

_VERSION = "admissionregistration.k8s.io/v1"
_GROUPS = ["security.istio.io", "networking.istio.io", "telemetry.istio.io", "extensions.istio.io"]
_OWN_KINDS = {"operations": ["CREATE", "UPDATE"], "apiGroups": _GROUPS, "apiVersions": ["*"], "resources": ["*"]}
_NEW_PODS = {"operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]}
_VALIDATORS = ("istiod-default-validator", "istio-validator-istio-system")


def default_validator(namespace: str) -> Object:
    """The base chart's: open until istiod is there."""
    return _configuration("Validating", _VALIDATORS[0], [_validator("validation.istio.io", namespace)])


def of_istiod(namespace: str) -> list[Object]:
    """istiod's own, which are closed from the start for the pods that ask for a proxy."""
    asks = {"key": "sidecar.istio.io/inject", "operator": "In", "values": ["true"]}
    refuses_not = {"key": "sidecar.istio.io/inject", "operator": "NotIn", "values": ["false"]}
    unlabelled = {"key": "istio-injection", "operator": "DoesNotExist"}
    enabled = {"key": "istio-injection", "operator": "In", "values": ["enabled"]}
    no_revision = {"key": "istio.io/rev", "operator": "DoesNotExist"}
    of_revision = {"key": "istio.io/rev", "operator": "In", "values": ["default"]}
    hooks = [
        _injector("rev.namespace.sidecar-injector.istio.io", namespace, [of_revision, unlabelled], [refuses_not]),
        _injector(
            "rev.object.sidecar-injector.istio.io", namespace, [no_revision, unlabelled], [refuses_not, of_revision]
        ),
        _injector("namespace.sidecar-injector.istio.io", namespace, [enabled], [refuses_not]),
        _injector(BY_LABEL, namespace, [unlabelled, no_revision], [asks, no_revision]),
    ]
    own = {**_validator("rev.validation.istio.io", namespace), "objectSelector": {"matchExpressions": [of_revision]}}
    return [
        _configuration("Mutating", INJECTOR, hooks),
        _configuration("Validating", _VALIDATORS[1], [own]),
    ]


def close(cluster: Cluster) -> None:
    """What istiod does once its webhooks answer: from then on its validators fail closed."""
    for name in _VALIDATORS:
        found = cluster.find_named("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", name)
        if found is not None:
            cluster.edit(found, _fail_closed)


def _fail_closed(configuration: Object) -> None:
    for hook in map(fields, items(configuration.get("webhooks"))):
        hook["failurePolicy"] = "Fail"


def _validator(name: str, namespace: str) -> Object:
    return {**_hook(name, namespace, "/validate", _OWN_KINDS), "failurePolicy": "Ignore"}


def _injector(name: str, namespace: str, of_namespace: list[Object], of_pod: list[Object]) -> Object:
    return {
        **_hook(name, namespace, "/inject", _NEW_PODS),
        "failurePolicy": "Fail",
        "namespaceSelector": {"matchExpressions": of_namespace},
        "objectSelector": {"matchExpressions": of_pod},
    }


def _hook(name: str, namespace: str, path: str, rule: Object) -> Object:
    return {
        "name": name,
        "clientConfig": {"service": {"name": SERVICE, "namespace": namespace, "path": path, "port": 443}},
        "rules": [clone(rule)],
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
    }


def _configuration(phase: str, name: str, hooks: list[Object]) -> Object:
    return {
        "apiVersion": _VERSION,
        "kind": f"{phase}WebhookConfiguration",
        "metadata": {"name": name, "labels": {"app": "istiod"}},
        "webhooks": hooks,
    }
