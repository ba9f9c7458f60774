"""What is asked of load balancers that speak HTTP: that the internet gets TLS, and none of long ago."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from pokayoke_eks.rules.balancing import INGRESS_CLASS, ISTIO_CLASS, PREFIX
from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.json_text import from_json
from pokayoke_eks.rules.quantities import quantity
from pokayoke_eks.rules.tls_policies import DEFAULT
from pokayoke_policies.eks import label
from pokayoke_policies.gateways import GATEWAY, Place, balanced_gateways, is_public, placed, routes_of_listener
from pokayoke_policies.inventory import Held, known_map, objects_of
from pokayoke_policies.near import Near
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, by_spelling, each, standing
from pokayoke_policies.raw import UNKNOWN, NotKnownError, known_list, list_at, mapping_at, over, stated
from pokayoke_policies.references import is_given, referred
from pokayoke_policies.stack import Member, Stack
from pokayoke_policies.tls import is_set_by_default

_LISTENERS = tuple(f"aws:{module}/listener:Listener" for module in ("lb", "alb"))
_BALANCERS = tuple(f"aws:{module}/loadBalancer:LoadBalancer" for module in ("lb", "alb"))
_INGRESS, _CLASS = "networking.k8s.io/Ingress", "networking.k8s.io/IngressClass"
_PARAMETERS = "elbv2.k8s.aws/IngressClassParams"
_ALB = "alb.ingress.kubernetes.io/"
_SOUND = re.compile(r"ELBSecurityPolicy-TLS13-1-[23]-.+")
_OLD = "ELBSecurityPolicy-2016-08"
"""What a listener has that states no policy (Pulumi's aws.lb.Listener; AWS Load Balancer Controller 3.5, annotations of
an Ingress)."""

ENCRYPTED = Practice(
    "lb-tls-terminated",
    "A load balancer answers the internet in clear text, or takes TLS of long ago",
    "whoever is on the way reads and changes what is sent, passwords and cookies too",
    'Set defaultActions: [{type: redirect, redirect: {protocol: "HTTPS", port: "443", statusCode: "HTTP_301"}}].',
    "CIS 5.4.5; ELB.1; AWS Load Balancer Controller, annotations, IngressClass and gateway guide",
)
_POLICY = f"Set it to {DEFAULT}."
_REDIRECT = f'Set {_ALB}ssl-redirect: "443", with listen-ports of both: [{{"HTTP": 80}}, {{"HTTPS": 443}}].'
_CERTIFICATE = "Name its ARN in a LoadBalancerConfiguration: listenerConfigurations: [{defaultCertificate: ARN}]."
_ALONE = (
    "Attach to it by sectionName what redirects alone: filters: [{type: RequestRedirect, requestRedirect: "
    "{scheme: https}}]."
)


def listeners_are_encrypted(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Listeners of the program's own: those of Application Load Balancers are open to the internet unless these are
    internal, and speak HTTP unless they say otherwise (Pulumi's aws.lb.LoadBalancer and aws.lb.Listener)."""

    def judged(listener: Member) -> Iterator[tuple[str, Finding]]:
        protocol = stated(listener.properties, "protocol")
        if protocol in ("HTTPS", "TLS"):
            yield from ((listener.urn, one) for one in _weak(stated(listener.properties, "sslPolicy"), "sslPolicy"))
        balancers = referred(stack, listener, "loadBalancerArn", *_BALANCERS)
        if protocol not in ("HTTP", None) or not any(map(_is_open, balancers)):
            return
        for index, action in each(list_at(listener.properties, "defaultActions")):
            if stated(action, "type") == "forward":
                problem = "what comes by HTTP is sent on to the targets"
                yield listener.urn, ENCRYPTED.finding(f"defaultActions[{index}].type", problem)

    yield from over(stack.of_type(*_LISTENERS), judged)


def ingresses_are_encrypted(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Ingresses of the controller."""

    def judged(held: Held) -> Iterator[tuple[str, Finding]]:
        parameters = _parameters(stack, held)
        if parameters is None:
            return
        ports = _ports(held, parameters)
        if "HTTPS" in ports and not stack.once(is_set_by_default, held.cluster):
            said, place = parameters.get("sslPolicy") or _said(held, "ssl-policy"), _place(held, "ssl-policy")
            yield from ((held.member.urn, one) for one in _weak(said, place))
        scheme = parameters.get("scheme") or _said(held, "scheme")
        if scheme == "internet-facing" and "HTTP" in ports and not _is_redirected(stack, held, parameters):
            problem = "it is left out, and the load balancer sends what comes by HTTP on to the pods"
            yield held.member.urn, ENCRYPTED.finding(_place(held, "ssl-redirect"), problem, _REDIRECT)

    yield from over(objects_of(stack, _INGRESS), judged)


def gateways_are_encrypted(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Gateways of the controller."""

    def judged(of_controller: tuple[Place, Held]) -> Iterator[tuple[str, Finding]]:
        place, gateway = of_controller
        listeners = list(each(list_at(gateway.content, "spec", "listeners")))
        for index, listener in listeners:
            if stated(listener, "tls", "certificateRefs"):
                problem = "the controller looks for certificates elsewhere, and does not see it"
                where = f"{gateway.place}spec.listeners[{index}].tls.certificateRefs"
                yield gateway.member.urn, ENCRYPTED.finding(where, problem, _CERTIFICATE)
        plain = [(index, one) for index, one in listeners if stated(one, "protocol") == "HTTP"]
        if plain and is_public(stack, gateway):
            yield from _sent_on(stack, place, gateway, plain)

    yield from over(balanced_gateways(stack).items(), judged)


def gateways_of_a_mesh_are_encrypted(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Gateways of Istio, before which a Network Load Balancer ends TLS at the ports that its annotations name, or at
    all of them (AWS Load Balancer Controller 3.5, annotations)."""

    def judged(gateway: Held) -> Iterator[tuple[str, Finding]]:
        infrastructure = mapping_at(gateway.content, "spec", "infrastructure")
        own = infrastructure if "annotations" in infrastructure else mapping_at(gateway.content, "metadata")
        annotations = mapping_at(own, "annotations")
        if (
            stated(gateway.content, "spec", "gatewayClassName") != ISTIO_CLASS
            or stated(annotations, f"{PREFIX}scheme") != "internet-facing"
        ):
            return
        encrypted: set[str] | None = set()
        if is_given(annotations.get(f"{PREFIX}ssl-cert")):
            named = stated(annotations, f"{PREFIX}ssl-ports")
            encrypted = None if named is None else {one.strip() for one in str(named).split(",")}
        plain = [
            (index, one)
            for index, one in each(list_at(gateway.content, "spec", "listeners"))
            if stated(one, "protocol") == "HTTP" and encrypted is not None and not encrypted & _names_of(one)
        ]
        yield from _sent_on(stack, placed(gateway, gateway.metadata.get("name")), gateway, plain)

    yield from over(objects_of(stack, GATEWAY), judged)


RULES = (
    Rule(
        ENCRYPTED.slug,
        stack=(
            listeners_are_encrypted,
            ingresses_are_encrypted,
            gateways_are_encrypted,
            gateways_of_a_mesh_are_encrypted,
        ),
        practice=ENCRYPTED,
    ),
)


def _is_open(balancer: Member) -> bool:
    kind = stated(balancer.properties, "loadBalancerType")
    return kind in ("application", None) and by_spelling(stated(balancer.properties, "internal")) is not True


def _weak(policy: object, place: str) -> Iterator[Finding]:
    """Why a policy, or that there is none, takes TLS of before 1.2, or none of 1.3."""
    if policy is None or (isinstance(policy, str) and not _SOUND.fullmatch(policy)):
        yield ENCRYPTED.finding(place, standing(policy, _OLD, "one of before TLS 1.3"), _POLICY)


def _parameters(stack: Stack, held: Held) -> Mapping[str, Any] | None:
    """What the class of an Ingress says for all of its Ingresses; None where it is another controller's."""
    named = stated(held.content, "spec", "ingressClassName")
    named = named or stated(held.content, "metadata", "annotations", "kubernetes.io/ingress.class")
    near = stack.once(_by_name)
    for one in near.of(held.cluster, (_CLASS, named)):
        if one.spec.get("controller") != "ingress.k8s.aws/alb":
            return None
        name = mapping_at(one.content, "spec", "parameters").get("name")
        stating = near.of(held.cluster, (_PARAMETERS, name))
        return mapping_at(stating[0].content, "spec") if stating else {}
    return {} if named == INGRESS_CLASS else None


def _by_name(stack: Stack) -> Near[Held]:
    named = (_CLASS, _PARAMETERS)
    return Near(((one.key, one.metadata.get("name")), one.cluster, one) for one in objects_of(stack, *named))


def _said(held: Held, key: str) -> Any:
    return stated(held.content, "metadata", "annotations", f"{_ALB}{key}")


def _place(held: Held, key: str) -> str:
    return f"{held.place}metadata.annotations.{_ALB}{key}"


def _ports(held: Held, parameters: Mapping[str, Any]) -> set[str]:
    """The protocols on which an Ingress listens."""
    said = _said(held, "listen-ports")
    if said is None:
        is_certified = parameters.get("certificateArn") or _said(held, "certificate-arn")
        return {"HTTPS"} if is_certified else {"HTTP"}
    return {protocol for _, one in each(known_list(from_json(said))) for protocol in one}


def _is_redirected(stack: Stack, held: Held, parameters: Mapping[str, Any]) -> bool:
    """Whether an Ingress, its class, another of its group or an action of it sends who comes by HTTP elsewhere."""
    if parameters.get("sslRedirectPort") or _said(held, "ssl-redirect"):
        return True
    annotations = known_map(held.metadata.get("annotations"))
    if any(key.startswith(f"{_ALB}actions.") and "redirect" in str(one).lower() for key, one in annotations.items()):
        return True
    group = _group(held, parameters)
    return bool(group) and bool(stack.once(_redirecting).of(held.cluster, group))


def _group(held: Held, parameters: Mapping[str, Any]) -> Any:
    return known_map(parameters.get("group")).get("name") or _said(held, "group.name")


def _redirecting(stack: Stack) -> Near[Held]:
    """Ingresses that redirect, by their groups."""

    def grouped(held: Held) -> Iterator[tuple[Any, str | None, Held]]:
        if _said(held, "ssl-redirect"):
            yield _group(held, _parameters(stack, held) or {}), held.cluster, held

    found: list[tuple[Any, str | None, Held]] = []
    with suppress(NotKnownError):  # Said of the one that does not tell.
        found.extend(over(objects_of(stack, _INGRESS), grouped))
    return Near(found)


def _sent_on(
    stack: Stack, place: Place, gateway: Held, plain: list[tuple[int, dict[str, Any]]]
) -> Iterator[tuple[str, Finding]]:
    """The listeners of HTTP of which a route does something else than redirect."""
    for index, listener in plain:
        for route in routes_of_listener(stack, place, listener.get("name"), listener.get("port")):
            if not _redirects(route):
                problem = f"it is HTTP, and '{label(route.member.urn)}' sends what comes by it on to pods"
                where = f"{gateway.place}spec.listeners[{index}].protocol"
                yield gateway.member.urn, ENCRYPTED.finding(where, problem, _ALONE)


def _names_of(listener: Mapping[str, Any]) -> set[str]:
    """A listener by its port and by its name."""
    port = quantity(stated(listener, "port"))
    return {str(port), str(listener.get("name"))}


def _redirects(route: Held) -> bool:
    """Whether all rules of a route do."""
    rules = [one for _, one in each(list_at(route.content, "spec", "rules"))]
    filters = [[one for _, one in each(list_at(rule, "filters"))] for rule in rules]
    return all(any(one.get("type") in ("RequestRedirect", UNKNOWN) for one in listed) for listed in filters)
