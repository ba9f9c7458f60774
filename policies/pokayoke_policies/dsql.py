"""The policy `dsql-delete-deadlock`: peered DSQL clusters know nothing of each other.

A peered cluster stays in PENDING_DELETE until its peer is deleted too. If the one waits for the other, neither ends.
"""

from collections.abc import Iterator
from typing import Any

from pokayoke_eks.rules.finding import Finding

from .eks import label
from .policy import Rule
from .raw import UNKNOWN, mapping_of
from .references import referred
from .stack import Member, Stack

SLUG = "dsql-delete-deadlock"
CLUSTER = "aws:dsql/cluster:Cluster"
PEERING = "aws:dsql/clusterPeering:ClusterPeering"


def peers_lean_on_nothing_of_each_other(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No path of dependencies leads from a cluster to its peer, nor from a peering to the peer's."""
    for one, other in peers(stack):
        for start, end in ((one, other), (other, one)):
            yield from _refuse(stack, start, end, "neither can be deleted before the other is")
    for one, other in _leaning(stack):
        if _share(stack, one, other):
            for start, end in ((one, other), (other, one)):
                yield from _refuse(stack, start, end, "the first waits for ACTIVE, which only the second brings about")


def peers_are_protected_alike(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Both refuse their deletion, or neither does."""
    for one, other in peers(stack):
        for name, told in (("deletionProtectionEnabled", _service_protects), ("protect", _pulumi_protects)):
            first, second = told(one), told(other)
            if first is not None and second is not None and first != second:
                kept, gone = (one, other) if first else (other, one)
                finding = Finding(
                    f"{name} is on for '{label(kept.urn)}' and off for its peer '{label(gone.urn)}': the peer's "
                    "deletion begins and waits in PENDING_DELETE for ever",
                    f"Set {name}: true for both, or for neither.",
                    SLUG,
                )
                yield gone.urn, finding


RULE = Rule(SLUG, stack=(peers_lean_on_nothing_of_each_other, peers_are_protected_alike))


def _refuse(stack: Stack, start: Member, end: Member, why: str) -> Iterator[tuple[str, Finding]]:
    if end.urn not in stack.behind(start.urn):
        return
    way = " -> ".join(f"'{label(urn)}'" for urn in stack.way(start.urn, end.urn))
    finding = Finding(
        f"dependsOn, or a value of it: it depends on its peer ({way}), and {why}",
        "Make clusters and peerings of both regions side by side, with no dependsOn, parent or value between them; a "
        "peering takes identifier: OWN.identifier and clusters: [PEER.arn], nothing else of the peer's.",
        SLUG,
    )
    yield start.urn, finding


def peers(stack: Stack) -> list[tuple[Member, Member]]:
    """The pairs of clusters that are peered: by a peering, by what one states of the other, or by their one witness."""
    return stack.once(_peers)


def _peers(stack: Stack) -> list[tuple[Member, Member]]:
    clusters = list(stack.of_type(CLUSTER))
    joined: set[frozenset[str]] = set()
    for peering in _peerings(stack):
        own, others = _ends(stack, peering)
        joined |= {frozenset((own, other)) for other in others if own and own != other}
    for cluster in clusters:
        for other in referred(stack, cluster, "multiRegionProperties", CLUSTER):
            joined.add(frozenset((cluster.urn, other.urn)))
    paired = {urn for pair in joined for urn in pair}
    by_witness: dict[str | None, list[Member]] = {}
    for cluster in clusters:
        if cluster.urn not in paired:
            by_witness.setdefault(witness_of(cluster), []).append(cluster)
    joined |= {frozenset(one.urn for one in two) for witness, two in by_witness.items() if witness and len(two) == 2}
    pairs = sorted(sorted(pair) for pair in joined if len(pair) == 2)
    return [(stack.members[one], stack.members[other]) for one, other in pairs]


def _peerings(stack: Stack) -> list[Member]:
    return list(stack.of_type(PEERING))


def _leaning(stack: Stack) -> list[tuple[Member, Member]]:
    """The pairs of peerings of which one leans on the other."""
    urns = [one.urn for one in _peerings(stack)]
    all_of_them = stack.among(urns)
    pairs = {tuple(sorted((urn, one))) for urn in urns for one in stack.behind(urn).both(all_of_them)}
    return [(stack.members[one], stack.members[other]) for one, other in sorted(pairs)]


def _ends(stack: Stack, peering: Member) -> tuple[str | None, set[str]]:
    """The cluster that a peering is of, and those that it names."""
    own = referred(stack, peering, "identifier", CLUSTER)
    others = referred(stack, peering, "clusters", CLUSTER)
    return (own[0].urn if len(own) == 1 else None), {one.urn for one in others}


def _share(stack: Stack, one: Member, other: Member) -> bool:
    """Whether two peerings are of each other's clusters; True where neither tells."""
    (first, seconds), (third, fourths) = _ends(stack, one), _ends(stack, other)
    if first is None or third is None:
        return True
    return first in fourths or third in seconds


def witness_of(cluster: Member) -> str | None:
    """The Region of the witness that a cluster states, where it is known."""
    said = cluster.properties.get("multiRegionProperties")
    region = mapping_of(said).get("witnessRegion") if said is not UNKNOWN else None
    return region if isinstance(region, str) else None


def _service_protects(cluster: Member) -> bool | None:
    """Whether the service refuses the deletion; None where preview cannot tell. A forced deletion takes it off."""
    said: dict[str, Any] = dict(cluster.properties)
    if UNKNOWN in (said.get("deletionProtectionEnabled"), said.get("forceDestroy")):
        return None
    return said.get("deletionProtectionEnabled") is True and said.get("forceDestroy") is not True


def _pulumi_protects(cluster: Member) -> bool | None:
    return cluster.protected
