"""Which instance types a pool can bring: listed by name, or families with exact numbers of vCPUs."""

import difflib
import re
from collections.abc import Iterable, Sequence
from functools import cache

from ..instances import ARM64, PRICE_DATE, PRICE_REGION, InstanceType, instance_type, names, offered
from .architectures import architectures_of, kubernetes_name
from .finding import Finding, shown

UNBOUNDED = "unbounded-instance-size"
INCOMPATIBLE = "incompatible-requirements"
CAPACITY_TYPES = ("on-demand", "spot")
FEWEST_SPOT_TYPES = 10
"""From so many types on, spot capacity is likely to be found (EC2 user guide, "Best practices for Amazon EC2 Spot")."""
FEWEST_SPOT_TYPES_BESIDE_ON_DEMAND = 5
"""Ours: on-demand capacity steps in, so that what is lost is money, not nodes."""
_CATEGORY = re.compile(r"[a-z]+", re.ASCII)


@cache
def types_of(instances: tuple[str, ...], families: tuple[str, ...], cpus: tuple[int, ...]) -> tuple[str, ...]:
    """The known types that a pool can bring, sorted by name.

    A family is named as EC2 does (`m7g`), or by its category alone (`m`), which means its ARM64 families. Bare metal
    is never part of a family here: it costs as much as the largest virtual machine and boots for minutes.
    """
    listed = {name for name in instances if instance_type(name) is not None}
    for kind in _known():
        if kind.vcpus in cpus and not _is_metal(kind.name) and any(_is_in(kind, family) for family in families):
            listed.add(kind.name)
    return tuple(sorted(listed))


def sizes_unsaid(instances: Sequence[object], families: Sequence[object], cpus: Sequence[object]) -> Finding | None:
    """Why it is not said how large the pool's nodes may be, or said twice."""
    if instances and (families or cpus):
        return Finding("it lists instance types and families too", "Keep one: instances, or families with cpu.")
    if instances or (families and cpus):
        return None
    problem = "nothing says how large a node may be"
    if families:
        problem = "the families alone leave the size open"
    elif cpus:
        problem = "the numbers of vCPUs alone leave the kind of machine open"
    return Finding(
        problem,
        "List instances, e.g. [t4g.large, m7g.large], or families with cpu, e.g. [m, c] with [2, 4].",
        UNBOUNDED,
    )


def unknown_family(name: str) -> Finding | None:
    """Why no instance type is of this family, and what may have been meant."""
    if any(_is_in(kind, name) for kind in _known()):
        return None
    if instance_type(name) is not None:
        return Finding(f"{shown(name)} is one instance type", f"Write its family, {name.split('.')[0]}, or list it.")
    families = sorted({kind.family for kind in _known()})
    close = difflib.get_close_matches(name, families)
    return Finding(
        f"there is no family of instance types {shown(name)}",
        f"Did you mean {close[0]}?" if close else "Write e.g. m7g, or m for every ARM64 family of general purpose.",
    )


def size_without_type(cpus: int, families: Sequence[str]) -> Finding | None:
    """Why no type of these families has so many vCPUs. The families must be known."""
    if not families or types_of((), tuple(families), (cpus,)):
        return None
    sizes = sorted({kind.vcpus for kind in _known() if any(_is_in(kind, family) for family in families)})
    return Finding(
        f"no type of {', '.join(families)} has {cpus} vCPUs",
        f"They come with {', '.join(str(size) for size in sizes)}.",
        INCOMPATIBLE,
    )


def architecture(types: Sequence[str]) -> str | None:
    """`arm64` or `amd64`, where all types are of the one; None otherwise."""
    found = architectures_of(types)
    return kubernetes_name(next(iter(found))) if len(found) == 1 else None


def smallest(types: Iterable[str]) -> InstanceType:
    """The type on which the fewest pods fit, of several the one with the least memory. Raises `ValueError` for none."""
    return min(_kinds(types), key=lambda kind: (kind.eni_pods, kind.memory, kind.vcpus, kind.name))


def largest(types: Iterable[str]) -> InstanceType:
    """The type with the most vCPUs, of several the one with the most memory. Raises `ValueError` for none."""
    return max(_kinds(types), key=lambda kind: (kind.vcpus, kind.memory, kind.usd_per_hour or 0.0, kind.name))


def largest_node(types: Iterable[str]) -> str:
    """The largest node that can come, and what it costs, in words."""
    kind = largest(types)
    price = "of unknown price" if kind.usd_per_hour is None else f"${kind.usd_per_hour:g} an hour"
    return (
        f"its largest node is {kind.name} ({kind.vcpus} vCPUs, {kind.memory / 1024:g} GiB), {price} "
        f"(Linux on demand in {PRICE_REGION}, {PRICE_DATE}; other regions and spot differ)"
    )


def not_offered(types: Sequence[str], region: str) -> Finding | None:
    """Why no node can come in a region: it offers none of the types. Regions without data are not judged; which zone
    has which type differs from account to account, so only the account can tell."""
    there = offered(region)
    if there is None or not types or any(name in there for name in types):
        return None
    return Finding(
        f"{region} offers none of {', '.join(types[:5])}{', ...' if len(types) > 5 else ''}",
        "Add types that every region of the config offers, e.g. m7g.large.",
        INCOMPATIBLE,
    )


def few_spot_types(types: Sequence[str], capacity: Sequence[str]) -> str | None:
    """A warning where spot capacity rests on few types: each can run out, or be taken back, at any time."""
    fewest = FEWEST_SPOT_TYPES_BESIDE_ON_DEMAND if "on-demand" in capacity else FEWEST_SPOT_TYPES
    if "spot" not in capacity or len(types) >= fewest:
        return None
    return f"spot capacity of only {len(types)} instance types: list {fewest} or more, of several families"


def _kinds(types: Iterable[str]) -> list[InstanceType]:
    return [kind for name in types if (kind := instance_type(name))]


@cache
def _known() -> tuple[InstanceType, ...]:
    return tuple(_kinds(names()))


def _is_in(kind: InstanceType, family: str) -> bool:
    if _CATEGORY.fullmatch(family):
        found = _CATEGORY.match(kind.family)
        return kind.architecture == ARM64 and found is not None and found.group() == family
    return kind.family == family


def _is_metal(name: str) -> bool:
    return ".metal" in name
