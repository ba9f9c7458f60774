"""What is asked of the rights of what runs in a cluster: those in AWS by role, and those in Kubernetes by binding.

Roles that neither pods nor nodes take are nobody's here.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.iam_actions import Statement
from pokayoke_policies.eks import ROLE
from pokayoke_policies.inventory import Held, known_map, objects_of
from pokayoke_policies.near import Near
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, each, texts
from pokayoke_policies.raw import NotKnownError, list_at, over, stated
from pokayoke_policies.roles import attached
from pokayoke_policies.stack import Member, Stack

from .documents import condition_keys, is_of_everything, listed, read_now
from .pods import SYSTEM_NAMESPACES

_PODS, _NODES = "pods.eks.amazonaws.com", "ec2.amazonaws.com"
_ADMINISTRATION = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")
_BINDINGS = ("rbac.authorization.k8s.io/ClusterRoleBinding", "rbac.authorization.k8s.io/RoleBinding")
_CLUSTER_ROLE = "rbac.authorization.k8s.io/ClusterRole"
_EVERYBODY = ("system:anonymous", "system:unauthenticated", "system:authenticated", "system:masters")

FULL_ADMIN = Practice(
    "iam-no-full-admin",
    "Pods or nodes may do anything in the account, or with a whole service of it",
    "whoever takes over one pod has all of that",
    'Name the actions and resources, e.g. {"Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::shop-images/*"}.',
    "EKS best practices, security/iam; CIS 5.2.1; IAM.1; IAM.21",
)
IRSA_TRUST = Practice(
    "iam-irsa-trust-exact",
    "A role for one service account may be taken by others",
    "whatever may run a pod in the cluster takes it",
    'Set Condition: {"StringEquals": {"ISSUER:sub": "system:serviceaccount:NAMESPACE:NAME", '
    '"ISSUER:aud": "sts.amazonaws.com"}}.',
    "EKS best practices, security/iam; EKS user guide, IAM roles for service accounts",
)
POD_TRUST = Practice(
    "iam-pod-identity-trust",
    "A role for pods cannot be taken by them",
    "EKS tags the session when it takes the role, and is refused without that right",
    'Set Action: ["sts:AssumeRole", "sts:TagSession"] for pods.eks.amazonaws.com.',
    "EKS user guide, EKS Pod Identity roles",
)
RBAC = Practice(
    "rbac-admin-narrow",
    "A workload, or everybody, administers the cluster",
    "whoever takes over one pod has the cluster, its secrets and its nodes",
    'Bind a Role with what it needs, e.g. rules: [{apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"]}].',
    "EKS best practices, security/iam; CIS 4.1.1; CIS 4.1.3",
    {"systemNamespaces": texts(SYSTEM_NAMESPACES, "Namespaces whose service accounts may administer the cluster.")},
)


def roles_are_of_some_actions(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No policy of a role that pods or nodes take allows everything, or all of a service on everything."""

    def judged(role: Member) -> Iterator[tuple[str, Finding]]:
        if is_for_pods_or_nodes(read_now(role.properties, "assumeRolePolicy")):
            given = attached(stack, role)
            yield from ((role.urn, one) for one in _too_much(given.names, given.statements))
            if given.unknown:
                raise given.unknown

    yield from over(stack.of_type(ROLE), judged)


def federated_trust_is_exact(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """What a cluster's issuer vouches for is one service account, and meant for AWS."""
    yield from _trusting(stack, _why_inexact)


def pods_trust_is_whole(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Pod Identity may take the role and tag its session."""
    yield from _trusting(stack, _why_not_whole)


def narrow_bindings(settings: Mapping[str, Any]) -> Rule:
    """Who administers the cluster is somebody, and no workload outside the system's namespaces. A role is judged where
    it is bound."""
    system = set(settings["systemNamespaces"])

    def bindings_are_narrow(stack: Stack) -> Iterator[tuple[str, Finding]]:
        unknown: NotKnownError | None = None
        wide: list[Held] = []
        for role in objects_of(stack, _CLUSTER_ROLE):
            try:
                if _allows_all(role.content):
                    wide.append(role)
            except NotKnownError as error:
                unknown = error
        near = Near((str(one.metadata.get("name")), one.cluster, one) for one in wide)
        for binding in objects_of(stack, *_BINDINGS):
            try:
                yield from ((binding.member.urn, one) for one in judged(binding, near))
            except NotKnownError as error:
                unknown = error
        if unknown is not None:
            raise unknown

    def judged(binding: Held, wide: Near[Held]) -> Iterator[Finding]:
        name = str(stated(binding.content, "roleRef", "name"))
        is_wide = name == "cluster-admin" or bool(wide.of(binding.cluster, name))
        if stated(binding.content, "roleRef", "kind") != "ClusterRole" or not is_wide:
            return
        whole = binding.key == _BINDINGS[0]
        for index, subject in each(list_at(binding.content, "subjects")):
            kind, who, namespace = (stated(subject, key) for key in ("kind", "name", "namespace"))
            place = f"{binding.place}subjects[{index}]"
            if kind in ("Group", "User") and who in _EVERYBODY:
                yield RBAC.finding(place, f"{who} may do everything")
            elif kind == "ServiceAccount" and whole and str(namespace) not in system:
                yield RBAC.finding(place, "a service account may do everything")

    return Rule(RBAC.slug, stack=(bindings_are_narrow,), practice=RBAC, tuned=narrow_bindings)


RULES = (
    Rule(FULL_ADMIN.slug, stack=(roles_are_of_some_actions,), practice=FULL_ADMIN),
    Rule(IRSA_TRUST.slug, stack=(federated_trust_is_exact,), practice=IRSA_TRUST),
    Rule(POD_TRUST.slug, stack=(pods_trust_is_whole,), practice=POD_TRUST),
    narrow_bindings(RBAC.set_by({})),
)


def is_for_pods_or_nodes(trust: list[Statement]) -> bool:
    """Whether a role with this trust is taken in a cluster: by pods, of whatever means, or by nodes."""
    return any(_is_in_cluster(one) for one in trust)


def _is_in_cluster(trusting: Statement) -> bool:
    principal = known_map(trusting.get("Principal"))
    services = listed(principal.get("Service"))
    return bool({_PODS, _NODES} & set(services)) or _is_of_an_issuer(trusting)


def _too_much(names: list[str], given: list[Statement]) -> Iterator[Finding]:
    for name in names:
        if name in _ADMINISTRATION:
            yield FULL_ADMIN.finding("policies", f"{name} is attached")
    for statement in given:
        # A condition may narrow it to what the cluster made.
        if statement.get("Effect") != "Allow" or statement.get("Condition"):
            continue
        if not is_of_everything(statement):
            continue
        if "NotAction" in statement:
            yield FULL_ADMIN.finding("policies", "a statement allows all but some actions on every resource")
            continue
        whole = sorted(one for one in listed(statement.get("Action")) if one == "*" or one.endswith(":*"))
        if whole:
            yield FULL_ADMIN.finding("policies", "a statement allows a whole service, or all, on every resource")


def _trusting(stack: Stack, judge: Callable[[list[Statement]], Iterator[Finding]]) -> Iterator[tuple[str, Finding]]:
    """What is said of the trust of each role. What is not known yet is told once, not role by role: in a first preview
    most documents hold an ARN that is still to come."""

    def judged(role: Member) -> Iterator[tuple[str, Finding]]:
        yield from ((role.urn, one) for one in judge(read_now(role.properties, "assumeRolePolicy")))

    yield from over(stack.of_type(ROLE), judged)


def _why_inexact(trusting: list[Statement]) -> Iterator[Finding]:
    for index, statement in enumerate(trusting):
        if statement.get("Effect") != "Allow" or not _is_of_an_issuer(statement):
            continue
        place = f"assumeRolePolicy.Statement[{index}].Condition"
        subjects, audiences = _conditions(statement, ":sub"), _conditions(statement, ":aud")
        if not subjects:
            yield IRSA_TRUST.finding(place, "it says of no service account that it is meant")
        elif any(_is_wide(one) for said in subjects for one in listed(said)):
            yield IRSA_TRUST.finding(place, "a pattern stands for namespaces or service accounts")
        if not audiences:
            yield IRSA_TRUST.finding(place, "it says of no audience that it is meant")


def _why_not_whole(trusting: list[Statement]) -> Iterator[Finding]:
    actions: set[str] = set()
    for statement in trusting:
        if statement.get("Effect") == "Allow" and _PODS in listed(known_map(statement.get("Principal")).get("Service")):
            actions |= {one.lower() for one in listed(statement.get("Action"))}
    if actions and not actions & {"*", "sts:*"} and not actions >= {"sts:assumerole", "sts:tagsession"}:
        missing = "sts:TagSession" if "sts:assumerole" in actions else "sts:AssumeRole"
        yield POD_TRUST.finding("assumeRolePolicy.Statement", f"it does not allow {missing}")


def _is_of_an_issuer(statement: Statement) -> bool:
    return any("oidc.eks" in one for one in listed(known_map(statement.get("Principal")).get("Federated")))


def _conditions(statement: Statement, suffix: str) -> list[Any]:
    """What the conditions on a key of the issuer compare it with, by whatever operator of texts."""
    return [
        value
        for operator, key, value in condition_keys(statement)
        if key.endswith(suffix) and operator.rpartition(":")[2].startswith(("stringequals", "stringlike"))
    ]


def _is_wide(subject: str) -> bool:
    """Whether a subject leaves namespace or account open. `*` is a sign like any other where it is no pattern; who
    writes it there means it as one, and gets a role that nobody can take."""
    return "*" in subject or "?" in subject


def _allows_all(role: Mapping[str, Any]) -> bool:
    rules = [one for _, one in each(list_at(role, "rules"))]
    return any(all("*" in list_at(one, key) for key in ("apiGroups", "resources", "verbs")) for one in rules)
