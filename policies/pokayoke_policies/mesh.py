"""The policy `istio-gateway-chart-in-ambient`: in ambient mode, gateways are Gateway API resources."""

from collections.abc import Iterator

from pokayoke_eks.rules.finding import Finding

from .eks import label, may_be_same
from .inventory import Install, installs, known_map, objects_of
from .policy import Rule
from .stack import Member, Stack

SLUG = "istio-gateway-chart-in-ambient"
_GATEWAYS = ("istio/gateway", "istio-ingress", "istio-ingressgateway")
_TEMPLATE = "inject.istio.io/templates"


def no_gateway_chart_beside_ambient(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No release of Istio's gateway chart, nor what it renders, in a cluster with ambient mode."""
    ambient = list(_ambient(stack))
    seen: set[str] = set()
    for member, cluster, own in _gateways(stack):
        sign = member if own else next((one for one, where in ambient if may_be_same(where, cluster)), None)
        if sign is not None and member.urn not in seen:
            seen.add(member.urn)
            finding = Finding(
                f"chart: it is of Istio's gateway chart, and '{label(sign.urn)}' puts the mesh in ambient mode: the "
                "chart's schema fails there, or no pod comes up",
                "Make a Gateway instead (apiVersion: gateway.networking.k8s.io/v1, spec: {gatewayClassName: istio}); "
                "istiod makes its Deployment.",
                SLUG,
            )
            yield member.urn, finding


RULE = Rule(SLUG, stack=(no_gateway_chart_beside_ambient,))


def _gateways(stack: Stack) -> Iterator[tuple[Member, str | None, bool]]:
    """What is of the gateway chart, its cluster, and whether its own values say ambient."""
    for install in installs(stack, *_GATEWAYS):
        yield install.member, install.cluster, _says_ambient(install)
    for held in objects_of(stack, "apps/Deployment", "apps/DaemonSet"):
        template = known_map(known_map(held.spec.get("template")).get("metadata"))
        if known_map(template.get("annotations")).get(_TEMPLATE) == "gateway":
            yield held.member, held.cluster, False


def _ambient(stack: Stack) -> Iterator[tuple[Member, str | None]]:
    """What puts a mesh in ambient mode, and in which cluster."""
    for install in installs(stack, "istio/ztunnel"):
        yield install.member, install.cluster
    for install in installs(stack, "istio/istiod", "istio/cni"):
        if _says_ambient(install):
            yield install.member, install.cluster
    for held in objects_of(stack, "core/Namespace"):
        if known_map(held.metadata.get("labels")).get("istio.io/dataplane-mode") == "ambient":
            yield held.member, held.cluster
    for held in objects_of(stack, "install.istio.io/IstioOperator", "sailoperator.io/Istio"):
        if "ambient" in (held.spec.get("profile"), known_map(held.spec.get("values")).get("profile")):
            yield held.member, held.cluster


def _says_ambient(install: Install) -> bool:
    asked = (
        install.value("profile") == "ambient",
        install.value("ambient", "enabled") is True,
        install.value("cni", "ambient", "enabled") is True,
        str(install.value("pilot", "env", "PILOT_ENABLE_AMBIENT")).lower() == "true",
    )
    return any(asked)
