"""What is asked of rights in Kubernetes: that none of them leads to all others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.inventory import Held, objects_of
from pokayoke_policies.near import Near
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, each, texts
from pokayoke_policies.raw import list_at, over, stated
from pokayoke_policies.stack import Stack

from .pods import SYSTEM_NAMESPACES

_GROUP = "rbac.authorization.k8s.io"
_ROLES = {kind: f"{_GROUP}/{kind}" for kind in ("ClusterRole", "Role")}
_EVERYWHERE = f"{_GROUP}/ClusterRoleBinding"
_BINDINGS = (_EVERYWHERE, f"{_GROUP}/RoleBinding")
_SAID = ("apiGroups", "resources", "verbs")
_EVERYBODY = ("system:anonymous", "system:unauthenticated", "system:authenticated")


@dataclass(frozen=True)
class _Step:
    """A right that leads to more: what for, and by which verbs on which resources of which API group, words between
    blanks."""

    what: str
    resources: str
    verbs: str
    group: str = ""
    everywhere: bool = False
    """Whether it takes a binding for the whole cluster."""


_STEPS = (
    _Step("binding roles", "clusterroles roles", "bind escalate", group=_GROUP),
    _Step("being somebody else", "users groups serviceaccounts", "impersonate"),
    _Step("making tokens of service accounts", "serviceaccounts/token", "create"),
    _Step("the kubelets of all nodes", "nodes/proxy", "get create", everywhere=True),
    _Step("volumes of the node's files", "persistentvolumes", "create", everywhere=True),
    _Step("reading every secret", "secrets", "get list watch", everywhere=True),
    _Step(
        "changing what is admitted",
        "mutatingwebhookconfigurations validatingwebhookconfigurations",
        "create update patch",
        group="admissionregistration.k8s.io",
        everywhere=True,
    ),
    _Step(
        "certificates for anybody",
        "certificatesigningrequests/approval",
        "update patch",
        group="certificates.k8s.io",
        everywhere=True,
    ),
)
"""Kubernetes documentation, "Role Based Access Control Good Practices", privilege escalation risks."""

ESCALATION = Practice(
    "rbac-no-escalation",
    "A workload has a right that leads to all others",
    "whoever takes over one pod gives itself the rest",
    "Take the verb or the resource out of the role, or name the objects, e.g. resourceNames: [shop-settings].",
    "EKS best practices, security/iam; CIS 4.1.2; CIS 4.1.8 to 4.1.12",
    {"systemNamespaces": texts(SYSTEM_NAMESPACES, "Namespaces whose service accounts may have such rights.")},
)


def escalation(settings: Mapping[str, Any]) -> Rule:
    """A role is judged where it is bound: to service accounts outside the system's namespaces, or to everybody."""
    system = set(settings["systemNamespaces"])

    def roles_lead_no_further(stack: Stack) -> Iterator[tuple[str, Finding]]:
        yield from over(objects_of(stack, *_BINDINGS), lambda binding: judged(stack, binding))

    def judged(stack: Stack, binding: Held) -> Iterator[tuple[str, Finding]]:
        if not any(is_concerned(one) for _, one in each(list_at(binding.content, "subjects"))):
            return
        everywhere = binding.key == _EVERYWHERE
        for role in _bound(stack, binding):
            for index, rule in each(list_at(role.content, "rules")):
                for what in _leads(rule, everywhere=everywhere):
                    name = binding.metadata.get("name")
                    problem = f"it allows {what}, and the binding '{name}' gives it to a workload or to everybody"
                    yield role.member.urn, ESCALATION.finding(f"{role.place}rules[{index}]", problem)

    def is_concerned(subject: Mapping[str, Any]) -> bool:
        kind, name = stated(subject, "kind"), stated(subject, "name")
        if kind == "ServiceAccount":
            return str(stated(subject, "namespace")) not in system
        return name in _EVERYBODY

    return Rule(ESCALATION.slug, stack=(roles_lead_no_further,), practice=ESCALATION, tuned=escalation)


RULES = (escalation(ESCALATION.set_by({})),)


def _bound(stack: Stack, binding: Held) -> Iterator[Held]:
    """The stack's roles that a binding names."""
    kind, name = (str(stated(binding.content, "roleRef", key)) for key in ("kind", "name"))
    for role in stack.once(_roles_by_name).of(binding.cluster, (kind, name)):
        if kind == "ClusterRole" or role.namespace == binding.namespace:
            yield role


def _roles_by_name(stack: Stack) -> Near[Held]:
    roles = [(kind, one) for kind, key in _ROLES.items() for one in objects_of(stack, key)]
    return Near(((kind, one.metadata.get("name")), one.cluster, one) for kind, one in roles)


def _leads(rule: Mapping[str, Any], *, everywhere: bool) -> Iterator[str]:
    """What a rule allows that leads to more. One on every resource is another practice's, one on named objects is
    narrow."""
    groups, resources, verbs = ({str(one) for one in list_at(rule, key)} for key in _SAID)
    if "*" in resources or list_at(rule, "resourceNames"):
        return
    for step in _STEPS:
        concerned = {*step.resources.split()} & resources if everywhere or not step.everywhere else ()
        if concerned and {step.group, "*"} & groups and {*step.verbs.split(), "*"} & verbs:
            yield step.what
