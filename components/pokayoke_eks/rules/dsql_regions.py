"""Where Aurora DSQL clusters stand, and which of their regions may be peered.

Source: awslabs/aurora-dsql-starter-kit, what-is page: both peers and the witness are of one set; that a cluster has one
peer and one witness: all of AWS's samples and the API reference (CreateCluster: the witness differs from the cluster's
region). AWS Config's rule `dsql-cluster-multi-region-replication-enabled` names further regions, in no known set: a
config may state a set of its own.
"""

from collections.abc import Sequence

from .finding import Finding

DEADLOCK = "dsql-delete-deadlock"
REGION_SETS: tuple[tuple[str, ...], ...] = (
    ("us-east-1", "us-east-2", "us-west-2"),
    ("ap-northeast-1", "ap-northeast-2", "ap-northeast-3"),
    ("eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"),
)
MOST_PEERS = 2


def bad_number_of_regions(regions: Sequence[str]) -> Finding | None:
    """Why there is no cluster of this many regions."""
    if not regions:
        return Finding("it names no region", "State one, or two with a witness.")
    if len(set(regions)) < len(regions):
        return Finding("a region is named twice", "Name each once.")
    if len(regions) > MOST_PEERS:
        return Finding(
            f"these are {len(regions)} regions, Aurora DSQL peers {MOST_PEERS}",
            "Keep two; a third may be the witness, which stores no data that is read.",
        )
    return None


def bad_witness(regions: Sequence[str], witness: str | None) -> Finding | None:
    """Why these regions, of which there are one or two, take no such witness, or none."""
    if len(regions) == 1 and witness is not None:
        return Finding("one region has no peer, and without a peer there is nothing to witness", "Leave it out.")
    if len(regions) == MOST_PEERS and witness is None:
        others = [one for one in _set_of(regions) if one not in regions]
        example = f" e.g. `witness: {others[0]}`" if others else " its region"
        return Finding("two regions are peered with a witness in a third", f"State{example}.")
    if witness in regions:
        return Finding(f"{witness} is a peer, and the witness stands in a third region", "Name another region.")
    return None


def regions_apart(regions: Sequence[str], witness: str | None, stated: Sequence[str]) -> Finding | None:
    """Why no cluster spans these regions, of which each is right by itself. `stated` is the set that the user states,
    which takes the place of the known ones; empty for none."""
    sets = (tuple(stated),) if stated else REGION_SETS
    wanted = [*regions, *([witness] if witness else [])]
    unknown = [one for one in wanted if not any(one in each for each in sets)]
    if unknown:
        known = ", ".join(sorted({one for each in sets for one in each}))
        return Finding(
            f"nothing is known of Aurora DSQL in {', '.join(unknown)}",
            f"Take one of {known}; or, where AWS offers more by now, state them as `region_set`.",
        )
    if any(set(wanted) <= set(each) for each in sets):
        return None
    together = "; ".join(", ".join(each) for each in sets)
    return Finding(
        f"{', '.join(wanted)} are not of one set of regions, and Aurora DSQL peers within a set",
        f"Take all of them from one: {together}.",
    )


def _set_of(regions: Sequence[str]) -> tuple[str, ...]:
    return next((each for each in REGION_SETS if set(each).issuperset(regions)), ())
