"""The AWS Load Balancer Controller's own kinds. Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0,
`helm/aws-load-balancer-controller/crds`."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.definitions import CustomKind
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object

GATEWAY_KINDS = tuple(
    CustomKind("gateway.k8s.aws", kind, f"{kind.lower()}s", True, ("v1", "v1beta1"), "v1")
    for kind in ("ListenerRuleConfiguration", "LoadBalancerConfiguration", "TargetGroupConfiguration")
)
KINDS = (
    CustomKind("elbv2.k8s.aws", "TargetGroupBinding", "targetgroupbindings", True, ("v1beta1", "v1alpha1"), "v1beta1"),
    CustomKind("elbv2.k8s.aws", "IngressClassParams", "ingressclassparams", False, ("v1beta1",), "v1beta1"),
    CustomKind("elbv2.k8s.aws", "ALBTargetControlConfig", "albtargetcontrolconfigs", True, ("v1beta1",), "v1beta1"),
    CustomKind("aga.k8s.aws", "GlobalAccelerator", "globalaccelerators", True, ("v1beta1",), "v1beta1"),
)
_CHART = (
    "https://raw.githubusercontent.com/kubernetes-sigs/aws-load-balancer-controller/v{version}"
    "/helm/aws-load-balancer-controller"
)


def gateway_definitions(version: str = "") -> list[Object]:  # noqa: ARG001 - the same for every version
    """`gateway-crds.yaml`."""
    return [kind.definition() for kind in GATEWAY_KINDS]


def definitions(version: str = "") -> list[Object]:  # noqa: ARG001 - the same for every version
    """`crds.yaml`."""
    return [kind.definition() for kind in KINDS]


MANIFESTS = (
    (f"{_CHART}/crds/gateway-crds.yaml", gateway_definitions),
    (f"{_CHART}/crds/crds.yaml", definitions),
)
