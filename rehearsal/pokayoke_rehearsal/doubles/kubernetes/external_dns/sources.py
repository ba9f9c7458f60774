"""Which records should be there: the host names of routes, Services and Ingresses, and what each leads to.

Source: kubernetes-sigs/external-dns v0.22.0, source/gateway.go, service.go, ingress.go; endpoint/utils.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address

from pokayoke_rehearsal.doubles.kubernetes.attachment import Attachment, attachments, intersection, is_accepted
from pokayoke_rehearsal.doubles.kubernetes.external_dns.settings import Settings
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    annotation,
    at,
    fields,
    items,
    name_of,
    namespace_of,
    text,
)
from pokayoke_rehearsal.world.dns.balancers import zone_of


@dataclass(frozen=True)
class Endpoint:
    """One record that should be there."""

    name: str
    type: str
    targets: tuple[str, ...]
    resource: str
    """What asks for it: `httproute/shop/orders`."""
    ttl: int = 0
    """Seconds; 0 for the default."""
    set_identifier: str = ""
    region: str = ""
    weight: str = ""
    alias: bool = False


def endpoints(cluster: Cluster, settings: Settings) -> list[Endpoint]:
    """All that the sources ask for and the filters let through, as records of Route 53."""
    asked = [
        *(
            one
            for kind in settings.routes
            for route in _listed(cluster, settings, kind.kind, kind.group)
            for one in _of_route(cluster, settings, route)
        ),
        *(one for service in _listed(cluster, settings, "Service") for one in _of_service(settings, service)),
        *(
            one
            for ingress in _listed(cluster, settings, "Ingress", "networking.k8s.io")
            for one in _of_ingress(settings, ingress)
        ),
    ]
    merged: dict[tuple[str, str, str], Endpoint] = {}
    for one in [made for endpoint in asked for made in _for_route_53(endpoint, settings)]:
        if one.type in settings.types and settings.may_use(one.name):
            key = (one.name, one.type, one.set_identifier)
            known = merged.get(key, one)
            merged[key] = replace(known, targets=tuple(dict.fromkeys([*known.targets, *one.targets])))
    return list(merged.values())


def _listed(cluster: Cluster, settings: Settings, kind: str, group: str = "") -> list[Object]:
    wanted = {"Service": "service", "Ingress": "ingress"}.get(kind)
    if wanted is not None and wanted not in settings.sources:
        return []
    return [obj for obj in cluster.list(group, kind) if _said(obj, settings, "controller") in ("", "dns-controller")]


def _of_route(cluster: Cluster, settings: Settings, route: Object) -> Iterator[Endpoint]:
    own = [text(item) for item in items(at(route, "spec", "hostnames"))]
    hosts = [*(own or [""]), *_list(_said(route, settings, "hostname"))]
    targets: dict[str, list[str]] = {}
    for attached in attachments(cluster, route):
        if is_accepted(route, attached.reference):
            _match(settings, attached, hosts, targets)
    kind = text(route.get("kind")).lower()
    for host, found in targets.items():
        yield from _records(route, settings, host, found, f"{kind}/{namespace_of(route)}/{name_of(route)}")


def _match(settings: Settings, attached: Attachment, hosts: Sequence[str], targets: dict[str, list[str]]) -> None:
    stated = _list(_said(attached.gateway, settings, "target"))
    addresses = [text(at(item, "value")) for item in items(at(attached.gateway, "status", "addresses"))]
    if settings.version >= (0, 23) and _said(attached.gateway, settings, "controller") not in ("", "dns-controller"):
        return
    for listener in attached.listeners:
        for host in hosts:
            for common in intersection(listener, [host] if host else []):
                if common:
                    targets.setdefault(common, []).extend(stated or addresses)


def _of_service(settings: Settings, service: Object) -> Iterator[Endpoint]:
    if at(service, "spec", "type") != "LoadBalancer":
        return
    targets = _list(_said(service, settings, "target")) or _ingress_targets(service)
    resource = f"service/{namespace_of(service)}/{name_of(service)}"
    for host in _list(_said(service, settings, "hostname")):
        yield from _records(service, settings, host, targets, resource)


def _of_ingress(settings: Settings, ingress: Object) -> Iterator[Endpoint]:
    targets = _list(_said(ingress, settings, "target")) or _ingress_targets(ingress)
    rules = [text(at(rule, "host")) for rule in items(at(ingress, "spec", "rules"))]
    secured = [text(host) for tls in items(at(ingress, "spec", "tls")) for host in items(at(tls, "hosts"))]
    resource = f"ingress/{namespace_of(ingress)}/{name_of(ingress)}"
    for host in filter(None, dict.fromkeys([*rules, *secured, *_list(_said(ingress, settings, "hostname"))])):
        yield from _records(ingress, settings, host, targets, resource)


def _ingress_targets(obj: Object) -> list[str]:
    found = [fields(item) for item in items(at(obj, "status", "loadBalancer", "ingress"))]
    return [text(one.get(key)) for one in found for key in ("ip", "hostname") if text(one.get(key))]


def _records(obj: Object, settings: Settings, host: str, targets: Sequence[str], resource: str) -> Iterator[Endpoint]:
    by_type: dict[str, list[str]] = {}
    for target in dict.fromkeys(targets):
        by_type.setdefault(_type(target), []).append(target)
    ttl = _said(obj, settings, "ttl")
    for kind, found in by_type.items():
        yield Endpoint(
            host.rstrip(".").lower(),
            kind,
            tuple(found),
            resource,
            int(ttl) if ttl.isdigit() else 0,
            _said(obj, settings, "set-identifier"),
            _said(obj, settings, "aws-region"),
            _said(obj, settings, "aws-weight"),
            _said(obj, settings, "alias") == "true",
        )


def _for_route_53(endpoint: Endpoint, settings: Settings) -> Iterator[Endpoint]:
    """A name that leads to a balancer is an alias: one record for each family of addresses, without a lifetime."""
    if endpoint.type != "CNAME":
        yield replace(endpoint, alias=False)
    elif endpoint.alias or (not settings.prefers_cname and zone_of(endpoint.targets[0]) is not None):
        yield from (replace(endpoint, type=kind, alias=True, ttl=0) for kind in ("A", "AAAA"))
    else:
        yield endpoint


def _type(target: str) -> str:
    try:
        return "A" if ip_address(target).version == 4 else "AAAA"
    except ValueError:
        return "CNAME"


def _said(obj: Object, settings: Settings, key: str) -> str:
    return next((said for prefix in settings.prefixes if (said := annotation(obj, prefix + key))), "")


def _list(stated: str) -> list[str]:
    return [part.strip().rstrip(".") for part in stated.split(",") if part.strip()]
