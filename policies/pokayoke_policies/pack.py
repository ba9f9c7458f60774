"""What the pack holds."""

from datetime import date

from pulumi_policy import Policy

from . import identities, node_groups, node_pools, owners, placeholders, releases, workloads
from .clusters import extended_support
from .policy import Rule
from .stack import Shown

PACK_NAME = "pokayoke-eks"


def rules(today: date) -> tuple[Rule, ...]:
    """Every rule of the pack, judging by the dates of `today`."""
    return (
        extended_support(today),
        node_groups.RULE,
        identities.RULE,
        owners.RULE,
        node_pools.RULE,
        placeholders.RULE,
        releases.RULE,
        workloads.RULE,
    )


def policies(today: date) -> list[Policy]:
    """The same as the SDK takes them."""
    shown = Shown()
    return [policy for rule in rules(today) for policy in rule.policies(shown)]
