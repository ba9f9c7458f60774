"""What is asked of load balancers that the internet reaches: that somebody said so."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, cast

from pokayoke_eks.rules.balancing import PREFIX
from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.eks import label
from pokayoke_policies.inventory import Held, known_map, objects_of, speaks_by_values
from pokayoke_policies.objects import CHART, RELEASE
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, by_spelling, standing, switch, texts
from pokayoke_policies.raw import UNKNOWN, NotKnownError, over, stated
from pokayoke_policies.stack import Member, Stack

_SCHEME, _PUBLIC = f"{PREFIX}scheme", "internet-facing"
_PLACES = {
    "core/Service": (("metadata", "annotations", _SCHEME),),
    "networking.k8s.io/Ingress": (("metadata", "annotations", "alb.ingress.kubernetes.io/scheme"),),
    "gateway.networking.k8s.io/Gateway": (
        ("spec", "infrastructure", "annotations", _SCHEME),
        ("metadata", "annotations", _SCHEME),
    ),
    "gateway.k8s.aws/LoadBalancerConfiguration": (("spec", "scheme"),),
    "elbv2.k8s.aws/IngressClassParams": (("spec", "scheme"),),
}
"""Where objects say it. Left out, the controller makes an internal one (AWS Load Balancer Controller 3.5, annotations,
IngressClass and gateway guide)."""
_TELLING = ("values", "nnotations", _SCHEME)
"""How places in values end at which it may stand."""
_BALANCERS = tuple(f"aws:{module}/loadBalancer:LoadBalancer" for module in ("lb", "alb", "elb"))

DECLARED = Practice(
    "lb-public-declared",
    "A load balancer is open to the internet, and nobody said that it should be",
    "whoever can change one annotation publishes a service",
    "Set scheme: internal, or add it to the policy's settings, e.g. {public: [shop/web]}.",
    "AWS Load Balancer Controller, annotations; EKS best practices, security/network",
    {
        "public": texts(
            [],
            "The load balancers that may be public: NAMESPACE/NAME of an object or a release, or the name of "
            "a resource in the program; * stands for anything. Where none is named, nothing is asked.",
        ),
        "required": switch(default=False, description="Whether it is asked also where none is named."),
    },
)


def declared_balancers(settings: Mapping[str, Any]) -> Rule:
    """Where it is said which load balancers are public, no other is."""
    asked = settings["required"] or bool(settings["public"])

    def objects_are_declared(stack: Stack) -> Iterator[tuple[str, Finding]]:
        yield from over(objects_of(stack, *_PLACES) if asked else (), of_object)

    def charts_are_declared(stack: Stack) -> Iterator[tuple[str, Finding]]:
        yield from over(stack.of_type(RELEASE, CHART) if asked else (), lambda one: of_chart(stack, one))

    def balancers_are_declared(stack: Stack) -> Iterator[tuple[str, Finding]]:
        yield from over(stack.of_type(*_BALANCERS) if asked else (), of_balancer)

    def of_object(held: Held) -> Iterator[tuple[str, Finding]]:
        # Of other types, none is made.
        if held.key == "core/Service" and stated(held.content, "spec", "type") != "LoadBalancer":
            return
        for path in _PLACES[held.key]:
            if stated(held.content, *path) == _PUBLIC:
                name = held.metadata.get("name")
                yield from told(held.member, f"{held.place}{'.'.join(path)}", f"{held.namespace}/{name}")

    def of_chart(stack: Stack, chart: Member) -> Iterator[tuple[str, Finding]]:
        if speaks_by_values(stack, chart):
            name = f"{chart.properties.get('namespace') or 'default'}/{chart.properties.get('name')}"
            for place in _in_values(chart.properties.get("values"), "values"):
                yield from told(chart, place, name)

    def of_balancer(balancer: Member) -> Iterator[tuple[str, Finding]]:
        # Left out, it is public (Pulumi's aws.lb.LoadBalancer); one of type gateway is neither.
        said = stated(balancer.properties, "internal")
        if by_spelling(said) is not True and balancer.properties.get("loadBalancerType") != "gateway":
            yield from told(balancer, "internal", how=standing(said, "false", "off"))

    def told(member: Member, place: str, *names: str, how: str = f"it is {_PUBLIC}") -> Iterator[tuple[str, Finding]]:
        known = (label(member.urn), *names)
        if not any(fnmatchcase(one, pattern) for one in known for pattern in settings["public"]):
            yield member.urn, DECLARED.finding(place, f"{how}, and not declared to be public")

    judges = (objects_are_declared, charts_are_declared, balancers_are_declared)
    return Rule(DECLARED.slug, stack=judges, practice=DECLARED, tuned=declared_balancers)


RULES = (declared_balancers(DECLARED.set_by({})),)


def _in_values(value: Any, place: str) -> Iterator[str]:
    """Where values of a chart hold the annotation."""
    if value is UNKNOWN and place.endswith(_TELLING):
        raise NotKnownError((place,))
    if isinstance(value, list):
        entries = [(f"{place}[{index}]", one) for index, one in enumerate(cast("list[Any]", value))]
    else:
        entries = [(f"{place}.{key}", one) for key, one in known_map(value).items()]
    for inner, one in entries:
        if inner.endswith(f".{_SCHEME}") and one == _PUBLIC:
            yield inner
    yield from over(entries, lambda entry: _in_values(entry[1], entry[0]))
