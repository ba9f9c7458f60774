"""Services of type LoadBalancer: which ones are the controller's, and the network balancer that each asks for.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, pkg/service, texts included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pokayoke_rehearsal.doubles.kubernetes import events
from pokayoke_rehearsal.doubles.kubernetes.load_balancer import groups, subnets
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.deploying import Deployed
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.groups import Held
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.names import MANAGER, SERVICE_CLASS, SERVICE_FINALIZER
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.stack import (
    Action,
    Frontend,
    ListenerWanted,
    ModelError,
    Owner,
    Pairs,
    Stack,
    Wanted,
    generated_name,
    listed,
    mapped,
    pairs,
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

PREFIX = "service.k8s.aws"
"""Of the tags that say whose Service a thing is."""

_PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"
_DEFAULT_POLICY = "ELBSecurityPolicy-2016-08"
_KINDS = ("ip", "instance")
_OF_INTERNAL = {"true": "internal", "false": "internet-facing"}
"""What the annotation `internal` says, which `scheme` has taken the place of."""


def case_of(cluster: Cluster, acting: Acting, service: Object) -> Case | None:
    """What is to be done for a Service, None for one that is not the controller's."""

    def build() -> Stack:
        return _stack(acting, service)

    def served(one: Object, deployed: Deployed) -> None:
        ports = [{"port": port.get("port"), "protocol": _protocol(port)} for port in _ports(one)]
        shown = {"ingress": [{"hostname": deployed.balancer.host.lower(), "ports": ports}]}
        cluster.set_status(one, {**fields(one.get("status")), "loadBalancer": shown})

    owner = Owner(PREFIX, f"{namespace_of(service)}/{name_of(service)}")
    case = Case(owner, SERVICE_FINALIZER, build, served)
    if _is_ours(acting, service):
        return replace(case, active=[service])
    if SERVICE_FINALIZER not in finalizers_of(service):
        return None
    if _is_protected(service):
        told = f"deletion_protection is enabled, cannot delete the service: {name_of(service)}"
        events.warn(cluster, service, "FailedBuildModel", f"Failed build model due to {told}", MANAGER)
        return None

    def ended(one: Object) -> None:
        cluster.set_status(one, {"loadBalancer": {}})

    return replace(case, leaving=[service], ended=ended)


def _is_ours(acting: Acting, service: Object) -> bool:
    if "deletionTimestamp" in metadata(service):
        return False
    if stated := text(at(service, "spec", "loadBalancerClass")):
        return stated == acting.flag("load-balancer-class", SERVICE_CLASS)
    kind = _stated(service, "type")
    return kind == "nlb-ip" or (kind == "external" and _stated(service, "nlb-target-type") in _KINDS)


def _is_protected(service: Object) -> bool:
    return dict(mapped(_stated(service, "attributes"))).get("deletion_protection.enabled") == "true"


def _stack(acting: Acting, service: Object) -> Stack:
    scheme = _scheme(acting, service)
    stated = listed(_stated(service, "subnets"))
    places = subnets.named(acting, "network", stated) if stated else subnets.discover(acting, "network", scheme)
    acting.aws.read("elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags")
    held = _groups(acting, service)
    targets = tuple(_target(acting, service, fields(port)) for port in items(at(service, "spec", "ports")))
    uid = text(metadata(service).get("uid"))
    generated = generated_name(namespace_of(service), name_of(service), acting.cluster_name, uid, scheme)
    return Stack(
        owner=Owner(PREFIX, f"{namespace_of(service)}/{name_of(service)}"),
        name=_name(service) or generated,
        kind="network",
        scheme=scheme,
        subnets=places,
        frontend=held.frontend,
        groups=held.ids,
        backend=held.backend,
        listeners=_listeners(acting, service, targets),
        targets=targets,
        attributes=mapped(_stated(service, "attributes")),
        tags=mapped(_stated(service, "additional-resource-tags")),
        allocations=tuple(listed(_stated(service, "eip-allocations"))),
    )


def _stated(service: Object, name: str) -> str:
    return annotation(service, f"{_PREFIX}{name}")


def _scheme(acting: Acting, service: Object) -> str:
    scheme = _stated(service, "scheme") or _OF_INTERNAL.get(_stated(service, "internal"), "")
    scheme = scheme or acting.flag("default-load-balancer-scheme", "internal")
    if scheme not in ("internal", "internet-facing"):
        raise ModelError(f"unknown scheme: {scheme}")
    return scheme


def _name(service: Object) -> str:
    stated = _stated(service, "name")
    if len(stated) > 32:
        raise ModelError("load balancer name cannot be longer than 32 characters")
    return stated


def _groups(acting: Acting, service: Object) -> Held:
    if _stated(service, "disable-nlb-sg") == "true":
        return Held()
    stated = [text(item) for item in items(at(service, "spec", "loadBalancerSourceRanges"))]
    ranges = stated or listed(annotation(service, "service.beta.kubernetes.io/load-balancer-source-ranges"))
    ports = tuple((_protocol(port).lower(), _number(port)) for port in _ports(service))
    seeds = (acting.cluster_name, name_of(service), namespace_of(service), text(metadata(service).get("uid")))
    name = generated_name(namespace_of(service), name_of(service), *seeds)
    frontend = Frontend(name, ports, tuple(ranges or ["0.0.0.0/0"]))
    manages = _stated(service, "manage-backend-security-group-rules") == "true"
    return groups.resolve(acting, frontend, listed(_stated(service, "security-groups")), manages=manages)


def _target(acting: Acting, service: Object, port: Object) -> Wanted:
    kind = _target_kind(acting, service)
    protocol = _protocol(port)
    if _is_secure(service, port) and _stated(service, "backend-protocol") == "ssl":
        protocol = "TLS"
    number = _port_of_targets(kind, port)
    spec = fields(service.get("spec"))
    if kind == "instance" and spec.get("type") not in ("NodePort", "LoadBalancer"):
        raise ModelError(f'unsupported service type "{spec.get("type")}" for load balancer target type "instance"')
    identity = f"{namespace_of(service)}/{name_of(service)}:{port.get('port')}"
    uid = text(metadata(service).get("uid"))
    settled = (acting.cluster_name, uid, identity, kind, protocol, str(number))
    attributes = dict(mapped(_stated(service, "target-group-attributes")))
    if _stated(service, "proxy-protocol") == "*":
        attributes["proxy_protocol_v2.enabled"] = "true"
    return Wanted(
        id=identity,
        name=generated_name(namespace_of(service), name_of(service), *settled),
        protocol=protocol,
        port=number,
        kind=kind,
        namespace=namespace_of(service),
        service=name_of(service),
        service_port=str(port.get("port")),
        health=_health(service),
        attributes=pairs(attributes),
    )


def _target_kind(acting: Acting, service: Object) -> str:
    if _stated(service, "type") == "nlb-ip":
        return "ip"
    kind = _stated(service, "nlb-target-type") or acting.flag("default-target-type", "instance")
    if kind not in _KINDS:
        raise ModelError(f"unsupported targetType: {kind} when EnableIPTargetType is true")
    return kind


def _port_of_targets(kind: str, port: Object) -> int:
    # Only how the group is named and shown turns on it: each target is registered with a port of its own.
    if kind == "instance":
        return whole(port.get("nodePort"), _number(port))
    return whole(port.get("targetPort"), 1 if isinstance(port.get("targetPort"), str) else _number(port))


def _health(service: Object) -> Pairs:
    protocol = (_stated(service, "healthcheck-protocol") or "tcp").upper()
    found = {"HealthCheckProtocol": protocol}
    if port := _stated(service, "healthcheck-port"):
        found["HealthCheckPort"] = port
    if protocol != "TCP":
        found["HealthCheckPath"] = _stated(service, "healthcheck-path") or "/"
    return pairs(found)


def _listeners(acting: Acting, service: Object, targets: Sequence[Wanted]) -> tuple[ListenerWanted, ...]:
    ports = _ports(service)
    secure = listed(_stated(service, "ssl-ports"))
    names = {name for port in ports for name in (text(port.get("name")), str(port.get("port")))}
    unused = [name for name in secure if name not in names]
    if unused:
        raise ModelError(f"Unused port in ssl-ports annotation [{' '.join(unused)}]")
    return tuple(_listener(acting, service, port, wanted) for port, wanted in zip(ports, targets, strict=True))


def _listener(acting: Acting, service: Object, port: Object, wanted: Wanted) -> ListenerWanted:
    action = Action((wanted.id,))
    if not _is_secure(service, port):
        return ListenerWanted(_number(port), _protocol(port), action)
    policy = _stated(service, "ssl-negotiation-policy") or acting.flag("default-ssl-policy", _DEFAULT_POLICY)
    certificates = tuple(listed(_stated(service, "ssl-cert")))
    return ListenerWanted(_number(port), "TLS", action, certificates, policy, _stated(service, "alpn-policy"))


def _is_secure(service: Object, port: Object) -> bool:
    if not _stated(service, "ssl-cert") or _protocol(port) == "UDP":
        return False
    stated = listed(_stated(service, "ssl-ports"))
    return not stated or text(port.get("name")) in stated or str(port.get("port")) in stated


def _ports(service: Object) -> list[Object]:
    return [fields(port) for port in items(at(service, "spec", "ports"))]


def _protocol(port: Mapping[str, object]) -> str:
    return text(port.get("protocol")) or "TCP"


def _number(port: Mapping[str, object]) -> int:
    return whole(port.get("port"), 0)
