"""What is asked of the roles of workloads: one each, and none that hands out other roles at will."""

from collections.abc import Iterator
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.iam_actions import Statement, not_allowed
from pokayoke_policies.eks import ROLE, Association, associations, label
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice
from pokayoke_policies.raw import UNKNOWN, NotKnownError, over
from pokayoke_policies.references import referred
from pokayoke_policies.roles import attached
from pokayoke_policies.stack import Member, Stack

from .documents import condition_keys, listed, read_now
from .iam import is_for_pods_or_nodes

_ACTION = "iam:PassRole"

SEPARATE = Practice(
    "iam-role-per-workload",
    "Several workloads share a role, or one has the account that any pod runs as",
    "each may do what any of them needs, and a log does not say which of them did it",
    "Make a role and a service account for each workload, and name it in serviceAccountName.",
    "EKS best practices, security/iam; CIS 4.1.5",
)
PASSED = Practice(
    "iam-pass-role-scoped",
    "Pods or nodes may hand any role to a service",
    "whoever takes over one pod starts something that has the role of an administrator",
    'Set Resource to the role\'s ARN, and Condition: {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}.',
    "EKS best practices, security/iam; Karpenter, getting started (CloudFormation); IAM user guide, pass a role",
)


def workloads_have_their_own(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Each association is for an account of its own name, with a role of its own."""
    first: dict[tuple[str | None, str], Association] = {}

    def judged(one: Association) -> Iterator[tuple[str, Finding]]:
        if one.account == "default":
            yield one.member.urn, SEPARATE.finding("serviceAccount", "it is default, as which every pod runs")
        role = _role(stack, one)
        if UNKNOWN in (one.namespace, one.account):
            raise NotKnownError(("serviceAccount",))
        other = first.setdefault((one.cluster, role), one) if role else one
        if (other.namespace, other.account) != (one.namespace, one.account):
            problem = f"'{label(other.member.urn)}' gives it to '{other.account}' in namespace '{other.namespace}' too"
            yield one.member.urn, SEPARATE.finding("roleArn", problem)

    yield from over((one for one in associations(stack) if not one.of_addon), judged)


def roles_are_passed_by_name(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No role of pods or nodes may pass every role, or to every service."""

    def judged(role: Member) -> Iterator[tuple[str, Finding]]:
        found = [why for one in attached(stack, role).statements if (why := _passes(one))]
        if found and is_for_pods_or_nodes(read_now(role.properties, "assumeRolePolicy")):
            yield from ((role.urn, PASSED.finding("policies", f"a statement allows {_ACTION} {why}")) for why in found)

    yield from over(stack.of_type(ROLE), judged)


RULES = (
    Rule(SEPARATE.slug, stack=(workloads_have_their_own,), practice=SEPARATE),
    Rule(PASSED.slug, stack=(roles_are_passed_by_name,), practice=PASSED),
)


def _role(stack: Stack, association: Association) -> str:
    """The role of an association, by where its value comes from or by its text; empty where it is not told."""
    own = referred(stack, association.member, "roleArn", ROLE)
    said: Any = association.member.properties.get("roleArn")
    return own[0].urn if len(own) == 1 else said if isinstance(said, str) else ""


def _passes(statement: Statement) -> str:
    """How a statement passes roles too freely; empty where it does not. One that allows everything is another
    practice's."""
    named = any(one.lower().startswith("iam:pass") for one in listed(statement.get("Action")))
    if statement.get("Effect") != "Allow" or not named or not_allowed([_ACTION], [statement]):
        return ""
    if any(one == "*" or one.endswith(":role/*") for one in listed(statement.get("Resource"))):
        return "of every role"
    keys = [key for operator, key, _ in condition_keys(statement) if "not" not in operator]
    return "" if "iam:passedtoservice" in keys else "to every service"
