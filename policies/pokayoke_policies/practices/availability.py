"""What is asked of workloads of production: that no one pod, zone or update takes them away."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.quantities import quantity
from pokayoke_eks.rules.selectors import selects
from pokayoke_policies.eks import label
from pokayoke_policies.gateways import Place, placed, services_of_routes
from pokayoke_policies.inventory import Held, objects_of
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, each
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_at, mapping_at, over, stated
from pokayoke_policies.references import is_given, texts_in
from pokayoke_policies.stack import Stack

from .disruption import least_replicas, selecting
from .production import STACKS, is_one_of

_WORKLOADS = ("apps/Deployment", "apps/StatefulSet")
_SERVICE, _INGRESS = "core/Service", "networking.k8s.io/Ingress"
_PODS = ("spec", "template", "spec")
_ZONE = "topology.kubernetes.io/zone"
_MORE = "Set replicas: 2 or more."
_SPREAD = (
    f"Set topologySpreadConstraints: [{{topologyKey: {_ZONE}, maxSkew: 1, whenUnsatisfiable: ScheduleAnyway, "
    "labelSelector: ITS_LABELS}]."
)
_READY = "Set readinessProbe: {httpGet: {path: /ready, port: 8080}}, by what it answers itself."
_DRAINED = "Set lifecycle: {preStop: {sleep: {seconds: 15}}}, as long as the balancer takes to notice."

AVAILABLE = Practice(
    "workload-available",
    "A workload of production stands on one pod or one zone, or is called before or after it answers",
    "its users fail while a pod moves, a zone is away or an update runs",
    "Set replicas: 2, topologySpreadConstraints over zones, and a readinessProbe.",
    "EKS best practices, reliability/application and networking/loadbalancing",
    STACKS,
)


def availability(settings: Mapping[str, Any]) -> Rule:
    """In production, Deployments and StatefulSets of the stack."""

    def workloads_are_available(stack: Stack) -> Iterator[tuple[str, Finding]]:
        if not is_one_of(stack, settings["stacks"]):
            return
        balanced = {placed(one, text) for one in objects_of(stack, _INGRESS) for text in texts_in(one.spec)}
        unknown: NotKnownError | None = None
        try:
            balanced.update(services_of_routes(stack))
        except NotKnownError as error:
            unknown = error

        def judged(held: Held) -> Iterator[tuple[str, Finding]]:
            aspects: tuple[Callable[[], Iterator[Finding]], ...] = (
                lambda: _stands(held, least_replicas(stack, held)),
                lambda: _serves(stack, held, balanced),
            )
            yield from ((held.member.urn, one) for one in over(aspects, lambda aspect: aspect()))

        yield from over(objects_of(stack, *_WORKLOADS), judged)
        if unknown:
            raise unknown

    return Rule(AVAILABLE.slug, stack=(workloads_are_available,), practice=AVAILABLE, tuned=availability)


RULES = (availability(AVAILABLE.set_by({})),)


def _stands(held: Held, replicas: int) -> Iterator[Finding]:
    """Whether it stands on one pod, or on one zone; none at all is meant."""
    if replicas == 1:
        yield AVAILABLE.finding(f"{held.place}spec.replicas", "it is one, or left out", _MORE)
    if replicas > 1 and _ZONE not in _keys_of_spread(mapping_at(held.content, *_PODS)):
        place = f"{held.place}{'.'.join(_PODS)}.topologySpreadConstraints"
        yield AVAILABLE.finding(place, "nothing spreads its pods over zones", _SPREAD)


def _keys_of_spread(pods: Mapping[str, Any]) -> Iterator[Any]:
    """By which labels of nodes pods keep apart."""
    for _, one in each(list_at(pods, "topologySpreadConstraints")):
        yield stated(one, "topologyKey")
    apart = mapping_at(pods, "affinity", "podAntiAffinity")
    for _, one in each(list_at(apart, "requiredDuringSchedulingIgnoredDuringExecution")):
        yield stated(one, "topologyKey")
    for _, one in each(list_at(apart, "preferredDuringSchedulingIgnoredDuringExecution")):
        yield stated(one, "podAffinityTerm", "topologyKey")


def _serves(stack: Stack, held: Held, balanced: set[Place]) -> Iterator[Finding]:
    """Whether containers to which Services lead say when they answer, and keep answering until nobody asks."""
    for service in selecting(stack, held, _SERVICE, ("spec", "selector"), _leads_to):
        named = placed(service, service.metadata.get("name"))
        is_balanced = service.spec.get("type") == "LoadBalancer" or named in balanced
        for index, container in _behind(held, service):
            place = f"{held.place}{'.'.join(_PODS)}.containers[{index}]"
            by = f"by '{label(service.member.urn)}'"
            if not is_given(container.get("readinessProbe")):
                problem = f"it is left out, and it is called {by} from its start on"
                yield AVAILABLE.finding(f"{place}.readinessProbe", problem, _READY)
            if is_balanced and stated(container, "lifecycle", "preStop") is None:
                problem = f"it is left out, and a load balancer calls it {by} after its end"
                yield AVAILABLE.finding(f"{place}.lifecycle.preStop", problem, _DRAINED)


def _leads_to(service: Held, labels: Mapping[str, Any]) -> bool:
    wanted = mapping_at(service.content, "spec", "selector")
    if UNKNOWN in wanted.values():
        raise NotKnownError(("spec", "selector"))
    return bool(wanted) and selects({"matchLabels": wanted}, labels)


def _behind(held: Held, service: Held) -> list[tuple[int, dict[str, Any]]]:
    """The containers to which a Service leads: those that name its port, or the only one."""
    containers = list(each(list_at(held.content, *_PODS, "containers")))
    ports = [one for _, one in each(list_at(service.content, "spec", "ports"))]
    wanted = {_port(stated(one, "targetPort") or stated(one, "port")) for one in ports}
    naming = [(index, one) for index, one in containers if wanted & set(_ports_of(one))]
    return naming or (containers if len(containers) == 1 else [])


def _ports_of(container: Mapping[str, Any]) -> Iterator[Any]:
    for _, port in each(list_at(container, "ports")):
        yield from (_port(port.get(key)) for key in ("containerPort", "name"))


def _port(said: Any) -> Any:
    """A port by its number, however that is written, or by its name."""
    number = quantity(said)
    return str(said) if number is None else number
