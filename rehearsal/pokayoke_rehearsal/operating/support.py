"""What a control plane costs, now and when the support of its Kubernetes version ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pokayoke_eks.instances.prices import EXTENDED_SUPPORT, STANDARD_SUPPORT
from pokayoke_rehearsal.operating.prices import dollars
from pokayoke_rehearsal.world.eks.facts import EksCluster
from pokayoke_rehearsal.world.eks.versions import STANDARD_UNTIL

_MORE = dollars(EXTENDED_SUPPORT - STANDARD_SUPPORT)


def extended(cluster: EksCluster, today: date) -> Iterator[str]:
    """Why a cluster pays for extended support or will (`extended-support`): it does unless its upgrade policy says
    STANDARD, which has EKS upgrade it instead (EKS user guide, "Enable extended support")."""
    if cluster.support_type == "STANDARD":
        return
    policy = "the support_type of its upgrade policy is EXTENDED, as it is where nobody says STANDARD"
    ends = STANDARD_UNTIL.get(cluster.version)
    if ends is not None and today > ends:
        yield (
            f"cluster {cluster.name} is in EXTENDED support: standard support of Kubernetes {cluster.version} ended on "
            f"{ends}, and {policy}. It costs {dollars(EXTENDED_SUPPORT)} an hour, {_MORE} more than in standard support"
        )
        return
    when = f"ends on {ends}" if ends is not None else "ends"
    yield (
        f"cluster {cluster.name} goes into EXTENDED support: {policy}. From the day on which standard support of "
        f"Kubernetes {cluster.version} {when} it costs {_MORE} more an hour, {dollars(EXTENDED_SUPPORT)}"
    )


def price(cluster: EksCluster, today: date) -> tuple[str, float]:
    """What a control plane is billed as, and dollars an hour."""
    ends = STANDARD_UNTIL.get(cluster.version)
    if cluster.support_type == "STANDARD" or ends is None or today <= ends:
        return "standard support", STANDARD_SUPPORT
    return "EXTENDED support", EXTENDED_SUPPORT
