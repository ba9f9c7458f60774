"""The policy `lbc-iam-incomplete`: the role of the load balancer controller's service account may do what it does.

Judged are the stack's own roles, over Pod Identity or IRSA, by all that the stack attaches to them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.load_balancer_actions import SERVICE_ACCOUNT, SLUG, incomplete

from .accounts import accounts_of
from .eks import ASSOCIATION, ROLE
from .inventory import Held, Install, installs, known_map, objects_of
from .near import Near
from .policy import Rule
from .raw import UNKNOWN, over
from .references import referred
from .roles import attached, trusting
from .stack import Member, Stack

_IRSA = "eks.amazonaws.com/role-arn"


@dataclass(frozen=True)
class Account:
    """A service account under which the controller runs."""

    cluster: str | None
    namespace: Any
    name: Any
    install: Install | None = None


def the_controllers_role_is_complete(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Every role that the controller's service account may take allows all that the controller calls."""
    found: dict[str, tuple[Member, Account]] = {}
    asked: set[tuple[Any, Any]] = set()
    for account in _accounts(stack):
        for role in _roles(stack, account, asked):
            found.setdefault(role.urn, (role, account))

    def judged(one: tuple[Member, Account]) -> Iterator[tuple[str, Finding]]:
        role, account = one
        given = attached(stack, role)
        if given.unknown:
            raise given.unknown
        told = [*given.statements, *given.broad]
        finding = None if given.others else incomplete(told, *_installed(account))
        if finding:
            yield role.urn, finding.at("managedPolicyArns: ")

    yield from over(found.values(), judged)


RULE = Rule(SLUG, stack=(the_controllers_role_is_complete,))


def _accounts(stack: Stack) -> Iterator[Account]:
    found = {one.member.urn: one for one in accounts_of(stack)[0]}
    for install in installs(stack, SERVICE_ACCOUNT):
        account = found.get(install.member.urn)
        if account is not None:
            yield Account(account.cluster, account.namespace, account.name, install)
    # Upstream's own name for it, whether the release is in this stack or in another.
    yield Account(None, "kube-system", SERVICE_ACCOUNT)


def _roles(stack: Stack, account: Account, asked: set[tuple[Any, Any]]) -> list[Member]:
    """The roles of an account; those by its name alone, which are the same in every cluster, once for each name."""
    found: dict[str, Member] = {}
    named = account.namespace, account.name
    is_new = named not in asked
    asked.add(named)
    for association in stack.once(_associations).of(None, named) if is_new else ():
        found.update((one.urn, one) for one in referred(stack, association, "roleArn", ROLE))
    for held in stack.once(_service_accounts).of(account.cluster, named):
        found.update((one.urn, one) for one in _annotated(stack, held.member, held.metadata, "metadata"))
    if account.install is not None:
        values = known_map(known_map(account.install.values).get("serviceAccount"))
        found.update((one.urn, one) for one in _annotated(stack, account.install.member, values, "values"))
    if is_new:
        subject = f"system:serviceaccount:{account.namespace}:{account.name}"
        found.update((one.urn, one) for one in trusting(stack, subject))
    return list(found.values())


def _associations(stack: Stack) -> Near[Member]:
    return Near(
        ((said.get("namespace"), said.get("serviceAccount")), None, one)
        for one in stack.of_type(ASSOCIATION)
        for said in (one.properties,)
    )


def _service_accounts(stack: Stack) -> Near[Held]:
    every = objects_of(stack, "core/ServiceAccount")
    return Near(((one.namespace, one.metadata.get("name")), one.cluster, one) for one in every)


def _annotated(stack: Stack, member: Member, holder: dict[str, Any], key: str) -> list[Member]:
    """The role of an IRSA annotation: by its ARN, else by where the values come from, if that is one role."""
    arn = known_map(holder.get("annotations")).get(_IRSA)
    if isinstance(arn, str):
        name = arn.rpartition("/")[2]
        roles = stack.once(_by_identity)
        found = {one.urn: one for identity in (("arn", arn), ("name", name)) for one in roles.of(None, identity)}
        return [found[urn] for urn in sorted(found)]
    found = [one for one in referred(stack, member, key, ROLE) if arn is UNKNOWN]
    return found if len(found) == 1 else []


def _by_identity(stack: Stack) -> Near[Member]:
    """Roles by ARN and by name."""
    return Near(((key, one.properties.get(key)), None, one) for one in stack.of_type(ROLE) for key in ("arn", "name"))


def _installed(account: Account) -> tuple[dict[str, Any], str | None]:
    if account.install is None:
        return {}, None
    return known_map(account.install.values), str(account.install.member.properties.get("version"))
