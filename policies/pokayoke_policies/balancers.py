"""What in a stack makes load balancers, by which controller, and where that controller is installed."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from pokayoke_eks.rules.balancing import (
    CONTROLLER,
    GATEWAY_CONTROLLERS,
    INGRESS_CLASS,
    ISTIO_CLASS,
    OWN_KINDS,
    Controller,
    of_service,
    services_in_values,
)

from .eks import CLUSTER, label
from .inventory import (
    Held,
    Install,
    installs,
    installs_near,
    known_map,
    objects_near,
    objects_of,
    speaks_by_values,
)
from .near import hashable
from .objects import RELEASE
from .raw import UNKNOWN
from .stack import Member, Stack

_INGRESSES = ("networking.k8s.io/Ingress", "extensions/Ingress")
_OPAQUE = ("kubernetes:yaml", "kubernetes:kustomize", "kubernetes:helm.sh/v3:Chart", "kubernetes:helm.sh/v4:Chart")
_DELIVERERS = (
    *("argoproj.io/Application", "argoproj.io/ApplicationSet"),
    *("helm.toolkit.fluxcd.io/HelmRelease", "kustomize.toolkit.fluxcd.io/Kustomization"),
)
"""Kinds whose controllers bring whatever a repository holds."""


@dataclass(frozen=True)
class Maker:
    """An object, or a release by its values, for which a controller makes a load balancer or keeps what it made."""

    member: Member
    place: str
    cluster: str | None
    controller: Controller
    istio: bool = False
    """Whether istiod stands between."""


def makers(stack: Stack) -> list[Maker]:
    """Everything that makes load balancers, as far as it is told."""
    return stack.once(_makers)


def controllers(stack: Stack, cluster: str | None, chart: str = CONTROLLER) -> list[Install]:
    """Where the controller of a chart is installed, of the clusters that may be this one."""
    return stack.once(_controllers, cluster, chart)


def brings_its_own(stack: Stack, cluster: str | None) -> bool:
    """Whether a cluster is in EKS Auto Mode, which has a controller of its own; unknown counts as yes."""
    return stack.once(_brings_its_own, cluster)


def _brings_its_own(stack: Stack, cluster: str | None) -> bool:
    if cluster is None:
        return any(brings_its_own(stack, one.urn) for one in stack.of_type(CLUSTER))
    said = stack.members[cluster].properties
    network = said.get("kubernetesNetworkConfig")
    if UNKNOWN in (said.get("computeConfig"), network):
        return True
    own = known_map(known_map(network).get("elasticLoadBalancing")).get("enabled")
    return own is True or own is UNKNOWN or known_map(said.get("computeConfig")).get("enabled") in (True, UNKNOWN)


def may_come_otherwise(stack: Stack, cluster: str | None) -> bool:
    """Whether something in the stack may install a controller unseen: files that are not rendered yet, charts from a
    folder, GitOps."""
    return any(objects_near(stack, cluster, *_DELIVERERS)) or stack.once(_may_bring)


def _may_bring(stack: Stack) -> bool:
    for member in stack.of_package("kubernetes"):
        if member.type.startswith(_OPAQUE) and member.urn not in with_objects(stack):
            return True
    return any(is_of_a_folder(member) for member in stack.of_type(RELEASE))


def with_objects(stack: Stack) -> set[str]:
    """The URNs of manifests and charts that are rendered, so that all they bring is told."""
    return stack.once(_with_objects)


def is_of_a_folder(release: Member) -> bool:
    """Whether a release's chart is of the program's own making, and so holds what nobody else knows."""
    chart = release.properties.get("chart")
    return not isinstance(chart, str) or chart.startswith((".", "/", "~"))


def _controllers(stack: Stack, cluster: str | None, chart: str) -> list[Install]:
    return list(installs_near(stack, cluster, chart))


def _makers(stack: Stack) -> list[Maker]:
    return [*_objects(stack), *_releases(stack)]


def _with_objects(stack: Stack) -> set[str]:
    return {member.parent for member in stack.of_package("kubernetes") if member.parent and _is_rendered(member)}


def _is_rendered(child: Member) -> bool:
    """Whether a component made it, and not somebody who names that as its parent: those of `yaml/v2` and `helm.sh/v4`
    begin the names of what they make with their own, unless they are told another prefix."""
    parent = str(child.parent)
    later = any(f"{part}:" in parent for part in ("/v2", "/v4"))
    return not later or label(child.urn).startswith(label(parent))


def _objects(stack: Stack) -> Iterator[Maker]:
    for held in objects_of(stack, "core/Service"):
        annotations = known_map(held.metadata.get("annotations"))
        found = of_service(held.spec.get("type"), held.spec.get("loadBalancerClass"), annotations)
        if held.spec.get("loadBalancerClass") is UNKNOWN:
            found = None
        if found is not None:
            yield _maker(held, found)
    for held in objects_of(stack, "core/ServicePatch"):
        # What a patch leaves out, the class above all, may well be there.
        kind, annotations = held.spec.get("type") or "LoadBalancer", known_map(held.metadata.get("annotations"))
        is_open = held.spec.get("loadBalancerClass") is None
        if is_open and of_service(kind, None, annotations) is Controller.IN_TREE:
            yield _maker(held, Controller.IN_TREE)
    classes = {
        str(held.metadata.get("name")): held.spec.get("controller")
        for held in objects_of(stack, "networking.k8s.io/IngressClass")
    }
    for held in objects_of(stack, *_INGRESSES):
        named = held.spec.get("ingressClassName") or known_map(held.metadata.get("annotations")).get(
            "kubernetes.io/ingress.class"
        )
        if isinstance(named, str) and (named == INGRESS_CLASS or classes.get(named) == "ingress.k8s.aws/alb"):
            yield _maker(held, Controller.OURS)
    for held in objects_of(stack, *OWN_KINDS):
        yield _maker(held, Controller.OURS)
    yield from _gateways(stack)


def _gateways(stack: Stack) -> Iterator[Maker]:
    classes = {
        str(held.metadata.get("name")): held.spec.get("controllerName")
        for held in objects_of(stack, "gateway.networking.k8s.io/GatewayClass")
    }
    for held in objects_of(stack, "gateway.networking.k8s.io/Gateway"):
        named = held.spec.get("gatewayClassName")
        if not isinstance(named, str):
            continue
        if classes.get(named) in GATEWAY_CONTROLLERS:
            yield _maker(held, Controller.OURS)
        elif named == ISTIO_CLASS:
            found = _of_istio(stack, held)
            if found is not None:
                yield _maker(held, found, istio=True)


def _of_istio(stack: Stack, gateway: Held) -> Controller | None:
    """Who makes the balancer of the Service that istiod makes of a Gateway."""
    infrastructure = known_map(gateway.spec.get("infrastructure"))
    own = infrastructure if "annotations" in infrastructure else gateway.metadata
    annotations = known_map(own.get("annotations"))
    kind = known_map(gateway.metadata.get("annotations")).get("networking.istio.io/service-type", "LoadBalancer")
    found = of_service(kind, None, annotations)
    overlay = known_map(infrastructure.get("parametersRef")).get("name")
    if overlay is None or found is not Controller.UNSAID:
        return found
    named = stack.once(_settings).get(hashable(overlay))
    if named is None:
        return None
    text = str(known_map(named.content.get("data")).get("service"))
    return Controller.OURS if "loadBalancerClass" in text else found


def _settings(stack: Stack) -> dict[Hashable, Held]:
    """The first ConfigMap of each name."""
    found: dict[Hashable, Held] = {}
    for held in objects_of(stack, "core/ConfigMap"):
        found.setdefault(hashable(held.metadata.get("name")), held)
    return found


def _releases(stack: Stack) -> Iterator[Maker]:
    for install in installs(stack):
        if install.values is None or install.chart == CONTROLLER:
            continue
        if speaks_by_values(stack, install.member):
            for path, found in services_in_values(install.chart, install.values):
                yield Maker(install.member, f"{path}: ", install.cluster, found)


def _maker(held: Held, controller: Controller, *, istio: bool = False) -> Maker:
    return Maker(held.member, held.place, held.cluster, controller, istio)
