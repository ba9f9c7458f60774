"""Ingresses of the controller's class: groups of them, and the application balancer that each group asks for.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, pkg/ingress, texts included.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.load_balancer import certificates, groups, subnets
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.deploying import Deployed
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.names import (
    GROUP_FINALIZER,
    INGRESS,
    INGRESS_CLASS,
    INGRESS_CONTROLLER,
    INGRESS_FINALIZER,
    SERVICE,
)
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.stack import (
    Action,
    Frontend,
    ListenerWanted,
    ModelError,
    Owner,
    Rule,
    Stack,
    Wanted,
    generated_name,
    listed,
    mapped,
)
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.stacks import Case
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    annotation,
    at,
    fields,
    finalizers_of,
    items,
    metadata,
    name_of,
    namespace_of,
    text,
    whole,
)

PREFIX = "ingress.k8s.aws"
"""Of the tags that say whose group a thing is of."""

_ANNOTATION = "alb.ingress.kubernetes.io/"
_DEFAULT_POLICY = "ELBSecurityPolicy-2016-08"
_NOT_FOUND, _NO_BACKEND = Action(status="404"), Action(status="503")


def cases(cluster: Cluster, acting: Acting) -> Iterator[Case]:
    """What is to be done for each group of Ingresses."""
    members: dict[str, list[Object]] = {}
    leaving: dict[str, list[Object]] = {}
    for ingress in cluster.list(INGRESS.group, INGRESS.kind):
        group = _group_of(ingress)
        if _is_ours(cluster, acting, ingress):
            members.setdefault(group, []).append(ingress)
            # It may have left another group before it came to this one.
            others = [one for one in map(_group_held, finalizers_of(ingress)) if one]
        elif _has_lost_its_class(cluster, ingress):
            # Somebody may have removed the class by mistake: what it has stays as it is.
            continue
        else:
            others = [_group_held(one) or group for one in finalizers_of(ingress) if _is_own(one)]
        for other in others:
            if other != group or ingress not in members.get(group, []):
                leaving.setdefault(other, []).append(ingress)
    for group in sorted({*members, *leaving}):
        yield _case(cluster, acting, group, members.get(group, []), leaving.get(group, []))


def _case(cluster: Cluster, acting: Acting, group: str, active: list[Object], leaving: list[Object]) -> Case:
    def build() -> Stack:
        return _stack(cluster, acting, group, active)

    def served(one: Object, deployed: Deployed) -> None:
        ports = [{"port": listener.port, "protocol": "TCP"} for listener in deployed.balancer.listeners]
        shown = {"ingress": [{"hostname": deployed.balancer.host.lower(), "ports": ports}]}
        cluster.set_status(one, {"loadBalancer": shown})

    finalizer = INGRESS_FINALIZER if "/" in group else f"{GROUP_FINALIZER}{group}"
    return Case(Owner(PREFIX, group), finalizer, build, served, active, leaving, held_early=True)


def _stack(cluster: Cluster, acting: Acting, group: str, members: Sequence[Object]) -> Stack:
    scheme = _one(members, "scheme") or acting.flag("default-load-balancer-scheme", "internal")
    if scheme not in ("internal", "internet-facing"):
        raise ModelError(f"unknown scheme: {scheme}")
    stated = listed(_one(members, "subnets"))
    places = subnets.named(acting, "application", stated) if stated else subnets.discover(acting, "application", scheme)
    targets: dict[str, Wanted] = {}
    ports = _ports(members)
    listeners = tuple(_listener(cluster, acting, group, members, port, ports, targets) for port in sorted(ports))
    ranges = listed(_one(members, "inbound-cidrs")) or ["0.0.0.0/0"]
    name = _generated(group, acting.cluster_name, group, "")
    frontend = Frontend(name, tuple(("tcp", port) for port in sorted(ports)), tuple(ranges))
    manages = _one(members, "manage-backend-security-group-rules") == "true"
    held = groups.resolve(acting, frontend, listed(_one(members, "security-groups")), manages=manages)
    return Stack(
        owner=Owner(PREFIX, group),
        name=_one(members, "load-balancer-name") or _generated(group, acting.cluster_name, group, scheme),
        kind="application",
        scheme=scheme,
        subnets=places,
        frontend=held.frontend,
        groups=held.ids,
        backend=held.backend,
        listeners=listeners,
        targets=tuple(targets.values()),
        attributes=mapped(_one(members, "load-balancer-attributes")),
        tags=mapped(_one(members, "tags")),
    )


def _listener(
    cluster: Cluster,
    acting: Acting,
    group: str,
    members: Sequence[Object],
    port: int,
    ports: Mapping[int, str],
    targets: dict[str, Wanted],
) -> ListenerWanted:
    protocol, redirect = ports[port], _one(members, "ssl-redirect")
    if redirect and protocol == "HTTP":
        away = Action(redirect=(("Port", redirect), ("Protocol", "HTTPS"), ("StatusCode", "HTTP_301")))
        return ListenerWanted(port, protocol, away)
    default, rules = _NOT_FOUND, list[Rule]()
    for ingress in members:
        backend = at(ingress, "spec", "defaultBackend", "service")
        if backend is not None:
            default = _forward(cluster, acting, group, ingress, fields(backend), targets)
        for rule in map(fields, items(at(ingress, "spec", "rules"))):
            for path in map(fields, items(at(rule, "http", "paths"))):
                act = _forward(cluster, acting, group, ingress, fields(at(path, "backend", "service")), targets)
                rules.append(Rule(_conditions(rule, path), act))
    if protocol == "HTTP":
        return ListenerWanted(port, protocol, default, rules=tuple(rules))
    stated = listed(_one(members, "certificate-arn"))
    found = tuple(stated) or certificates.discover(acting, _hosts(members))
    policy = _one(members, "ssl-policy") or acting.flag("default-ssl-policy", _DEFAULT_POLICY)
    return ListenerWanted(port, protocol, default, found, policy, rules=tuple(rules))


def _forward(
    cluster: Cluster, acting: Acting, group: str, ingress: Object, backend: Object, targets: dict[str, Wanted]
) -> Action:
    name, namespace = text(backend.get("name")), namespace_of(ingress)
    service = cluster.find(SERVICE, name, namespace)
    port = fields(backend.get("port"))
    stated = str(port.get("number") or port.get("name"))
    if service is None:
        return _NO_BACKEND
    found = next(
        (
            one
            for one in map(fields, items(at(service, "spec", "ports")))
            if stated in (str(one.get("port")), text(one.get("name")))
        ),
        None,
    )
    if found is None:
        return _NO_BACKEND
    kind = _stated(service, "target-type") or _stated(ingress, "target-type")
    kind = kind or acting.flag("default-target-type", "instance")
    if kind == "instance" and at(service, "spec", "type") not in ("NodePort", "LoadBalancer"):
        told = "When using Instance targets, your service be must of type 'NodePort' or 'LoadBalancer'"
        raise ModelError(f"TargetGroup port is empty. {told}")
    protocol = _stated(service, "backend-protocol") or _stated(ingress, "backend-protocol") or "HTTP"
    identity = f"{namespace}/{name_of(ingress)}-{name}:{stated}"
    number = whole(found.get("targetPort"), whole(found.get("port"), 1))
    uid = text(metadata(service).get("uid"))
    seeds = (acting.cluster_name, group, identity, uid, stated, str(number), kind, protocol)
    health = _stated(service, "healthcheck-path") or _stated(ingress, "healthcheck-path") or "/"
    targets[identity] = Wanted(
        id=identity,
        name=generated_name(namespace, name, *seeds),
        protocol=protocol,
        port=number,
        kind=kind,
        namespace=namespace,
        service=name,
        service_port=stated,
        health=(("HealthCheckPath", health),),
    )
    return Action((identity,))


def _ports(members: Sequence[Object]) -> dict[int, str]:
    """Protocols by port, of all members together."""
    found: dict[int, str] = {}
    for ingress in members:
        stated = _stated(ingress, "listen-ports")
        if stated:
            parsed: list[dict[str, Any]] = json.loads(stated)
            found |= {int(port): protocol for one in parsed for protocol, port in one.items()}
        else:
            found |= {443: "HTTPS"} if _stated(ingress, "certificate-arn") else {80: "HTTP"}
    return found


def _conditions(rule: Object, path: Object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    host, stated = text(rule.get("host")), text(path.get("path"))
    found: list[tuple[str, tuple[str, ...]]] = [("host-header", (host,))] if host else []
    if path.get("pathType") == "Prefix":
        plain = stated.rstrip("/")
        patterns = (plain, f"{plain}/*") if plain else ("/*",)
    else:
        patterns = (stated or "/*",)
    return (*found, ("path-pattern", patterns))


def _hosts(members: Sequence[Object]) -> set[str]:
    rules = {text(at(rule, "host")) for one in members for rule in items(at(one, "spec", "rules"))}
    tls = {
        text(host) for one in members for entry in items(at(one, "spec", "tls")) for host in items(at(entry, "hosts"))
    }
    return {host for host in rules | tls if host}


def _is_ours(cluster: Cluster, acting: Acting, ingress: Object) -> bool:
    if "deletionTimestamp" in metadata(ingress):
        return False
    if stated := annotation(ingress, "kubernetes.io/ingress.class"):
        return stated == acting.flag("ingress-class", "alb")
    name = text(at(ingress, "spec", "ingressClassName"))
    found = cluster.find(INGRESS_CLASS, name) if name else None
    return found is not None and at(found, "spec", "controller") == INGRESS_CONTROLLER


def _has_lost_its_class(cluster: Cluster, ingress: Object) -> bool:
    name = text(at(ingress, "spec", "ingressClassName"))
    return "deletionTimestamp" not in metadata(ingress) and bool(name) and cluster.find(INGRESS_CLASS, name) is None


def _group_of(ingress: Object) -> str:
    return _stated(ingress, "group.name") or f"{namespace_of(ingress)}/{name_of(ingress)}"


def _group_held(finalizer: str) -> str:
    """The explicit group that a finalizer holds an Ingress for, empty for none."""
    return finalizer.removeprefix(GROUP_FINALIZER) if finalizer.startswith(GROUP_FINALIZER) else ""


def _is_own(finalizer: str) -> bool:
    return finalizer == INGRESS_FINALIZER or bool(_group_held(finalizer))


def _one(members: Sequence[Object], name: str) -> str:
    """What all members that say anything say. Raises ModelError when they contradict each other."""
    found = {stated for one in members if (stated := _stated(one, name))}
    if len(found) > 1:
        raise ModelError(f"conflicting {name}: {sorted(found)}")
    return next(iter(found), "")


def _stated(obj: Object, name: str) -> str:
    return annotation(obj, f"{_ANNOTATION}{name}")


def _generated(group: str, *seeds: str) -> str:
    namespace, _, name = group.rpartition("/")
    return generated_name(namespace, name, *seeds) if namespace else generated_name(group[:8], group[8:17], *seeds)
