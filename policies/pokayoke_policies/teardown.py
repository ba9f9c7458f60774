"""The policy `vpc-delete-blocked`: what a controller makes load balancers or machines for is gone before it is.

On destroy, whatever depends on nothing goes at once: the controller, then, leaves behind what it would have removed.
"""

from collections.abc import Iterator

from pokayoke_eks.rules.balancing import CONTROLLER, Controller
from pokayoke_eks.rules.finding import Finding

from .balancers import Maker, controllers, makers
from .eks import label
from .inventory import Held, objects_of
from .order import Urns
from .policy import Rule
from .stack import Stack

SLUG = "vpc-delete-blocked"
_MACHINES = ("karpenter.sh/NodePool", "karpenter.k8s.aws/EC2NodeClass")


def what_is_made_goes_before_its_maker(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Every such object depends on the release of its controller, where the stack has that."""
    for maker in makers(stack):
        if maker.controller in (Controller.OURS, Controller.UNSAID):
            yield from _unordered(stack, maker, CONTROLLER, "load balancer")
        if maker.istio:
            yield from _unordered(stack, maker, "istio/istiod", "load balancer")
    for held in objects_of(stack, *_MACHINES):
        yield from _unordered(stack, held, "karpenter", "machines")


RULE = Rule(SLUG, stack=(what_is_made_goes_before_its_maker,))


def _unordered(stack: Stack, one: Maker | Held, chart: str, what: str) -> Iterator[tuple[str, Finding]]:
    there, urn = controllers(stack, one.cluster, chart), one.member.urn
    if not there or stack.is_after(urn, stack.once(_before, one.cluster, chart)):
        return
    first = there[0]
    name = "load balancer controller" if first.chart == CONTROLLER else first.chart
    finding = Finding(
        f"{one.place}dependsOn: it does not depend on '{label(first.member.urn)}': on destroy the {name} may go "
        f"first, and its {what}, with their interfaces and security groups, keep the VPC from being deleted",
        f"Set the option dependsOn: [{label(first.member.urn)}].",
        SLUG,
    )
    yield urn, finding


def _before(stack: Stack, cluster: str | None, chart: str) -> Urns:
    return stack.among(one.member.urn for one in controllers(stack, cluster, chart))
