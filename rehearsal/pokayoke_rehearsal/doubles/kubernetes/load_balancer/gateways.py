"""Gateways of the controller's classes: the balancer that each asks for, and what is said of it and of its routes.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, controllers/gateway and pkg/gateway/model, texts included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pokayoke_rehearsal.doubles.kubernetes import events
from pokayoke_rehearsal.doubles.kubernetes.attachment import Attachment, attachments, set_parents
from pokayoke_rehearsal.doubles.kubernetes.load_balancer import gateway_status, groups, subnets
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.gateway_classes import (
    class_of,
    configuration_of_class,
    configuration_of_gateway,
    controller_of,
    is_accepted,
    routes,
)
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.gateway_listeners import Attached, Listeners
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.groups import Held
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.names import (
    CONTROLLERS,
    GATEWAY,
    L4_ROUTES,
    L7_ROUTES,
    MANAGER,
)
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.stack import (
    Frontend,
    Owner,
    Pairs,
    Stack,
    generated_name,
    pairs,
)
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.stacks import Case
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    fields,
    finalizers_of,
    items,
    metadata,
    name_of,
    namespace_of,
    text,
    text_map,
    whole,
)

_KINDS = {"network": L4_ROUTES, "application": L7_ROUTES}


@dataclass(frozen=True)
class Asking:
    """A Gateway with all that shapes its balancer."""

    gateway: Object
    controller: str
    configurations: tuple[Object, ...]
    """That of its class before its own: for what both say the class' goes (`mergingMode: prefer-gateway-class`)."""
    attached: tuple[Attached, ...]

    @property
    def kind(self) -> str:
        return CONTROLLERS[self.controller]

    def stated(self, *path: str) -> object:
        """What the configurations say at a path of their spec."""
        return next((found for one in self.configurations if (found := at(one, "spec", *path)) is not None), None)


def cases(cluster: Cluster, acting: Acting) -> Iterator[Case]:
    """What is to be done for each Gateway of the controller's classes."""
    for gateway in cluster.list(GATEWAY.group, GATEWAY.kind):
        found = class_of(cluster, gateway)
        # Without its class the controller does not know that a Gateway is its own, one that was deleted included.
        if found is None or controller_of(found) not in acting.gateways:
            continue
        if not is_accepted(found):
            told = f"Unable to materialize gateway when gateway class [{name_of(found)}] is not accepted"
            gateway_status.refuse(cluster, gateway, told)
            continue
        asking = _asking(cluster, gateway, found)
        if asking is None:
            name = text(at(gateway, "spec", "infrastructure", "parametersRef", "name"))
            told = f'LoadBalancerConfiguration.gateway.k8s.aws "{name}" not found'
            gateway_status.refuse(cluster, gateway, told)
            continue
        if (case := _case(cluster, acting, asking)) is not None:
            yield case


def report_routes(cluster: Cluster, acting: Acting) -> None:
    """Says of each route which of the controller's Gateways take it."""
    for route in routes(cluster):
        kind = route["kind"]
        by_controller: dict[str, list[Attachment]] = {name: [] for name in acting.gateways}
        for one in attachments(cluster, route):
            found = class_of(cluster, one.gateway)
            controller = controller_of(found) if found is not None else ""
            if controller in by_controller and any(kind == served.kind for served in _KINDS[CONTROLLERS[controller]]):
                by_controller[controller].append(one)
        for controller, attached in by_controller.items():
            set_parents(cluster, route, controller, attached)


def _case(cluster: Cluster, acting: Acting, asking: Asking) -> Case | None:
    gateway, controller = asking.gateway, asking.controller
    owner = Owner(controller.replace("/", "."), f"{namespace_of(gateway)}/{name_of(gateway)}")
    case = Case(
        owner,
        controller,
        lambda: _stack(cluster, acting, asking, owner),
        lambda one, deployed: gateway_status.serve(cluster, one, asking.attached, deployed.balancer),
        failed=lambda one: gateway_status.refuse(cluster, one, gateway_status.SEE_EVENTS),
    )
    if "deletionTimestamp" not in metadata(gateway):
        return replace(case, active=[gateway])
    if controller not in finalizers_of(gateway):
        return None
    if dict(_attributes(asking)).get("deletion_protection.enabled") == "true":
        told = f"Unable to delete gateway {owner.id} because deletion protection is enabled."
        events.warn(cluster, gateway, "FailedBuildModel", f"Failed build model due to {told}", MANAGER)
        return None
    return replace(case, leaving=[gateway])


def _asking(cluster: Cluster, gateway: Object, gateway_class: Object) -> Asking | None:
    own = configuration_of_gateway(cluster, gateway)
    if own is None and at(gateway, "spec", "infrastructure", "parametersRef") is not None:
        return None
    found = (configuration_of_class(cluster, gateway_class), own)
    configurations = tuple(one for one in found if one is not None)
    if any(at(one, "spec", "mergingMode") == "prefer-gateway" for one in configurations[:1]):
        configurations = configurations[::-1]
    controller = controller_of(gateway_class)
    uid, kinds = metadata(gateway).get("uid"), {kind.kind for kind in _KINDS[CONTROLLERS[controller]]}
    attached = tuple(
        Attached(route, tuple(one.listeners))
        for route in routes(cluster)
        if route["kind"] in kinds and "deletionTimestamp" not in metadata(route)
        for one in attachments(cluster, route)
        if not one.reason and metadata(one.gateway).get("uid") == uid
    )
    return Asking(gateway, controller, configurations, attached)


def _stack(cluster: Cluster, acting: Acting, asking: Asking, owner: Owner) -> Stack:
    gateway = asking.gateway
    scheme = text(asking.stated("scheme")) or acting.flag("default-load-balancer-scheme", "internal")
    stated = [text(at(one, "identifier")) for one in items(asking.stated("loadBalancerSubnets"))]
    places = subnets.named(acting, asking.kind, stated) if stated else subnets.discover(acting, asking.kind, scheme)
    held = _groups(acting, asking)
    listeners = Listeners(cluster, acting, asking.gateway, asking.kind, asking.configurations, asking.attached)
    made = listeners.build()
    uid = text(metadata(gateway).get("uid"))
    generated = generated_name(namespace_of(gateway), name_of(gateway), acting.cluster_name, uid, scheme)
    return Stack(
        owner=owner,
        name=text(asking.stated("loadBalancerName")) or generated,
        kind=asking.kind,
        scheme=scheme,
        subnets=places,
        frontend=held.frontend,
        groups=held.ids,
        backend=held.backend,
        listeners=tuple(made),
        targets=tuple(listeners.targets.values()),
        attributes=_attributes(asking),
        tags=pairs(text_map(asking.stated("tags"))),
    )


def _groups(acting: Acting, asking: Asking) -> Held:
    if asking.kind == "network" and asking.stated("disableSecurityGroup") is True:
        return Held()
    gateway = asking.gateway
    ranges: Sequence[str] = [text(one) for one in items(asking.stated("sourceRanges"))] or ["0.0.0.0/0"]
    stated = [fields(one) for one in items(at(gateway, "spec", "listeners"))]
    ports = {("udp" if one.get("protocol") == "UDP" else "tcp", whole(one.get("port"), 0)) for one in stated}
    seeds = (acting.cluster_name, name_of(gateway), namespace_of(gateway), text(metadata(gateway).get("uid")))
    name = generated_name(namespace_of(gateway), name_of(gateway), *seeds)
    frontend = Frontend(name, tuple(sorted(ports)), tuple(ranges))
    named = [text(one) for one in items(asking.stated("securityGroups"))]
    manages = asking.stated("manageBackendSecurityGroupRules") is True
    return groups.resolve(acting, frontend, named, manages=manages)


def _attributes(asking: Asking) -> Pairs:
    stated = [fields(one) for one in items(asking.stated("loadBalancerAttributes"))]
    return pairs({text(one.get("key")): text(one.get("value")) for one in stated})
