"""Routes at Gateways: which listeners one attaches to, or why none, and what controllers write about that.

Source: Gateway API v1.6.1, `apis/v1`: ParentReference, AllowedRoutes, and the reasons of the condition Accepted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pokayoke_rehearsal.doubles.kubernetes.controllers.status import condition
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.names import selects
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Kind,
    Object,
    at,
    clone,
    fields,
    items,
    labels_of,
    metadata,
    namespace_of,
    text,
    whole,
)

GROUP = "gateway.networking.k8s.io"
GATEWAY = Kind(GROUP, "v1", "Gateway")
GATEWAY_CLASS = Kind(GROUP, "v1", "GatewayClass")

_ROUTES_OF = {
    "HTTP": ("HTTPRoute", "GRPCRoute"),
    "HTTPS": ("HTTPRoute", "GRPCRoute"),
    "TLS": ("TLSRoute", "TCPRoute"),
    "TCP": ("TCPRoute",),
    "UDP": ("UDPRoute",),
}


@dataclass(frozen=True)
class Attachment:
    """One parent reference of a route to a Gateway that is there."""

    reference: Object
    gateway: Object
    listeners: Sequence[Object]
    """The listeners that take the route; none where `reason` says why."""
    reason: str = ""
    message: str = ""


def attachments(cluster: Cluster, route: Object) -> Iterator[Attachment]:
    """What becomes of each of a route's references to Gateways."""
    for reference in map(fields, items(at(route, "spec", "parentRefs"))):
        if (text(reference.get("group")) or GROUP, text(reference.get("kind")) or "Gateway") != (GROUP, "Gateway"):
            continue
        namespace = text(reference.get("namespace")) or namespace_of(route)
        gateway = cluster.find(GATEWAY, text(reference.get("name")), namespace)
        if gateway is not None:
            yield _attached(cluster, route, reference, gateway)


def set_parents(cluster: Cluster, route: Object, controller: str, attached: Sequence[Attachment]) -> None:
    """A controller's report on a route: what others wrote about theirs stays."""
    before = [fields(item) for item in items(at(route, "status", "parents"))]
    others = [parent for parent in before if parent.get("controllerName") != controller]
    own = [_parent(route, controller, one, before) for one in attached]
    if own or len(others) != len(before):
        cluster.set_status(route, {**fields(route.get("status")), "parents": [*others, *own]})


def is_accepted(route: Object, reference: Object) -> bool:
    """Whether some controller accepted a route at this parent."""
    for parent in map(fields, items(at(route, "status", "parents"))):
        if parent.get("parentRef") == reference:
            return any(
                (at(item, "type"), at(item, "status")) == ("Accepted", "True") for item in items(parent["conditions"])
            )
    return False


def listener_kinds(listener: Object) -> tuple[str, ...]:
    """The kinds of routes that a listener takes by its protocol, narrowed by what it states."""
    by_protocol = _ROUTES_OF.get(text(listener.get("protocol")), ())
    stated = [text(at(item, "kind")) for item in items(at(listener, "allowedRoutes", "kinds"))]
    return tuple(kind for kind in by_protocol if not stated or kind in stated)


def intersection(listener: Object, hostnames: Sequence[str]) -> list[str]:
    """The host names that both a listener and a route are about; empty texts for none stated on either side."""
    own = text(listener.get("hostname"))
    if not own or not hostnames:
        return list(hostnames) or [own]
    return [common for host in hostnames if (common := _common(own, host))]


def _attached(cluster: Cluster, route: Object, reference: Object, gateway: Object) -> Attachment:
    def refused(reason: str, message: str) -> Attachment:
        return Attachment(reference, gateway, (), reason, message)

    found = [
        listener
        for listener in map(fields, items(at(gateway, "spec", "listeners")))
        if reference.get("sectionName") in (None, listener.get("name"))
        and reference.get("port") in (None, listener.get("port"))
    ]
    if not found:
        return refused("NoMatchingParent", "no listener of the Gateway matches the reference")
    kind = text(route.get("kind"))
    found = [
        listener
        for listener in found
        if kind in listener_kinds(listener) and _admits(cluster, listener, gateway, namespace_of(route))
    ]
    if not found:
        return refused("NotAllowedByListeners", "hostnames matched parent, but no listener allows the route")
    hostnames = [text(item) for item in items(at(route, "spec", "hostnames"))]
    found = [listener for listener in found if intersection(listener, hostnames)]
    if not found:
        return refused("NoMatchingListenerHostname", "no hostnames matched parent hostname")
    return Attachment(reference, gateway, found)


def _admits(cluster: Cluster, listener: Object, gateway: Object, namespace: str) -> bool:
    said = fields(at(listener, "allowedRoutes", "namespaces"))
    match said.get("from", "Same"):
        case "All":
            return True
        case "Selector":
            found = cluster.find_named("", "Namespace", namespace)
            return found is not None and selects(fields(said.get("selector")), labels_of(found))
        case _:
            return namespace == namespace_of(gateway)


def _common(one: str, other: str) -> str:
    if one == other:
        return one
    for wide, narrow in ((one, other), (other, one)):
        if wide.startswith("*.") and narrow.removeprefix("*").endswith(wide[1:]):
            return narrow
    return ""


def _parent(route: Object, controller: str, attached: Attachment, before: Sequence[Object]) -> Object:
    last = next((one for one in before if one.get("parentRef") == attached.reference), None)
    seen = {"status": {"conditions": items(at(last, "conditions"))}}
    told = (attached.reason or "Accepted", attached.message or "Route was valid")
    made = (
        condition(seen, "Accepted", not attached.reason, *told),
        condition(seen, "ResolvedRefs", True, "ResolvedRefs", "All references resolved"),
    )
    generation = whole(metadata(route).get("generation"), 1)
    return {
        "parentRef": clone(attached.reference),
        "controllerName": controller,
        "conditions": [{**one, "observedGeneration": generation} for one in made],
    }
