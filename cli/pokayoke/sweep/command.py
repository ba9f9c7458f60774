"""`pokayoke sweep STACK`: lists what is left of a stack's clusters; removes it when asked to."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path

import typer

from pokayoke.accounts import UNANSWERED, Clients, ambient, cluster_of
from pokayoke.failing import FELL_SHORT, CommandError
from pokayoke.stacks import platform_of

from . import prices
from .find_interrupted import search_interrupted
from .leftover import Failure, Found, Leftover
from .pending import Interrupted, by_hand, interrupted
from .removal import remove
from .search import places_of, search

Ask = Callable[[str], bool]


def sweep(
    stack: str,
    *,
    removing: bool,
    yes: bool,
    state: Path | None = None,
    directory: Path | None = None,
    clients: Clients = ambient,
    ask: Ask = typer.confirm,
    tell: Callable[[str], None] = typer.echo,
) -> int:
    """Says what is left and, with `removing`, removes it after asking (unless `yes`). The exit code is 0 when nothing
    is left that could be found. With `state`, an exported state, it is about what that one's interrupted creations
    made, and nothing else: the cluster may stand.

    Raises:
        CommandError: the stack's config or the state is not readable, or a cluster of the stack still stands and
            removal was asked for: what carries its tag is in use then.
    """
    platform = platform_of(stack, directory or Path.cwd())
    places = places_of(platform, clients)
    standing: list[str] = []
    if state is not None:
        pending = interrupted(state)
        by_region = {place.region: place for place in places}
        # What is in no region (roles, zones) has a provider of one all the same.
        found = Found(*search_interrupted(pending, lambda region: by_region.get(region, places[0])))
        lines = _told_of_interrupted(pending, found)
    else:
        standing += [region for region in platform.regions if _stands(clients, platform.name, region)]
        if standing and removing:
            raise CommandError(
                f"the cluster {platform.name} still stands in {', '.join(standing)}: what carries its tag is in use. "
                f"Destroy the stack first (pulumi destroy --stack {stack})."
            )
        found = search(places)
        lines = _listed(found, platform.name, standing)
    for line in lines:
        tell(line)
    if removing and found.leftovers and (yes or ask(f"Remove these {len(found.leftovers)}?")):
        gone, failures = remove(places, found.leftovers)
        for line in _removed(gone, failures):
            tell(line)
        return FELL_SHORT if failures or found.failures else 0
    return FELL_SHORT if found.failures or (found.leftovers and not standing) else 0


def _told_of_interrupted(pending: Interrupted, found: Found) -> Iterable[str]:
    for one in found.leftovers:
        yield f"{one.region}: {one.id} ({one.detail})"
    yield from _unasked(found.failures)
    inside = [one for one in pending.creations if one.type.startswith("kubernetes:") and one.urn not in pending.urns]
    for one in inside:
        yield f"in the cluster, where it was made: {one.type}, {one.name}: {by_hand(one)}"
    yield f"{len(pending.creations)} creations were interrupted; {len(found.leftovers)} things are left of them in AWS."


def _stands(clients: Clients, cluster: str, region: str) -> bool:
    try:
        return cluster_of(clients, cluster, region) is not None
    except UNANSWERED as error:
        raise CommandError(f"eks:DescribeCluster in {region} was not answered: {error}") from error


def _listed(found: Found, cluster: str, standing: Sequence[str]) -> Iterable[str]:
    if standing:
        yield f"The cluster {cluster} still stands in {', '.join(standing)}: what follows may be in use."
    for region, here in groupby(sorted(found.leftovers, key=lambda one: one.region), key=lambda one: one.region):
        yield f"{region}:"
        for kind, same in groupby(here, key=lambda one: one.kind):
            yield f"  {kind}"
            for one in same:
                price = f", ${one.usd_per_hour:.4f} an hour" if one.usd_per_hour else ""
                yield f"    {one.id} ({one.detail}{price})" if one.detail or price else f"    {one.id}"
    yield from _unasked(found.failures)
    yield _sum(found, cluster)


def _sum(found: Found, cluster: str) -> str:
    if not found.leftovers:
        return f"Nothing is left of {cluster}." if not found.failures else f"Nothing else was found of {cluster}."
    cost = sum(one.usd_per_hour or 0 for one in found.leftovers)
    unpriced = sum(one.usd_per_hour is None for one in found.leftovers)
    return (
        f"{len(found.leftovers)} left of {cluster}: ${cost:.4f} an hour, ${cost * prices.HOURS_A_MONTH:.2f} a month "
        f"at us-east-1's list prices; {unpriced} of them cost nothing or have no price here."
    )


def _removed(gone: Sequence[Leftover], failures: Sequence[Failure]) -> Iterable[str]:
    yield f"Removed {len(gone)}."
    yield from _unasked(failures)


def _unasked(failures: Sequence[Failure]) -> Iterable[str]:
    for one in failures:
        yield f"not done in {one.region}: {one.what}: {one.error}"
