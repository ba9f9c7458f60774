"""The listeners of a Gateway's balancer: certificates, targets, and for an application balancer the rules of routes.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, pkg/gateway/model and pkg/gateway/routeutils.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pokayoke_rehearsal.doubles.kubernetes.attachment import intersection
from pokayoke_rehearsal.doubles.kubernetes.load_balancer import certificates
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.names import CONFIGURATION, SERVICE, TARGET_CONFIGURATION
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.stack import (
    Action,
    ListenerWanted,
    ModelError,
    Rule,
    Wanted,
    generated_name,
    pairs,
)
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

_DEFAULT_POLICY = "ELBSecurityPolicy-2016-08"
_SECURE = ("HTTPS", "TLS")
_PROTOCOLS = {"TCPRoute": "TCP", "UDPRoute": "UDP", "TLSRoute": "TLS", "HTTPRoute": "HTTP", "GRPCRoute": "HTTP"}
_NOT_FOUND, _NO_BACKEND = Action(status="404"), Action(status="503")


@dataclass(frozen=True)
class Attached:
    """A route and the listeners of one Gateway that take it."""

    route: Object
    listeners: tuple[Object, ...]


class Listeners:
    """Builds the listeners of one Gateway; `targets` fills with the target groups that they forward to."""

    def __init__(
        self,
        cluster: Cluster,
        acting: Acting,
        gateway: Object,
        kind: str,
        configurations: Sequence[Object],
        attached: Sequence[Attached],
    ) -> None:
        self._cluster, self._acting, self._gateway, self._kind = cluster, acting, gateway, kind
        self._configurations, self._attached = configurations, attached
        self.targets: dict[str, Wanted] = {}

    def build(self) -> list[ListenerWanted]:
        """One listener a port that some route is attached to: none exists before. Raises ModelError, RefusedError."""
        made: dict[int, ListenerWanted] = {}
        for listener in map(fields, items(at(self._gateway, "spec", "listeners"))):
            port, name = whole(listener.get("port"), 0), listener.get("name")
            routes = [one.route for one in self._attached if any(at(held, "name") == name for held in one.listeners)]
            if port in made or not routes:
                continue
            wanted = self._listener(listener, port, routes)
            if wanted is not None:
                made[port] = wanted
        return list(made.values())

    def _listener(self, listener: Object, port: int, routes: Sequence[Object]) -> ListenerWanted | None:
        protocol, stated = text(listener.get("protocol")), self._stated(listener, port)
        found: tuple[str, ...] = ()
        policy = ""
        if protocol in _SECURE:
            found = self._certificates(listener, stated, routes)
            policy = text(stated.get("sslPolicy")) or self._acting.flag("default-ssl-policy", _DEFAULT_POLICY)
        if self._kind == "application":
            rules = tuple(self._rules(listener, routes))
            return ListenerWanted(port, protocol, _NOT_FOUND, found, policy, rules=rules)
        # An L4 listener leads to the backends of one route: it cannot tell requests apart.
        oldest = min(routes, key=lambda one: (text(metadata(one).get("creationTimestamp")), name_of(one)))
        rule = next(iter(items(at(oldest, "spec", "rules"))), None)
        action = self._forward(oldest, fields(rule))
        if not action.targets:
            return None
        return ListenerWanted(port, protocol, action, found, policy, text(stated.get("alpnPolicy")))

    def _stated(self, listener: Object, port: int) -> Object:
        wanted = f"{text(listener.get('protocol'))}:{port}"
        found = (
            fields(one)
            for configuration in self._configurations
            for one in items(at(configuration, "spec", "listenerConfigurations"))
        )
        fitting = [one for one in found if one.get("protocolPort") == wanted]
        return fitting[0] if fitting else {}

    def _certificates(self, listener: Object, stated: Object, routes: Sequence[Object]) -> tuple[str, ...]:
        if default := text(stated.get("defaultCertificate")):
            return (default, *(text(one) for one in items(stated.get("certificates"))))
        own = text(listener.get("hostname"))
        hosts = {own} if own else {text(host) for one in routes for host in items(at(one, "spec", "hostnames"))}
        if not hosts:
            where = f"listener on gateway {namespace_of(self._gateway)}/{name_of(self._gateway)}"
            port = f"{listener.get('protocol')}:{listener.get('port')}"
            raise ModelError(f"No hostnames found for TLS cert discovery for {where} with protocol:port {port}")
        return certificates.discover(self._acting, hosts)

    def _rules(self, listener: Object, routes: Sequence[Object]) -> Iterator[Rule]:
        found = [rule for route in routes for rule in self._rules_of(listener, route)]
        # The more precise path first, as Gateway API asks for.
        yield from sorted(
            found, key=lambda one: -max((len(value) for _, held in one.conditions for value in held), default=0)
        )

    def _rules_of(self, listener: Object, route: Object) -> Iterator[Rule]:
        hosts = intersection(listener, [text(one) for one in items(at(route, "spec", "hostnames"))])
        for rule in map(fields, items(at(route, "spec", "rules"))):
            action = self._redirect(rule) or self._forward(route, rule)
            for match in map(fields, items(rule.get("matches")) or [{}]):
                conditions: list[tuple[str, tuple[str, ...]]] = []
                if any(hosts):
                    conditions.append(("host-header", tuple(hosts)))
                conditions.append(("path-pattern", _patterns(fields(match.get("path")))))
                yield Rule(tuple(conditions), action if action.targets or action.redirect else _NO_BACKEND)

    def _redirect(self, rule: Object) -> Action | None:
        for one in map(fields, items(rule.get("filters"))):
            stated = fields(one.get("requestRedirect"))
            if one.get("type") == "RequestRedirect":
                status = {301: "HTTP_301", 302: "HTTP_302"}[whole(stated.get("statusCode"), 302)]
                said = {"StatusCode": status}
                if scheme := text(stated.get("scheme")):
                    said["Protocol"] = scheme.upper()
                if host := text(stated.get("hostname")):
                    said["Host"] = host
                port = stated.get("port")
                if isinstance(port, int) or scheme == "https":
                    said["Port"] = str(port or 443)
                return Action(redirect=pairs(said))
        return None

    def _forward(self, route: Object, rule: Object) -> Action:
        found = [self._target(route, fields(one)) for one in items(rule.get("backendRefs"))]
        return Action(tuple(one for one in found if one))

    def _target(self, route: Object, reference: Object) -> str:
        """The id of the target group of one of a route's backends, empty for one that is not there."""
        namespace = text(reference.get("namespace")) or namespace_of(route)
        name, number = text(reference.get("name")), whole(reference.get("port"), 0)
        service = self._cluster.find(SERVICE, name, namespace)
        ports = [fields(one) for one in items(at(service, "spec", "ports"))]
        found = [one for one in ports if one.get("port") == number]
        if service is None or not found:
            return ""
        said = self._properties(service)
        kind = text(said.get("targetType")) or self._acting.flag("default-target-type", "instance")
        if kind == "instance" and at(service, "spec", "type") not in ("NodePort", "LoadBalancer"):
            told = "When using Instance targets, your service must be of type 'NodePort' or 'LoadBalancer'"
            raise ModelError(f"TargetGroup port is empty. {told}")
        protocol = text(said.get("protocol")) or _PROTOCOLS[route["kind"]]
        gateway = f"{namespace_of(self._gateway)}/{name_of(self._gateway)}"
        identity = f"{gateway}:{namespace_of(route)}-{name_of(route)}:{route['kind']}-{namespace}-{name}:{number}"
        target = whole(found[0].get("targetPort"), number)
        seeds = (
            self._acting.cluster_name,
            text(metadata(self._gateway).get("uid")),
            identity,
            kind,
            protocol,
            str(target),
        )
        attributes = [fields(one) for one in items(said.get("targetGroupAttributes"))]
        self.targets[identity] = Wanted(
            id=identity,
            name=generated_name(namespace, name, *seeds),
            protocol=protocol,
            port=target,
            kind=kind,
            namespace=namespace,
            service=name,
            service_port=str(number),
            health=_health(fields(said.get("healthCheckConfig"))),
            attributes=pairs({text(one.get("key")): text(one.get("value")) for one in attributes}),
        )
        return identity

    def _properties(self, service: Object) -> Object:
        """What is said of a Service's targets, over what goes for all targets of the Gateway."""
        said: Object = {}
        for configuration in reversed(self._configurations):
            name = text(at(configuration, "spec", "defaultTargetGroupConfiguration", "name"))
            found = self._cluster.find(TARGET_CONFIGURATION, name, namespace_of(configuration)) if name else None
            said |= fields(at(found, "spec", "defaultConfiguration"))
        for one in self._cluster.list(CONFIGURATION.group, TARGET_CONFIGURATION.kind, namespace_of(service)):
            if at(one, "spec", "targetReference", "name") == name_of(service):
                said |= fields(at(one, "spec", "defaultConfiguration"))
        return said


def _health(stated: Object) -> tuple[tuple[str, str], ...]:
    keys = {
        "healthCheckProtocol": "HealthCheckProtocol",
        "healthCheckPort": "HealthCheckPort",
        "healthCheckPath": "HealthCheckPath",
    }
    return pairs({name: str(stated[key]) for key, name in keys.items() if stated.get(key)})


def _patterns(path: Object) -> tuple[str, ...]:
    value = text(path.get("value")) or "/"
    if path.get("type") == "Exact":
        return (value,)
    plain = value.rstrip("/")
    return (plain, f"{plain}/*") if plain else ("/*",)
