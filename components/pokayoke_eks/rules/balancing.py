"""What in a cluster makes load balancers, and by which controller.

Sources: kubernetes-sigs/aws-load-balancer-controller v3.5.0 (docs/guide/service/annotations.md, gateway.md, the chart's
templates/webhook.yaml); EKS user guide, "EKS Auto Mode: load balancers"; values.yaml of the charts
istio/gateway 1.30.3 and ingress-nginx, whose Services are load balancers unless their values say otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

CONTROLLER = "aws-load-balancer-controller"
CLASS = "service.k8s.aws/nlb"
PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"
TYPE = f"{PREFIX}type"
TYPES = ("external", "nlb-ip")
"""What the annotation says where the controller is meant."""
INGRESS_CLASS = "alb"
GATEWAY_CONTROLLERS = ("gateway.k8s.aws/nlb", "gateway.k8s.aws/alb")
ISTIO_CLASS = "istio"
OWN_KINDS = ("elbv2.k8s.aws/TargetGroupBinding",)
"""Kinds of the controller's, whose finalizers nobody else takes off."""

SERVICES_OF_CHARTS: Mapping[str, tuple[str, ...]] = {
    "istio/gateway": ("service",),
    "ingress-nginx": ("controller", "service"),
}
"""Where the values of a chart have its Service, which is a load balancer by default."""


class Controller(StrEnum):
    """Who acts on an object."""

    OURS = "the AWS Load Balancer Controller"
    IN_TREE = "the controller in Kubernetes' own tree"
    UNSAID = "whoever comes first"
    OTHER = "another controller"


@dataclass(frozen=True, slots=True)
class Judged:
    """Kinds that a fail-closed webhook of a chart judges, unless a value of the chart is this."""

    chart: str
    kinds: tuple[str, ...]
    unless: tuple[tuple[str, ...], Any] | None = None


WEBHOOKS = (
    Judged(CONTROLLER, ("core/Service",), unless=(("enableServiceMutatorWebhook",), False)),
    Judged(CONTROLLER, ("networking.k8s.io/Ingress",), unless=(("webhookConfig", "disableIngressValidation"), True)),
    Judged(CONTROLLER, ("elbv2.k8s.aws/TargetGroupBinding", "elbv2.k8s.aws/IngressClassParams")),
    Judged(
        "ingress-nginx", ("networking.k8s.io/Ingress",), unless=(("controller", "admissionWebhooks", "enabled"), False)
    ),
)
"""The policy of a webhook may be a value too: see `LENIENT`."""
LENIENT: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "core/Service": (("serviceMutatorWebhookConfig", "failurePolicy"),),
    "networking.k8s.io/Ingress": (
        ("webhookConfig", "ingressValdationFailurePolicy"),
        ("controller", "admissionWebhooks", "failurePolicy"),
    ),
}
"""Values that are `Ignore` where a webhook lets things through while nobody answers it."""

CHARTS_WITH_SERVICES = ("karpenter", "external-dns", "istio/istiod", "istio/gateway", "ingress-nginx", "metrics-server")
"""Charts that make a Service, whatever their values."""


def of_service(kind: object, load_balancer_class: object, annotations: Mapping[str, Any]) -> Controller | None:
    """Who makes the load balancer of a Service; None for a Service that has none."""
    return _of_balancer(load_balancer_class, annotations) if kind == "LoadBalancer" else None


def _of_balancer(load_balancer_class: object, annotations: Mapping[str, Any]) -> Controller:
    if isinstance(load_balancer_class, str) and load_balancer_class:
        return Controller.OURS if load_balancer_class == CLASS else Controller.OTHER
    said = annotations.get(TYPE)
    if said in TYPES:
        return Controller.OURS
    return Controller.IN_TREE if said in ("nlb", "clb") else Controller.UNSAID


def services_in_values(chart: str, values: Mapping[str, Any]) -> Iterator[tuple[str, Controller]]:
    """The load balancers that a release's values ask for: the path of each, and who makes it."""
    for path, service, holder in _services(values, "values"):
        yield path, _of_values(service, holder)
    default = SERVICES_OF_CHARTS.get(chart)
    if default is not None:
        service: Mapping[str, Any] = values
        for key in default:
            service = _map(service.get(key))
        if service.get("type") is None and service.get("enabled", True) is True:
            yield ".".join(("values", *default)), _of_values(service, {})


def _services(value: object, path: str, holder: Mapping[str, Any] | None = None) -> Iterator[tuple[str, Any, Any]]:
    """Every mapping that says `type: LoadBalancer`, as charts' values do for their Services, and what holds it."""
    if isinstance(value, dict):
        mapping = cast("dict[str, Any]", value)
        if "apiVersion" in mapping and "kind" in mapping:
            return  # A manifest of its own, which is judged as such.
        if mapping.get("type") == "LoadBalancer":
            yield path, mapping, holder or {}
        for key, inner in mapping.items():
            yield from _services(inner, f"{path}.{key}", mapping)
    elif isinstance(value, list):
        for index, inner in enumerate(cast("list[Any]", value)):
            yield from _services(inner, f"{path}[{index}]")


def _of_values(service: Mapping[str, Any], holder: Mapping[str, Any]) -> Controller:
    named = service.get("loadBalancerClass") or _map(service.get("spec")).get("loadBalancerClass")
    named = named or _map(holder.get("spec")).get("loadBalancerClass") or holder.get("loadBalancerClass")
    return _of_balancer(named, {**_map(holder.get("annotations")), **_map(service.get("annotations"))})


def _map(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
