"""What the controller says of a Gateway: accepted and programmed, or why not; its address; its listeners.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, controllers/gateway, pkg/gateway/constants.
"""

from __future__ import annotations

from collections.abc import Sequence

from pokayoke_rehearsal.doubles.kubernetes.attachment import GROUP, listener_kinds
from pokayoke_rehearsal.doubles.kubernetes.controllers.status import condition
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.gateway_listeners import Attached
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    conditions,
    fields,
    items,
    metadata,
    text,
    whole,
)
from pokayoke_rehearsal.world.load_balancers.facts import Balancer

SEE_EVENTS = "Check Gateway Events for more information."


def serve(cluster: Cluster, gateway: Object, attached: Sequence[Attached], balancer: Balancer) -> None:
    """A Gateway has its balancer."""
    status = {
        **fields(gateway.get("status")),
        "addresses": [{"type": "Hostname", "value": balancer.host.lower()}],
        "conditions": _conditions(gateway, ("Programmed", "", balancer.arn), ("Accepted", "", "")),
        "listeners": [_listener(gateway, fields(one), attached) for one in items(at(gateway, "spec", "listeners"))],
    }
    cluster.set_status(gateway, status)


def refuse(cluster: Cluster, gateway: Object, message: str) -> None:
    """A Gateway gets no balancer, or cannot be brought to what it says now."""
    if "deletionTimestamp" in metadata(gateway):
        return
    written = _conditions(gateway, ("Accepted", "Invalid", message))
    cluster.set_status(gateway, {**fields(gateway.get("status")), "conditions": written})


def _conditions(gateway: Object, *said: tuple[str, str, str]) -> list[Object]:
    """Each as type, reason where it does not hold, and message; the others stay as they are."""
    generation = whole(metadata(gateway).get("generation"), 1)
    made = {
        kind: {**condition(gateway, kind, not reason, reason or kind, message), "observedGeneration": generation}
        for kind, reason, message in said
    }
    kept = [made.pop(text(one.get("type")), one) for one in conditions(gateway)]
    return [*kept, *made.values()]


def _listener(gateway: Object, listener: Object, attached: Sequence[Attached]) -> Object:
    name = text(listener.get("name"))
    before = next(
        (fields(one) for one in items(at(gateway, "status", "listeners")) if at(one, "name") == name),
        dict[str, object](),
    )
    seen: Object = {"metadata": metadata(gateway), "status": before}
    said = (
        ("Accepted", "", "Listener is accepted."),
        ("Programmed", "", "Listener is programmed."),
        ("ResolvedRefs", "", "Listener has all refs resolved."),
    )
    return {
        "name": name,
        "supportedKinds": [{"group": GROUP, "kind": kind} for kind in listener_kinds(listener)],
        "attachedRoutes": sum(any(at(one, "name") == name for one in route.listeners) for route in attached),
        "conditions": _conditions(seen, *said),
    }
