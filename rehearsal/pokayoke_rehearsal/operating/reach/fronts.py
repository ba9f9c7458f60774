"""What in a cluster wants to be reached from outside: Gateways, Ingresses, Services, with the names they state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pokayoke_rehearsal.doubles.kubernetes.attachment import GATEWAY, attachments, intersection, is_accepted
from pokayoke_rehearsal.doubles.kubernetes.external_dns.settings import NEW_PREFIX, OLD_PREFIX
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.gateway_classes import (
    backends,
    class_of,
    configuration_of_class,
    configuration_of_gateway,
    routes,
)
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    annotation,
    at,
    fields,
    items,
    metadata,
    name_of,
    namespace_of,
    owners_of,
    text,
    text_map,
    whole,
)

_PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"
_STATUS_PORT = 15021
"""Istio's gateways answer health checks there, and nobody else comes."""


@dataclass(frozen=True)
class Port:
    number: int
    protocol: str
    """As the object states it, empty where it states none: `HTTP`, `HTTPS`, `TLS`, `TCP`."""
    hosts: tuple[str, ...]
    speaks: str
    """What the pods behind it speak: `HTTP` or `TLS`, empty where nothing tells."""


@dataclass(frozen=True)
class Front:
    """An object with an address."""

    label: str
    """`Gateway shop/web`."""
    address: str
    hosts: tuple[str, ...]
    ports: tuple[Port, ...]
    """None where the balancer's listeners say which."""
    internal: bool
    """Whether it is said outright that nobody comes from outside."""
    wants_tls: bool
    """Whether it is said in any way that the balancer ends TLS."""


def fronts(cluster: Cluster) -> list[Front]:
    """All objects of a cluster that have an address."""
    found = [
        *(_gateway(cluster, one) for one in cluster.list(GATEWAY.group, GATEWAY.kind)),
        *(_ingress(one) for one in cluster.list("networking.k8s.io", "Ingress")),
        *(_service(one) for one in cluster.list("", "Service") if _is_exposed(one)),
    ]
    return [one for one in found if one.address]


def hosts_of(obj: Object) -> tuple[str, ...]:
    """The host names that an object states for ExternalDNS, under its present annotation or the one before 0.22."""
    stated = ",".join(annotation(obj, f"{prefix}hostname") for prefix in (NEW_PREFIX, OLD_PREFIX))
    return _bare(stated.split(","))


def _gateway(cluster: Cluster, gateway: Object) -> Front:
    service = next((one for one in cluster.owned(gateway) if one.get("kind") == "Service"), None)
    found = [one for one in routes(cluster) if "deletionTimestamp" not in metadata(one)]
    ports = [
        Port(
            whole(listener.get("port"), 0),
            text(listener.get("protocol")),
            _bare(hosts),
            _of_listener(text(listener.get("protocol"))) if service is not None else _of_backends(cluster, taken),
        )
        for listener in map(fields, items(at(gateway, "spec", "listeners")))
        if (taken := [route for route in found if _takes(cluster, gateway, listener, route)])
        for hosts in [[host for route in taken for host in intersection(listener, _hostnames(route))]]
    ]
    stated = hosts_of(service) if service is not None else ()
    configurations = [configuration_of_gateway(cluster, gateway)]
    if (gateway_class := class_of(cluster, gateway)) is not None:
        configurations.append(configuration_of_class(cluster, gateway_class))
    internal = any(at(one, "spec", "scheme") == "internal" for one in configurations)
    return Front(
        _label(gateway),
        text(at(gateway, "status", "addresses", 0, "value")).lower(),
        tuple(dict.fromkeys([*stated, *(host for port in ports for host in port.hosts)])),
        tuple(ports),
        internal or _says_internal(gateway) or (service is not None and _says_internal(service)),
        service is not None and _says_tls(service),
    )


def _takes(cluster: Cluster, gateway: Object, listener: Object, route: Object) -> bool:
    """Whether a listener of a Gateway has taken a route."""
    own = (
        one
        for one in attachments(cluster, route)
        if metadata(one.gateway).get("uid") == metadata(gateway).get("uid") and is_accepted(route, one.reference)
    )
    return any(taken.get("name") == listener.get("name") for one in own for taken in one.listeners)


def _of_backends(cluster: Cluster, taken: Sequence[Object]) -> str:
    """What the Services of routes speak to which a balancer leads without a proxy between them."""
    said = {
        _speaks(service, port)
        for route in taken
        for reference in backends(route)
        if (service := cluster.find_named("", "Service", text(reference.get("name")), namespace_of(route)))
        for port in _ports(service)
        if port.get("port") == reference.get("port")
    }
    return next(iter(said)) if len(said) == 1 else ""


def _hostnames(route: Object) -> list[str]:
    return [text(item) for item in items(at(route, "spec", "hostnames"))]


def _ingress(ingress: Object) -> Front:
    rules = [text(at(rule, "host")) for rule in items(at(ingress, "spec", "rules"))]
    secured = [text(host) for tls in items(at(ingress, "spec", "tls")) for host in items(at(tls, "hosts"))]
    return Front(
        _label(ingress),
        _address(ingress),
        tuple(dict.fromkeys([*_bare([*rules, *secured]), *hosts_of(ingress)])),
        (),
        annotation(ingress, "alb.ingress.kubernetes.io/scheme") == "internal",
        False,
    )


def _service(service: Object) -> Front:
    hosts = hosts_of(service)
    ports = tuple(
        Port(whole(port.get("port"), 0), "", hosts, _speaks(service, port))
        for port in _ports(service)
        if port.get("port") != _STATUS_PORT and port.get("protocol") != "UDP"
    )
    return Front(_label(service), _address(service), hosts, ports, _says_internal(service), _says_tls(service))


def _is_exposed(service: Object) -> bool:
    made_for_gateway = any(owner.get("kind") == "Gateway" for owner in owners_of(service))
    return at(service, "spec", "type") == "LoadBalancer" and not made_for_gateway


def _of_listener(protocol: str) -> str:
    """What Envoy speaks at a listener."""
    return {"HTTP": "HTTP", "HTTPS": "TLS", "TLS": "TLS"}.get(protocol, "")


def _speaks(service: Object, port: Object) -> str:
    """By what a Service says of a port, or of another port that leads to the same one of its pods."""
    target = port.get("targetPort", port.get("port"))
    same = [one for one in _ports(service) if one.get("targetPort", one.get("port")) == target]
    said = {found for one in same for found in _said(one)}
    return next(iter(said)) if len(said) == 1 else ""


def _said(port: Object) -> Iterator[str]:
    number, target = port.get("port"), port.get("targetPort")
    named = [text(port.get("appProtocol")).lower(), text(target).lower()]
    if any(one.startswith(("https", "tls")) for one in named) or target in (443, 8443):
        yield "TLS"
    elif any(one.startswith(("http", "kubernetes.io/h2c")) for one in named) or target in (80, 8080) or number == 80:
        yield "HTTP"


def _says_internal(obj: Object) -> bool:
    stated = {
        **text_map(at(obj, "spec", "infrastructure", "annotations")),
        **text_map(metadata(obj).get("annotations")),
    }
    return stated.get(f"{_PREFIX}scheme") == "internal" or stated.get(f"{_PREFIX}internal") in ("true", "0.0.0.0/0")


def _says_tls(service: Object) -> bool:
    return any(key.startswith(f"{_PREFIX}ssl-") for key in text_map(metadata(service).get("annotations")))


def _ports(service: Object) -> list[Object]:
    return [fields(port) for port in items(at(service, "spec", "ports"))]


def _address(obj: Object) -> str:
    return text(at(obj, "status", "loadBalancer", "ingress", 0, "hostname")).lower()


def _label(obj: Object) -> str:
    return f"{obj['kind']} {namespace_of(obj)}/{name_of(obj)}"


def _bare(hosts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(host.strip().rstrip(".").lower() for host in hosts if host.strip()))
