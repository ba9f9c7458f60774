"""What is asked of who gets into a cluster by AWS: people by their roles, and nobody else as an administrator."""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.eks import ACCESS_ENTRY, ROLE, label
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_at, over, stated
from pokayoke_policies.references import referred
from pokayoke_policies.stack import Member, Stack

from .control_plane import ACCESS_POLICY, ADMINISTRATORS
from .documents import read_now
from .iam import is_for_pods_or_nodes

_RESERVED = ("system:", "eks:", "aws:", "amazon:", "iam:")
"""How no name of a user may begin (EKS user guide, "Create access entries")."""

NARROW = Practice(
    "access-admin-narrow",
    "A key that never ends, a pod or a node administers the cluster",
    "whoever gets hold of it has the cluster, its secrets and its nodes",
    "Name a role that people take by federation, or set accessScope: {type: namespace, namespaces: [shop]}.",
    "EKS best practices, security/iam; CIS 4.1.1",
)
VALID = Practice(
    "access-entry-valid",
    "EKS refuses an access entry",
    "it is refused in the middle of an update, after the cluster is made",
    "Leave userName out, and kubernetesGroups where the type is not STANDARD.",
    "EKS user guide, create access entries; EKS best practices, security/iam",
)


def administrators_are_people(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Nobody administers a whole cluster but by a role, which neither pods nor nodes take."""

    def judged(association: Member) -> Iterator[tuple[str, Finding]]:
        said = association.properties
        if not str(stated(said, "policyArn")).endswith(ADMINISTRATORS):
            return
        if stated(said, "accessScope", "type") != "cluster":
            return
        roles = referred(stack, association, "principalArn", ROLE)
        for role in roles:
            if is_for_pods_or_nodes(read_now(role.properties, "assumeRolePolicy")):
                problem = f"pods or nodes take the role '{label(role.urn)}'"
                yield association.urn, NARROW.finding("principalArn", problem)
        who = said.get("principalArn")
        if who is UNKNOWN and not roles:
            raise NotKnownError(("principalArn",))
        if ":user/" in str(who) or str(who).endswith(":root"):
            how = "the account's root" if str(who).endswith(":root") else "a user, whose keys do not end"
            yield association.urn, NARROW.finding("principalArn", f"it is {how}")

    yield from over(stack.of_type(ACCESS_POLICY), judged)


def entry_is_taken(entry: Mapping[str, Any]) -> Iterator[Finding]:
    """What EKS refuses of an entry, as far as the entry shows it."""
    yield from over((_user, _groups, _principal), lambda judge: judge(entry))


RULES = (
    Rule(NARROW.slug, stack=(administrators_are_people,), practice=NARROW),
    Rule(VALID.slug, judges={ACCESS_ENTRY: (entry_is_taken,)}, practice=VALID),
)


def _user(entry: Mapping[str, Any]) -> Iterator[Finding]:
    # Entries of nodes get theirs from EKS.
    reserved = [one for one in _RESERVED if str(stated(entry, "userName")).startswith(one)]
    if reserved and _is_of_people(entry):
        yield VALID.finding("userName", f"no name of a user begins with {reserved[0]}")


def _groups(entry: Mapping[str, Any]) -> Iterator[Finding]:
    groups = [one for one in list_at(entry, "kubernetesGroups") if not str(one).startswith(_RESERVED)]
    if groups and not _is_of_people(entry):
        yield VALID.finding("kubernetesGroups", "entries of nodes take no groups but those that EKS gives them")


def _is_of_people(entry: Mapping[str, Any]) -> bool:
    # Left out, the type is STANDARD (EKS API reference, CreateAccessEntry).
    return stated(entry, "type") in (None, "STANDARD")


def _principal(entry: Mapping[str, Any]) -> Iterator[Finding]:
    if ":role/aws-service-role/" in str(stated(entry, "principalArn")):
        yield VALID.finding("principalArn", "roles of services have no entries", "Name a role that is yours.")
