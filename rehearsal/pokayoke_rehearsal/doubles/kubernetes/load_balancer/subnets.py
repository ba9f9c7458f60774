"""Where balancers are put: the subnets that carry the role's tag, or else those that fit by their routes.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, pkg/networking/subnet_resolver.go, texts included.
"""

from __future__ import annotations

from collections.abc import Sequence

from pokayoke_rehearsal.doubles.kubernetes.load_balancer.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.stack import ModelError
from pokayoke_rehearsal.world.account import Subnet

MINIMUM_FREE = 8
"""Addresses that a balancer needs in a subnet."""

_ROLES = {"internal": "kubernetes.io/role/internal-elb", "internet-facing": "kubernetes.io/role/elb"}
_OWNED = "kubernetes.io/cluster/"


def discover(acting: Acting, kind: str, scheme: str) -> tuple[str, ...]:
    """One subnet a zone for a kind of balancer. Raises ModelError, or RefusedError."""
    acting.aws.read("ec2:DescribeSubnets")
    inside = [one for one in acting.account.subnets() if one.vpc == acting.vpc]
    found = [one for one in inside if one.tags.get(_ROLES[scheme]) in ("", "1")]
    if not found:
        acting.aws.read("ec2:DescribeRouteTables")
        public = scheme == "internet-facing"
        found = [one for one in inside if acting.balancers.is_public(one.id) == public]
    return _chosen(acting, kind, found)


def named(acting: Acting, kind: str, stated: Sequence[str]) -> tuple[str, ...]:
    """The subnets that an object names, by id or `Name`. Raises ModelError, or RefusedError."""
    acting.aws.read("ec2:DescribeSubnets")
    inside = [one for one in acting.account.subnets() if one.vpc == acting.vpc]
    found = [one for name in stated for one in inside if name in (one.id, one.tags.get("Name"))]
    missing = [name for name in stated if not any(name in (one.id, one.tags.get("Name")) for one in found)]
    if missing:
        what = "subnet ID not found" if missing[0].startswith("subnet-") else "subnet with Name tag not found"
        raise ModelError(f"failed to list subnets by names or IDs: {what}: {missing[0]}")
    _require_zones(acting, kind, found)
    return tuple(one.id for one in found)


def _chosen(acting: Acting, kind: str, found: Sequence[Subnet]) -> tuple[str, ...]:
    others = [one for one in found if _is_anothers(one, acting.cluster_name)]
    ours = [one for one in found if one not in others]
    full = [one for one in ours if one.free < MINIMUM_FREE]
    eligible = [one for one in ours if one not in full]
    if not eligible:
        raise ModelError(
            f"unable to resolve at least one subnet. Evaluated {len(found)} subnets: {len(others)} are tagged for "
            f"other clusters, and {len(full)} have insufficient available IP addresses"
        )
    by_zone: dict[str, Subnet] = {}
    own = f"{_OWNED}{acting.cluster_name}"
    for one in sorted(eligible, key=lambda subnet: (own not in subnet.tags, subnet.id)):
        by_zone.setdefault(one.zone, one)
    chosen = sorted(by_zone.values(), key=lambda one: one.id)
    _require_zones(acting, kind, chosen)
    return tuple(one.id for one in chosen)


def _require_zones(acting: Acting, kind: str, chosen: Sequence[Subnet]) -> None:
    acting.aws.read("ec2:DescribeAvailabilityZones")
    needed = 2 if kind == "application" else 1
    if len(chosen) < needed:
        raise ModelError(f"subnets count less than minimal required count: {len(chosen)} < {needed}")


def _is_anothers(subnet: Subnet, cluster: str) -> bool:
    tagged = [key for key in subnet.tags if key.startswith(_OWNED)]
    return bool(tagged) and f"{_OWNED}{cluster}" not in tagged
