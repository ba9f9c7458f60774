"""The policy `in-tree-load-balancer`: what makes a load balancer says by which controller, and that one is there."""

from collections.abc import Iterator

from pokayoke_eks.rules.balancing import CLASS, TYPE, Controller
from pokayoke_eks.rules.finding import Finding

from .balancers import Maker, brings_its_own, controllers, makers, may_come_otherwise
from .objects import CHART, RELEASE
from .order import Urns
from .policy import Rule
from .stack import Stack

SLUG = "in-tree-load-balancer"
_INSTALL = "Install aws-load-balancer-controller, and let this depend on its release."
_NAME = f"Set loadBalancerClass: {CLASS}, and let it depend on the release of aws-load-balancer-controller."
_ANNOTATE = f"Set {TYPE}: external in spec.infrastructure.annotations, and let it depend on the controller's release."


def the_controller_is_said_and_there(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Services, Ingresses, Gateways and releases."""
    for maker in makers(stack):
        problem = _problem(stack, maker)
        if problem:
            said = _INSTALL if maker.controller is Controller.OURS else _ANNOTATE if maker.istio else _NAME
            yield maker.member.urn, Finding(f"{maker.place}{_property(maker)}{problem}", said, SLUG)


RULE = Rule(SLUG, stack=(the_controller_is_said_and_there,))


def _property(maker: Maker) -> str:
    """Where the controller would be named; of a chart's values that hangs on the chart."""
    if maker.controller is Controller.OURS or maker.member.type in (RELEASE, CHART):
        return ""
    return "spec.infrastructure.annotations: " if maker.istio else "spec.loadBalancerClass: "


def _problem(stack: Stack, maker: Maker) -> str | None:
    if maker.controller is Controller.OTHER or brings_its_own(stack, maker.cluster):
        return None
    there = controllers(stack, maker.cluster)
    if maker.controller is Controller.OURS:
        # Of a cluster that the stack does not make, it cannot be told what runs in it.
        if there or maker.cluster is None or may_come_otherwise(stack, maker.cluster):
            return None
        return "it is for the AWS Load Balancer Controller, which nothing in the stack installs: it stays pending"
    if stack.behind(maker.member.urn).meets(stack.once(_taking, maker.cluster)):
        return None
    made = "a Service of type LoadBalancer" if not maker.istio else "the Service that istiod makes of it"
    left = f"{made} names no controller" if maker.controller is Controller.UNSAID else f"{made} asks for the old one"
    if there:
        return (
            f"{left}, and the webhook that would name it is off or not there yet: Kubernetes' own makes a Classic one"
        )
    return f"{left}: the one in Kubernetes' own tree makes a balancer whose targets never become healthy, or none"


def _taking(stack: Stack, cluster: str | None) -> Urns:
    """The controllers whose webhook gives a Service its class: it is on."""
    there = controllers(stack, cluster)
    return stack.among(one.member.urn for one in there if one.value("enableServiceMutatorWebhook") is not False)
