"""What is asked of the roles of workloads and nodes that change things: that they name them."""

from collections.abc import Iterator
from functools import cache

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.iam_actions import Statement, not_allowed
from pokayoke_eks.rules.write_actions import OF_CONTROLLERS, SCOPED
from pokayoke_policies.eks import ROLE
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice
from pokayoke_policies.raw import over
from pokayoke_policies.roles import attached
from pokayoke_policies.stack import Member, Stack

from .documents import is_of_everything, listed, read_now
from .iam import is_for_pods_or_nodes

_OF_CONTROLLERS = {frozenset(one.lower() for one in actions) for actions in OF_CONTROLLERS}

NAMED = Practice(
    "iam-write-scoped",
    "Pods or nodes may change what is not theirs",
    "whoever takes over one pod overwrites or deletes what belongs to others",
    'Name what is theirs, e.g. {"Action": "s3:PutObject", "Resource": "arn:aws:s3:::shop-images/*"}, or set a '
    "Condition on its tags.",
    "EKS best practices, security/iam; IAM user guide, security best practices; Service Authorization Reference",
)


def roles_change_what_they_name(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No role of pods or nodes may change things of every name, where the action takes one."""

    def judged(role: Member) -> Iterator[tuple[str, Finding]]:
        given = attached(stack, role)
        found = [changes for one in given.statements if (changes := _changes(one))]
        # Whose role it is matters only where it may do too much.
        if not (found or given.unknown):
            return
        if is_for_pods_or_nodes(read_now(role.properties, "assumeRolePolicy")):
            for changes in found:
                first, more = changes[0], len(changes) - 1
                what = f"{first} and {more} more" if more else first
                yield role.urn, NAMED.finding("policies", f"a statement allows {what} on every resource")
            if given.unknown:
                raise given.unknown

    yield from over(stack.of_type(ROLE), judged)


RULES = (Rule(NAMED.slug, stack=(roles_change_what_they_name,), practice=NAMED),)


def _changes(statement: Statement) -> list[str]:
    """The actions that a statement allows on everything and could allow on some of it. Whole services are another
    practice's, and what controllers ask for is not theirs to narrow who install them."""
    if statement.get("Effect") != "Allow" or statement.get("Condition") or not is_of_everything(statement):
        return []
    actions = [one.lower() for one in listed(statement.get("Action"))]
    if frozenset(actions) in _OF_CONTROLLERS:
        return []
    return sorted({fitting for one in actions if one != "*" and not one.endswith(":*") for fitting in _fitting(one)})


@cache
def _fitting(action: str) -> frozenset[str]:
    """The actions that one of a statement stands for."""
    return SCOPED - {*not_allowed(SCOPED, [{"Effect": "Allow", "Action": action}])}
