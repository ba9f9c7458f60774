"""The policy `public-registry-credentials`: nobody logs in where anybody may pull."""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules import charts
from pokayoke_eks.rules.finding import Finding

from .helm import host_of
from .objects import CHART, RELEASE
from .policy import Rule
from .raw import mapping_at

_CREDENTIALS = ("username", "password")


def no_credentials_for_a_public_registry(properties: Mapping[str, Any]) -> Iterator[Finding]:
    """A release of a chart from a public registry states neither user nor password, known yet or not."""
    options = mapping_at(properties, "repositoryOpts")
    if not any(options.get(key) for key in _CREDENTIALS):
        return
    finding = charts.needless_credentials(host_of(properties))
    if finding:
        yield finding.at("repositoryOpts: ")


RULE = Rule(
    charts.CREDENTIALS,
    judges=dict.fromkeys((RELEASE, CHART), (no_credentials_for_a_public_registry,)),
)
