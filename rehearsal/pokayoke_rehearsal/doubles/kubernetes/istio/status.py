"""What istiod reports about Gateways and their routes.

Source: istio/istio 1.31.0-rc.0, pilot/pkg/config/kube/gateway/conversion.go (reportGatewayStatus) and
gatewaycommon/{conversion,context}.go, whose words these are.
"""

from __future__ import annotations

from collections.abc import Sequence

from pokayoke_rehearsal.doubles.kubernetes.attachment import GROUP, Attachment, attachments, listener_kinds, set_parents
from pokayoke_rehearsal.doubles.kubernetes.controllers.status import condition
from pokayoke_rehearsal.doubles.kubernetes.istio.gateways import service_name
from pokayoke_rehearsal.doubles.kubernetes.istio.names import CONTROLLER, ROUTES
from pokayoke_rehearsal.doubles.kubernetes.store.admission import ready_endpoints
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    fields,
    items,
    metadata,
    name_of,
    namespace_of,
    text,
    whole,
)


def report(cluster: Cluster, gateways: Sequence[Object]) -> None:
    """Reports on these Gateways, which are all of istiod's, and on the routes that refer to them."""
    uids = {metadata(gateway)["uid"] for gateway in gateways}
    attached: list[tuple[Object, Attachment]] = []
    for route in [route for kind in ROUTES for route in cluster.list(kind.group, kind.kind)]:
        own = [one for one in attachments(cluster, route) if metadata(one.gateway)["uid"] in uids]
        set_parents(cluster, route, CONTROLLER, own)
        attached += [(one.gateway, one) for one in own]
    for gateway in gateways:
        routes = [one for of, one in attached if metadata(of)["uid"] == metadata(gateway)["uid"]]
        cluster.set_status(gateway, _status(cluster, gateway, routes))


def _status(cluster: Cluster, gateway: Object, routes: Sequence[Attachment]) -> Object:
    host = f"{service_name(gateway)}.{namespace_of(gateway)}.svc.cluster.local"
    service = cluster.find_named("", "Service", service_name(gateway), namespace_of(gateway))
    listeners = [fields(item) for item in items(at(gateway, "spec", "listeners"))]
    internal, problem = _resolved(cluster, service, host, listeners)
    assigned = f"assigned to service(s) {_joined(internal)}"
    if not problem:
        programmed = (True, "Programmed", f"Resource programmed, {assigned}")
    elif internal:
        told = f"A{assigned[1:]}, but failed to assign to all requested addresses: {problem}"
        programmed = (False, "AddressNotAssigned", told)
    else:
        usable = service is not None
        reason = "AddressNotAssigned" if usable else "AddressNotUsable"
        programmed = (False, reason, f"Failed to assign to any requested addresses: {problem}")
    conditions = [
        _said(gateway, gateway, "Accepted", True, "Accepted", "Resource accepted"),
        _said(gateway, gateway, "Programmed", *programmed),
        _said(gateway, gateway, "ResolvedRefs", True, "ResolvedRefs", "All references resolved"),
    ]
    status: Object = {
        "conditions": conditions,
        "listeners": [_listener(gateway, listener, routes) for listener in listeners],
    }
    external = _external(service)
    # Once there, an address is never taken back.
    addresses = [_address(one) for one in external] or items(at(gateway, "status", "addresses"))
    return {**status, **({"addresses": addresses} if addresses else {})}


def _resolved(
    cluster: Cluster, service: Object | None, host: str, listeners: Sequence[Object]
) -> tuple[list[str], str]:
    if service is None:
        return [], f'hostname "{host}" not found'
    if not ready_endpoints(cluster, service):
        return [], f'no instances found for hostname "{host}"'
    internal = [f"{host}:{port}" for port in sorted({listener["port"] for listener in listeners})]
    if at(service, "spec", "type") == "LoadBalancer" and not _external(service):
        return internal, f'address pending for hostname "{host}"'
    return internal, ""


def _external(service: Object | None) -> list[str]:
    ingress = [fields(item) for item in items(at(service, "status", "loadBalancer", "ingress"))]
    return [text(one.get("hostname")) or text(one.get("ip")) for one in ingress]


def _address(value: str) -> Object:
    return {"type": "IPAddress" if value.replace(".", "").isdigit() else "Hostname", "value": value}


def _listener(gateway: Object, listener: Object, routes: Sequence[Attachment]) -> Object:
    before = [fields(item) for item in items(at(gateway, "status", "listeners"))]
    last = next((one for one in before if one.get("name") == listener["name"]), None)
    seen = {"status": {"conditions": items(at(last, "conditions"))}}
    kinds = [kind for kind in listener_kinds(listener) if kind in {route.kind for route in ROUTES}]
    return {
        "name": listener["name"],
        "attachedRoutes": sum(any(one["name"] == listener["name"] for one in route.listeners) for route in routes),
        "supportedKinds": [{"group": GROUP, "kind": kind} for kind in kinds],
        "conditions": [
            _said(gateway, seen, "Accepted", True, "Accepted", "No errors found"),
            _said(gateway, seen, "Conflicted", False, "NoConflicts", "No errors found"),
            _said(gateway, seen, "Programmed", True, "Programmed", "No errors found"),
            _said(gateway, seen, "ResolvedRefs", True, "ResolvedRefs", "No errors found"),
        ],
    }


def _said(gateway: Object, seen: Object, kind: str, holds: bool, reason: str, message: str) -> Object:
    generation = whole(metadata(gateway).get("generation"), 1)
    return {**condition(seen, kind, holds, reason, message), "observedGeneration": generation}


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def class_accepted(cluster: Cluster, gateway_class: Object) -> None:
    """Reports that a class is istiod's."""
    told = _said(gateway_class, gateway_class, "Accepted", True, "Accepted", "Handled by Istio controller")
    if name_of(gateway_class):
        cluster.set_status(gateway_class, {**fields(gateway_class.get("status")), "conditions": [told]})
