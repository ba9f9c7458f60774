"""The policy `duplicate-node-role`: a role's name, a principal's access entry and a service account's association have
one owner each. Access entries that EKS makes by itself count: for the roles of managed node groups and Fargate
profiles, and for the creator (EKS user guide, "Access entries")."""

import json
from collections.abc import Hashable, Iterator
from typing import Any, NamedTuple, cast

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.json_text import from_json

from .eks import (
    ACCESS_ENTRY,
    CLUSTER,
    FARGATE_PROFILE,
    NODE_GROUP,
    ROLE,
    associations,
    cluster_of,
    label,
)
from .policy import Rule
from .raw import UNKNOWN
from .stack import Member, Stack

SLUG = "duplicate-node-role"
_ACCOUNT = ("accessKey", "allowedAccountIds", "assumeRole", "assumeRoles", "assumeRoleWithWebIdentity", "profile")
"""What of a provider's settings decides the account."""


class Claim(NamedTuple):
    """A resource claims something that only one may have. `proof` is an output that only the thing itself has: two
    resources with one proof are two views of one thing."""

    key: Hashable
    member: Member
    proof: Any


def one_role_a_name(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No two roles of one account have one name; IAM does not tell names that differ only in case."""
    claims = [
        Claim((_account(member), name.casefold()), member, member.properties.get("uniqueId"))
        for member in stack.of_type(ROLE)
        if isinstance(name := member.properties.get("name"), str)
    ]
    for later, first in _twice(claims):
        yield later.urn, _second("name", "a role of this name", first, "EntityAlreadyExists")


def one_entry_a_principal(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No principal has two access entries in a cluster."""
    claims: list[Claim] = []
    for member in stack.of_type(ACCESS_ENTRY):
        key = _entry(stack, member, "principalArn")
        if key is not None:
            claims.append(Claim(key, member, member.properties.get("accessEntryArn")))
    for later, first in _twice(claims):
        yield later.urn, _second("principalArn", "an access entry of this principal", first, "ResourceInUseException")
    owners = dict(_made_by_eks(stack))
    for claim in claims:
        owner = owners.get(claim.key)
        # An entry that is there before the node group is taken by it (aws/containers-roadmap#2631).
        if owner is not None and claim.member.urn not in stack.behind(owner.urn):
            finding = Finding(
                f"principalArn: EKS itself makes the access entry of this principal, for '{label(owner.urn)}': a "
                "second one fails with ResourceInUseException",
                "Leave the entry out, or use a role of its own.",
                SLUG,
            )
            yield claim.member.urn, finding


def one_association_a_service_account(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No service account has two associations in a cluster, those of add-ons counted in."""
    claims = [
        Claim(
            (one.cluster or one.member.properties.get("clusterName"), one.namespace, one.account),
            one.member,
            one.member.properties.get("associationId"),
        )
        for one in associations(stack)
        if one.is_known and (one.cluster or isinstance(one.member.properties.get("clusterName"), str))
    ]
    for later, first in _twice(claims):
        what = "an association of this service account"
        yield later.urn, _second("serviceAccount", what, first, "ResourceInUseException")


RULE = Rule(SLUG, stack=(one_role_a_name, one_entry_a_principal, one_association_a_service_account))


def _twice(claims: list[Claim]) -> Iterator[tuple[Member, Member]]:
    """Each resource that claims what another has, and that other."""
    first: dict[Hashable, Claim] = {}
    for claim in claims:
        other = first.setdefault(claim.key, claim)
        same_thing = isinstance(claim.proof, str) and claim.proof == other.proof
        if other is not claim and not same_thing:
            yield claim.member, other.member


_HANDED_ON = {"name": "arn", "principalArn": "principalArn", "serviceAccount": "roleArn"}
"""By what two have in common, what those need of the first who leant on the second."""


def _second(place: str, what: str, first: Member, error: str) -> Finding:
    return Finding(
        f"{place}: '{label(first.urn)}' claims {what} already: the second one fails with {error}",
        f"Take this one out, and hand on the other's value: {label(first.urn)}.{_HANDED_ON[place]}.",
        SLUG,
    )


def _made_by_eks(stack: Stack) -> Iterator[tuple[Hashable, Member]]:
    for kind, name in ((NODE_GROUP, "nodeRoleArn"), (FARGATE_PROFILE, "podExecutionRoleArn")):
        for member in stack.of_type(kind):
            key = _entry(stack, member, name)
            if key is not None:
                yield key, member
    for member in stack.of_type(CLUSTER):
        yield (member.urn, _principal(stack, _creator(member), ())), member


def _creator(cluster: Member) -> Any:
    """The ARN of the role that creates a cluster and so has an entry in it, where the provider says whom it assumes."""
    access = cluster.properties.get("accessConfig")
    if isinstance(access, dict):
        given = cast("dict[str, Any]", access).get("bootstrapClusterCreatorAdminPermissions")
        if given is False or given is UNKNOWN:
            return None
    settings = cluster.provider_properties()
    assumed = from_json(settings.get("assumeRoles") or settings.get("assumeRole"))
    last = cast("list[Any]", assumed)[-1] if isinstance(assumed, list) and assumed else cast("Any", assumed)
    return cast("dict[str, Any]", last).get("roleArn") if isinstance(last, dict) else None


def _entry(stack: Stack, member: Member, name: str) -> Hashable | None:
    """Which entry this is, or makes: cluster and principal. None where either is not told."""
    cluster = cluster_of(stack, member) or member.properties.get("clusterName")
    principal = _principal(stack, member.properties.get(name), member.sources.get(name, ()))
    return (cluster, principal) if isinstance(cluster, str) and principal else None


def _principal(stack: Stack, arn: Any, sources: tuple[str, ...]) -> str | None:
    """One word for a principal: the URN of the stack's role, else its ARN."""
    roles = stack.inside(sources, ROLE)
    if len(roles) == 1:
        return roles.pop()
    if not isinstance(arn, str):
        return None
    known = stack.once(_roles)
    return min([known[one] for one in (arn, _named(arn.rpartition("/")[2])) if one in known], default=arn)


def _roles(stack: Stack) -> dict[str, str]:
    """The first role of each ARN; where that is not known yet, of each name."""
    found: dict[str, str] = {}
    for role in stack.of_type(ROLE):
        own, name = role.properties.get("arn"), role.properties.get("name")
        found.setdefault(own if isinstance(own, str) else _named(name), role.urn)
    return found


def _named(name: Any) -> str:
    return f"name {name}"


def _account(member: Member) -> str:
    """What decides the account that a resource is made in, as one text. It is compared and never shown."""
    settings = member.provider_properties()
    said = {key: settings[key] for key in _ACCOUNT if settings.get(key)}
    return f"{member.provider}" if UNKNOWN in said.values() else json.dumps(said, sort_keys=True, default=repr)
