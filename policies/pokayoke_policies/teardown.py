"""The policy `vpc-delete-blocked`: what a controller makes load balancers or machines for is gone before it is.

On destroy, whatever depends on nothing goes at once: the controller, then, leaves behind what it would have removed.
"""

from collections.abc import Iterator

from pokayoke_eks.rules.balancing import CONTROLLER, Controller
from pokayoke_eks.rules.finding import Finding

from .balancers import controllers, makers
from .eks import label
from .inventory import Install, objects_of
from .policy import Rule
from .stack import Member, Stack

SLUG = "vpc-delete-blocked"
_MACHINES = ("karpenter.sh/NodePool", "karpenter.k8s.aws/EC2NodeClass")


def what_is_made_goes_before_its_maker(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Every such object depends on the release of its controller, where the stack has that."""
    for maker in makers(stack):
        if maker.controller in (Controller.OURS, Controller.UNSAID):
            yield from _unordered(stack, maker.member, maker.place, controllers(stack, maker.cluster), "load balancer")
        if maker.istio:
            istiod = controllers(stack, maker.cluster, "istio/istiod")
            yield from _unordered(stack, maker.member, maker.place, istiod, "load balancer")
    for held in objects_of(stack, *_MACHINES):
        there = controllers(stack, held.cluster, "karpenter")
        yield from _unordered(stack, held.member, held.place, there, "machines")


RULE = Rule(SLUG, stack=(what_is_made_goes_before_its_maker,))


def _unordered(
    stack: Stack, member: Member, place: str, there: list[Install], what: str
) -> Iterator[tuple[str, Finding]]:
    behind = stack.behind(member.urn)
    if not there or any(one.member.urn in behind or one.member.urn == member.urn for one in there):
        return
    first = there[0]
    name = "load balancer controller" if first.chart == CONTROLLER else first.chart
    finding = Finding(
        f"{place}it does not depend on '{label(first.member.urn)}': on destroy the {name} may go first, and its "
        f"{what}, with their interfaces and security groups, keep the VPC from being deleted",
        f"Set the option dependsOn: [{label(first.member.urn)}].",
        SLUG,
    )
    yield member.urn, finding
