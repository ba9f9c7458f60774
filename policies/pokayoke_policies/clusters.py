"""Policies on clusters."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pokayoke_eks.rules import kubernetes_versions
from pokayoke_eks.rules.finding import Finding

from .policy import Rule
from .raw import stated


def extended_support(today: date) -> Rule:
    """A cluster is on standard support, and its version is in it on `today`."""

    def version_in_support(properties: Mapping[str, Any]) -> Iterator[Finding]:
        version = stated(properties, "version")
        finding = kubernetes_versions.unsupported_or_unsaid(version if isinstance(version, str) else None, today)
        if finding:
            yield finding

    return Rule(
        kubernetes_versions.SLUG,
        {"aws:eks/cluster:Cluster": (support_type_is_standard, version_in_support)},
    )


def support_type_is_standard(properties: Mapping[str, Any]) -> Iterator[Finding]:
    """`upgradePolicy.supportType` says STANDARD; left out, EKS takes EXTENDED."""
    support_type = stated(properties, "upgradePolicy", "supportType")
    finding = kubernetes_versions.not_standard(support_type if isinstance(support_type, str) else None)
    if finding:
        yield finding
