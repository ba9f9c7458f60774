"""GatewayClasses of the controller, and the configurations that classes, Gateways and routes refer to.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, controllers/gateway: each is held while something uses it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pokayoke_rehearsal.doubles.kubernetes.attachment import attachments
from pokayoke_rehearsal.doubles.kubernetes.controllers.status import condition
from pokayoke_rehearsal.doubles.kubernetes.finalizers import hold, release
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.names import (
    CLASS_FINALIZER,
    CONFIGURATION,
    CONFIGURATION_FINALIZERS,
    GATEWAY,
    GATEWAY_CLASS,
    L4_ROUTES,
    L7_ROUTES,
    RULE_CONFIGURATION,
    TARGET_CONFIGURATION,
)
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    conditions,
    fields,
    items,
    metadata,
    name_of,
    namespace_of,
    text,
    whole,
)
from pokayoke_rehearsal.doubles.kubernetes.store.objects import condition as found_condition


def reconcile_all(cluster: Cluster, acting: Acting) -> None:
    """Accepts the controller's classes, and lets go of what was deleted and nothing uses any more."""
    for found in cluster.list(GATEWAY_CLASS.group, GATEWAY_CLASS.kind):
        if controller_of(found) in acting.gateways:
            _reconcile(cluster, found)


def reconcile_configurations(cluster: Cluster, acting: Acting) -> None:
    """Holds configurations while something uses them."""
    for kind, finalizer in CONFIGURATION_FINALIZERS.items():
        for found in cluster.list(kind.group, kind.kind):
            deleted = "deletionTimestamp" in metadata(found)
            if not deleted and (kind is TARGET_CONFIGURATION or _users(cluster, acting, found)):
                hold(cluster, found, finalizer)
            elif deleted and not _users(cluster, acting, found):
                release(cluster, found, finalizer)


def controller_of(gateway_class: Object) -> str:
    """The controller that a class is for."""
    return text(at(gateway_class, "spec", "controllerName"))


def class_of(cluster: Cluster, gateway: Object) -> Object | None:
    """A Gateway's class, None while it is not there."""
    return cluster.find(GATEWAY_CLASS, text(at(gateway, "spec", "gatewayClassName")))


def is_accepted(gateway_class: Object) -> bool:
    """Whether a controller has accepted a class."""
    found = found_condition(gateway_class, "Accepted")
    return found is not None and found.get("status") == "True"


def configuration_of_class(cluster: Cluster, gateway_class: Object) -> Object | None:
    """The configuration that a class refers to."""
    reference = fields(at(gateway_class, "spec", "parametersRef"))
    return cluster.find(CONFIGURATION, text(reference.get("name")), text(reference.get("namespace")))


def configuration_of_gateway(cluster: Cluster, gateway: Object) -> Object | None:
    """The configuration that a Gateway refers to, in its own namespace."""
    name = text(at(gateway, "spec", "infrastructure", "parametersRef", "name"))
    return cluster.find(CONFIGURATION, name, namespace_of(gateway))


def routes(cluster: Cluster) -> Iterator[Object]:
    """All routes of all kinds that the controller serves."""
    for kind in (*L4_ROUTES, *L7_ROUTES):
        yield from cluster.list(kind.group, kind.kind)


def _reconcile(cluster: Cluster, found: Object) -> None:
    if "deletionTimestamp" in metadata(found):
        used = any(
            at(gateway, "spec", "gatewayClassName") == name_of(found)
            for gateway in cluster.list(GATEWAY.group, GATEWAY.kind)
        )
        if not used:
            release(cluster, found, CLASS_FINALIZER)
        return
    hold(cluster, found, CLASS_FINALIZER)
    reference = fields(at(found, "spec", "parametersRef"))
    if reference and not reference.get("namespace"):
        told = "Namespace must be specified in ParametersRef for LoadBalancerConfiguration"
        _say(cluster, found, "InvalidParametersRef", told)
    elif reference and configuration_of_class(cluster, found) is None:
        told = f"LoadBalancerConfiguration ({reference.get('name')},{reference.get('namespace')}) not found"
        _say(cluster, found, "ConfigNotFound", told)
    else:
        _say(cluster, found, "", "Accepted")


def _say(cluster: Cluster, found: Object, reason: str, message: str) -> None:
    generation = whole(metadata(found).get("generation"), 1)
    made = condition(found, "Accepted", not reason, reason or "Accepted", message)
    others = [one for one in conditions(found) if one.get("type") != "Accepted"]
    written = [*others, {**made, "observedGeneration": generation}]
    cluster.set_status(found, {**fields(found.get("status")), "conditions": written})


def _users(cluster: Cluster, acting: Acting, found: Object) -> bool:
    kind, name, namespace = found["kind"], name_of(found), namespace_of(found)
    if kind == CONFIGURATION.kind:
        uid = metadata(found).get("uid")
        referred = [
            configuration_of_class(cluster, one) for one in cluster.list(GATEWAY_CLASS.group, GATEWAY_CLASS.kind)
        ]
        referred += [configuration_of_gateway(cluster, one) for one in _gateways(cluster, acting)]
        return any(one is not None and metadata(one).get("uid") == uid for one in referred)
    if kind == TARGET_CONFIGURATION.kind:
        service = text(at(found, "spec", "targetReference", "name"))
        if not service:
            held = cluster.list(CONFIGURATION.group, CONFIGURATION.kind, namespace)
            return any(at(one, "spec", "defaultTargetGroupConfiguration", "name") == name for one in held)
        return any(
            (text(reference.get("name")), text(reference.get("namespace")) or namespace_of(route))
            == (service, namespace)
            for route in _served(cluster, acting)
            for reference in backends(route)
        )
    return any(
        at(one, "extensionRef", "kind") == RULE_CONFIGURATION.kind and at(one, "extensionRef", "name") == name
        for route in _served(cluster, acting)
        if namespace_of(route) == namespace
        for rule in items(at(route, "spec", "rules"))
        for one in items(at(rule, "filters"))
    )


def backends(route: Object) -> Iterator[Object]:
    """The Services that a route leads to."""
    for rule in items(at(route, "spec", "rules")):
        yield from map(fields, items(at(rule, "backendRefs")))


def _gateways(cluster: Cluster, acting: Acting) -> Iterator[Object]:
    for gateway in cluster.list(GATEWAY.group, GATEWAY.kind):
        found = class_of(cluster, gateway)
        if found is not None and controller_of(found) in acting.gateways:
            yield gateway


def _served(cluster: Cluster, acting: Acting) -> Iterator[Object]:
    own = {metadata(one).get("uid") for one in _gateways(cluster, acting)}
    for route in routes(cluster):
        if any(metadata(one.gateway).get("uid") in own for one in attachments(cluster, route) if not one.reason):
            yield route
