"""The Gateways of a stack for which the load balancer controller makes a balancer, and the routes that lead to them.

Source: Gateway API v1 reference, ParentReference, BackendObjectReference; AWS Load Balancer Controller v3.5.0,
`docs/guide/gateway/{gateway,loadbalancerconfig}.md`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.balancing import GATEWAY_CONTROLLERS

from .inventory import Held, objects_of
from .practice import each
from .raw import known_list, list_at, mapping_at, over, stated
from .stack import Stack

_API = "gateway.networking.k8s.io"
GATEWAY, _CLASS = f"{_API}/Gateway", f"{_API}/GatewayClass"
_CONFIGURATION = "gateway.k8s.aws/LoadBalancerConfiguration"
_ROUTES = tuple(f"{_API}/{kind}" for kind in ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"))

Place = tuple[str, str, str]
"""A cluster, a namespace in it, and a name."""


def placed(near: Held, name: Any, namespace: Any = None) -> Place:
    """What has this name, in the cluster of an object and in its namespace, or in another one."""
    return str(near.cluster), str(namespace or near.namespace), str(name)


def balanced_gateways(stack: Stack) -> Mapping[Place, Held]:
    """The Gateways of the controller's classes, whose targets are the pods that routes lead to."""
    return stack.once(_balanced_gateways)


def services_of_routes(stack: Stack) -> Iterator[Place]:
    """The Services to which routes of such Gateways lead. Raises `NotKnownError` after the last where a route does not
    tell them yet."""
    yield from over(objects_of(stack, *_ROUTES), lambda route: _services(stack, route))


def is_public(stack: Stack, gateway: Held) -> bool:
    """Whether a configuration of the Gateway, or of its class, puts its balancer into the internet."""
    classes = stack.once(_classes)
    own = classes.get((gateway.cluster, str(gateway.spec.get("gatewayClassName"))))
    refs = [(gateway, mapping_at(gateway.content, "spec", "infrastructure", "parametersRef"))]
    if own is not None:
        refs.append((own, mapping_at(own.content, "spec", "parametersRef")))
    asked = [placed(held, ref.get("name"), ref.get("namespace")) for held, ref in refs]
    found = (stack.once(_configurations).get(one) for one in asked)
    return any(one is not None and stated(one.content, "spec", "scheme") == "internet-facing" for one in found)


def routes_of_listener(stack: Stack, gateway: Place, name: Any, port: Any) -> Iterator[Held]:
    """The HTTPRoutes that a listener of a Gateway takes, by its name or its port, or as any other."""
    for route, parent in stack.once(_parents).get(gateway, ()):
        section, number = stated(parent, "sectionName"), stated(parent, "port")
        if section in (None, name) and number in (None, port):
            yield route


def _services(stack: Stack, route: Held) -> Iterator[Place]:
    parents = [one for _, one in each(list_at(route.content, "spec", "parentRefs"))]
    if not any(placed(route, one.get("name"), one.get("namespace")) in balanced_gateways(stack) for one in parents):
        return
    for _, rule in each(list_at(route.content, "spec", "rules")):
        for _, one in each(list_at(rule, "backendRefs")):
            yield placed(route, one.get("name"), one.get("namespace"))


def _balanced_gateways(stack: Stack) -> dict[Place, Held]:
    classes = stack.once(_classes)
    gateways = ((placed(one, one.metadata.get("name")), one) for one in objects_of(stack, GATEWAY))
    return {place: one for place, one in gateways if (one.cluster, str(one.spec.get("gatewayClassName"))) in classes}


def _classes(stack: Stack) -> dict[tuple[str | None, str], Held]:
    """The classes of the controller, by cluster and name."""
    return {
        (one.cluster, str(one.metadata.get("name"))): one
        for one in objects_of(stack, _CLASS)
        if one.spec.get("controllerName") in GATEWAY_CONTROLLERS
    }


def _configurations(stack: Stack) -> dict[Place, Held]:
    return {placed(one, one.metadata.get("name")): one for one in objects_of(stack, _CONFIGURATION)}


def _parents(stack: Stack) -> dict[Place, list[tuple[Held, dict[str, Any]]]]:
    """HTTPRoutes and how they name a Gateway, by that, as far as they tell."""
    found: dict[Place, list[tuple[Held, dict[str, Any]]]] = {}
    for route in objects_of(stack, _ROUTES[0]):
        for _, one in each(known_list(route.spec.get("parentRefs"))):
            found.setdefault(placed(route, one.get("name"), one.get("namespace")), []).append((route, one))
    return found
