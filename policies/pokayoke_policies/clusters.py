"""Policies on clusters."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pokayoke_eks.rules import kubernetes_versions
from pokayoke_eks.rules.finding import Finding

from .policy import Rule
from .raw import stated
from .remedies import CannotMendError, Edits

_CLUSTER = "aws:eks/cluster:Cluster"
_NATIVE = "aws-native:eks:Cluster"


def extended_support(today: date) -> Rule:
    """A cluster is on standard support, and its version is in it on `today`."""

    def version_in_support(properties: Mapping[str, Any]) -> Iterator[Finding]:
        version = stated(properties, "version")
        finding = kubernetes_versions.unsupported_or_unsaid(version if isinstance(version, str) else None, today)
        if finding:
            yield finding

    def to_standard(properties: Mapping[str, Any]) -> Edits:
        """`upgradePolicy.supportType: STANDARD`, where the version is in standard support."""
        # EKS upgrades a cluster on STANDARD by itself when its version leaves standard support (EKS user guide, cluster
        # upgrade policy).
        if next(version_in_support(properties), None):
            raise CannotMendError("its version is not one in standard support")
        return {("upgradePolicy", "supportType"): kubernetes_versions.STANDARD}

    return Rule(
        kubernetes_versions.SLUG,
        {_CLUSTER: (support_type_is_standard, version_in_support)},
        remedies={_CLUSTER: to_standard, _NATIVE: to_standard},
    )


def support_type_is_standard(properties: Mapping[str, Any]) -> Iterator[Finding]:
    """`upgradePolicy.supportType` says STANDARD; left out, EKS takes EXTENDED."""
    support_type = stated(properties, "upgradePolicy", "supportType")
    finding = kubernetes_versions.not_standard(support_type if isinstance(support_type, str) else None)
    if finding:
        yield finding
