"""What the pack holds."""

from datetime import date

from pulumi_policy import Policy

from .clusters import extended_support
from .policy import FailurePolicy

PACK_NAME = "pokayoke-eks"


def policies(today: date) -> list[Policy]:
    """Every policy of the pack, judging by the dates of `today`."""
    return [FailurePolicy(rule) for rule in (extended_support(today),)]
