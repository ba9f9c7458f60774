"""What is asked of ExternalDNS: that it knows its own records, and reaches no zone but its own."""

from collections.abc import Iterator
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.iam_actions import Statement, not_allowed
from pokayoke_policies.eks import ROLE, label
from pokayoke_policies.inventory import Install, installs, known_map
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_of, over
from pokayoke_policies.references import is_given
from pokayoke_policies.roles import attached
from pokayoke_policies.stack import Member, Stack

from .documents import listed, read_now
from .iam import is_for_pods_or_nodes

_CHART = "external-dns"
_CHANGE = "route53:ChangeResourceRecordSets"
_ZONES = ("*", "arn:aws:route53:::*", "arn:aws:route53:::hostedzone/*")
_ZONE_FILTER = "zone-id-filter"

OWNED = Practice(
    "dns-scoped-and-owned",
    "ExternalDNS may take records for its own that are not, or change any zone of the account",
    "records of another cluster, or of people, are overwritten or deleted",
    "Set txtOwnerId to the cluster's name and domainFilters: [shop.example.com], and allow "
    "route53:ChangeResourceRecordSets on the zone's ARN alone.",
    "ExternalDNS, operational best practices and chart values; EKS best practices, security/iam",
)


def records_have_an_owner(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Each release whose values are to be seen."""
    first: dict[str, Install] = {}

    def judged(install: Install) -> Iterator[tuple[str, Finding]]:
        owner = install.value("txtOwnerId")
        if owner is not UNKNOWN and owner in (None, "", "default"):
            how = "it is default" if owner else "it is left out, which means default"
            yield install.member.urn, OWNED.finding("values.txtOwnerId", f"{how}, as it is elsewhere")
        elif isinstance(owner, str) and first.setdefault(owner, install) is not install:
            problem = f"'{label(first[owner].member.urn)}' owns its records by the same name"
            yield install.member.urn, OWNED.finding("values.txtOwnerId", problem)
        policy = install.value("policy")
        if policy == "sync" and not _is_filtered(install):
            problem = "it is sync, and no domainFilters say of which zones"
            yield install.member.urn, OWNED.finding("values.policy", problem)
        if UNKNOWN in (owner, policy):
            raise NotKnownError(("values",))

    yield from over((one for one in installs(stack, _CHART) if one.values is not None), judged)


def pods_change_their_own_zones(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No role of pods or nodes may change records in every zone."""

    def judged(role: Member) -> Iterator[tuple[str, Finding]]:
        given = attached(stack, role)
        if not any(map(_changes_any_zone, given.statements)):
            return
        if is_for_pods_or_nodes(read_now(role.properties, "assumeRolePolicy")):
            yield role.urn, OWNED.finding("policies", f"a statement allows {_CHANGE} in every zone")

    yield from over(stack.of_type(ROLE), judged)


RULES = (Rule(OWNED.slug, stack=(records_have_an_owner, pods_change_their_own_zones), practice=OWNED),)


def _is_filtered(install: Install) -> bool:
    """Whether it is told of which zones it is, by name or by id."""
    more: Any = install.value("extraArgs")
    if more is UNKNOWN or is_given(install.value("domainFilters")):
        return True
    named = list(known_map(more)) if isinstance(more, dict) else list_of(more)
    return any(_ZONE_FILTER in str(one) for one in named)


def _changes_any_zone(statement: Statement) -> bool:
    """Whether it allows changes in all zones; one that allows all of Route 53, or all, is another practice's."""
    own = statement.get("Effect") == "Allow" and not statement.get("Condition")
    named = any(one.lower().startswith("route53:change") for one in listed(statement.get("Action")))
    everywhere = any(one in _ZONES for one in listed(statement.get("Resource")))
    return own and named and everywhere and not not_allowed([_CHANGE], [statement])
