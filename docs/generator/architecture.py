"""The diagram of the architecture, drawn from the state of a rehearsed stack."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

OURS = "pokayoke-eks:index:"
PLACE = re.compile(
    r"(?<=<!-- diagram: `make docs` writes it anew -->\n```mermaid\n).*?(?=```\n<!-- end of diagram -->)", re.DOTALL
)
Resource = Mapping[str, Any]


def with_diagram(page: str, resources: Sequence[Resource]) -> str:
    """The page with the diagram of these resources in its place."""
    return PLACE.sub(lambda _: diagram(resources), page)


def diagram(resources: Sequence[Resource]) -> str:
    """A flowchart of the components of the stack, and of what each needs directly."""
    owners = _owners(resources)
    edges = {
        (_name(owners[needed]), _name(owners[one["urn"]]))
        for one in resources
        if one["urn"] in owners
        for needed in _needs(one)
        if needed in owners and owners[needed] != owners[one["urn"]]
    }
    kept = _reduced(edges)
    alone = {_name(urn) for urn in owners.values()} - {name for edge in edges for name in edge}
    lines = [f"    {name}" for name in sorted(alone)]
    for a, b in sorted(kept):
        if (b, a) not in kept:
            lines.append(f"    {a} --> {b}")
        elif a < b:
            lines.append(f"    {a} <--> {b}")
    return "\n".join(["flowchart LR", *lines]) + "\n"


def _name(urn: str) -> str:
    return urn.rpartition(OURS)[2].partition("::")[0]


def _owners(resources: Sequence[Resource]) -> dict[str, str]:
    """The outermost component of ours that holds each resource, by URN."""
    parents = {one["urn"]: one.get("parent", "") for one in resources}
    found: dict[str, str] = {}
    for urn in parents:
        chain = [urn]
        while parents.get(chain[-1]):
            chain.append(parents[chain[-1]])
        outermost = [one for one in chain if OURS in one.split("::")[2].rpartition("$")[2]]
        if outermost:
            found[urn] = outermost[-1]
    return found


def _needs(one: Resource) -> Iterable[str]:
    yield from one.get("dependencies") or ()
    for urns in (one.get("propertyDependencies") or {}).values():
        yield from urns or ()
    provider = one.get("provider", "").rpartition("::")[0]
    if provider:
        yield provider


def _reduced(edges: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The edges that no longer path says already."""
    after: dict[str, set[str]] = {}
    for a, b in edges:
        after.setdefault(a, set()).add(b)

    def reaches(start: str, end: str, seen: set[str]) -> bool:
        return any(
            one == end or (one not in seen and not seen.add(one) and reaches(one, end, seen))
            for one in after.get(start, ())
        )

    return {(a, b) for a, b in edges if not any(reaches(one, b, {a}) for one in after[a] if one != b)}
