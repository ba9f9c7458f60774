"""The chart's webhook configurations (v3.5.0, templates/webhook.yaml), and what stands behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.charts import Installation
from pokayoke_rehearsal.doubles.kubernetes.store.admission import Operation
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, clone, fields, items, text

SERVICE = "aws-load-balancer-webhook-service"
SERVICE_MUTATOR = "mservice.elbv2.k8s.aws"

_CONFIGURATION = "aws-load-balancer-webhook"
_NOT_OWN = {"key": "app.kubernetes.io/name", "operator": "NotIn", "values": ["aws-load-balancer-controller"]}
_BINDINGS = ("elbv2.k8s.aws", "v1beta1", "targetgroupbindings")
_PODS = ("", "v1", "pods")
_AGENT = "elbv2.k8s.aws/alb-target-control-agent-inject"
_BOTH = ("CREATE", "UPDATE")


def configurations(installation: Installation, values: Mapping[str, Any], labels: Mapping[str, str]) -> list[Object]:
    """Both configurations, after the values."""
    hooks = _Hooks(installation.namespace, _own_selector(values.get("objectSelector")))
    pods = values.get("webhookNamespaceSelectors") or None
    mutating = [
        hooks.hook(
            "mpod.elbv2.k8s.aws",
            "mutate-v1-pod",
            _PODS,
            policy=text(at(values, "podMutatorWebhookConfig", "failurePolicy")),
            namespaces=pods or [_in("elbv2.k8s.aws/pod-readiness-gate-inject")],
        ),
        hooks.hook(
            "quicid.elbv2.k8s.aws",
            "mutate-v1-pod-server-id",
            _PODS,
            namespaces=pods or [_in("elbv2.k8s.aws/quic-server-id-inject")],
        ),
        *_service_mutator(hooks, values),
        hooks.hook(
            "alb-target-control.namespace.elbv2.k8s.aws",
            "mutate-alb-target-control-namespace-v1-pod",
            _PODS,
            namespaces=[_in(f"{_AGENT}ion")],
            objects={"matchExpressions": [_NOT_OWN, {"key": _AGENT, "operator": "NotIn", "values": ["false"]}]},
        ),
        hooks.hook(
            "alb-target-control.object.elbv2.k8s.aws",
            "mutate-alb-target-control-object-v1-pod",
            _PODS,
            namespaces=[{"key": f"{_AGENT}ion", "operator": "DoesNotExist"}],
            objects={"matchExpressions": [_NOT_OWN, {"key": _AGENT, "operator": "In", "values": ["true"]}]},
        ),
        hooks.hook(
            "mtargetgroupbinding.elbv2.k8s.aws",
            "mutate-elbv2-k8s-aws-v1beta1-targetgroupbinding",
            _BINDINGS,
            operations=_BOTH,
            objects={},
        ),
    ]
    validating = [
        hooks.hook(
            "vingressclassparams.elbv2.k8s.aws",
            "validate-elbv2-k8s-aws-v1beta1-ingressclassparams",
            ("elbv2.k8s.aws", "v1beta1", "ingressclassparams"),
            operations=_BOTH,
            objects={"matchExpressions": [_NOT_OWN]},
        ),
        hooks.hook(
            "vtargetgroupbinding.elbv2.k8s.aws",
            "validate-elbv2-k8s-aws-v1beta1-targetgroupbinding",
            _BINDINGS,
            operations=_BOTH,
            objects={},
        ),
        *_ingress_validator(hooks, values),
    ]
    meta = {"name": _CONFIGURATION, "labels": dict(labels)}
    version = "admissionregistration.k8s.io/v1"
    return [
        {"apiVersion": version, "kind": "MutatingWebhookConfiguration", "metadata": meta, "webhooks": mutating},
        {"apiVersion": version, "kind": "ValidatingWebhookConfiguration", "metadata": meta, "webhooks": validating},
    ]


def stand_behind(cluster: Cluster, load_balancer_class: Callable[[], str]) -> None:
    """Has the mutator do in a cluster what it does while its pods answer: new balancers get the controller's class."""

    def give_class(service: Object, old: Object | None, operation: Operation) -> Object:  # noqa: ARG001
        spec = fields(service.get("spec"))
        if spec.get("type") != "LoadBalancer" or spec.get("loadBalancerClass") or operation != "CREATE":
            return service
        return {**service, "spec": {**spec, "loadBalancerClass": load_balancer_class()}}

    cluster.admission.behaviours[SERVICE_MUTATOR] = give_class


class _Hooks:
    """Webhooks of one installation: all behind one service, fail-closed unless they say otherwise."""

    def __init__(self, namespace: str, own: Object) -> None:
        self._namespace, self._own = namespace, own

    def hook(
        self,
        name: str,
        path: str,
        resource: tuple[str, str, str],
        *,
        policy: str = "Fail",
        operations: Sequence[str] = ("CREATE",),
        namespaces: Sequence[Object] = (),
        objects: Object | None = None,
    ) -> Object:
        group, version, plural = resource
        rule = {"apiGroups": [group], "apiVersions": [version], "operations": list(operations), "resources": [plural]}
        made: Object = {
            "name": name,
            "clientConfig": {"service": {"name": SERVICE, "namespace": self._namespace, "path": f"/{path}"}},
            "failurePolicy": policy,
            "admissionReviewVersions": ["v1"],
            "sideEffects": "None",
            "objectSelector": clone(self._own if objects is None else objects),
            "rules": [rule],
        }
        if namespaces:
            made["namespaceSelector"] = {"matchExpressions": clone(list(namespaces))}
        return made


def _service_mutator(hooks: _Hooks, values: Mapping[str, Any]) -> list[Object]:
    if not values.get("enableServiceMutatorWebhook"):
        return []
    stated = fields(values.get("serviceMutatorWebhookConfig"))
    return [
        hooks.hook(
            SERVICE_MUTATOR,
            "mutate-v1-service",
            ("", "v1", "services"),
            policy=text(stated.get("failurePolicy")),
            operations=[text(item) for item in items(stated.get("operations"))],
            namespaces=items(stated.get("namespaceSelectors")),
            objects=_own_selector(stated.get("objectSelector")),
        )
    ]


def _ingress_validator(hooks: _Hooks, values: Mapping[str, Any]) -> list[Object]:
    stated = fields(values.get("webhookConfig"))
    if stated.get("disableIngressValidation"):
        return []
    return [
        hooks.hook(
            "vingress.elbv2.k8s.aws",
            "validate-networking-v1-ingress",
            ("networking.k8s.io", "v1", "ingresses"),
            policy=text(stated.get("ingressValdationFailurePolicy")),
            operations=_BOTH,
            objects={},
        )
    ]


def _own_selector(stated: Any) -> Object:
    """The controller's own objects are never judged, and of the others only those that the values select."""
    chosen = fields(stated)
    labels = fields(chosen.get("matchLabels"))
    expressions = [_NOT_OWN, *items(chosen.get("matchExpressions"))]
    return {"matchExpressions": expressions, **({"matchLabels": labels} if labels else {})}


def _in(key: str) -> Object:
    return {"key": key, "operator": "In", "values": ["enabled"]}
