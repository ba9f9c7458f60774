"""The policy `gitops-two-owners`: what the stack installs, no Application of Argo CD installs too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pokayoke_eks.rules.charts import chart_name
from pokayoke_eks.rules.finding import Finding

from .eks import label, may_be_same
from .inventory import Held, Install, installs, known_map, objects_of
from .objects import CHART, RELEASE
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, list_of, mapping_at, mapping_of, over
from .stack import Stack

SLUG = "gitops-two-owners"
_IN_CLUSTER = ("https://kubernetes.default.svc", None, "")
_TEMPLATES = {"argoproj.io/Application": ("spec",), "argoproj.io/ApplicationSet": ("spec", "template", "spec")}


def each_chart_has_one_owner(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No chart is a release of the stack and the source of an Application for the same namespace."""
    releases = _by_chart(stack)

    def judged(one: _Source) -> Iterator[tuple[str, Finding]]:
        chart = mapping_of(one.said, one.place).get("chart")
        if chart is UNKNOWN:
            raise NotKnownError((one.place, "chart"))
        for install in releases.get(chart_name(chart), ()) if isinstance(chart, str) else ():
            if _meet(one, install):
                found = _finding(f"{one.held.place}{one.place}.chart", label(install.member.urn))
                yield one.held.member.urn, found

    if releases:
        yield from over(objects_of(stack, *_TEMPLATES), lambda held: over(_sources(held), judged))


RULE = Rule(SLUG, stack=(each_chart_has_one_owner,))


@dataclass(frozen=True)
class _Source:
    held: Held
    destination: Mapping[str, Any]
    place: str
    said: Any


def _by_chart(stack: Stack) -> dict[str, list[Install]]:
    found: dict[str, list[Install]] = {}
    for one in installs(stack):
        if one.member.type in (RELEASE, CHART):
            found.setdefault(chart_name(str(one.member.properties.get("chart"))), []).append(one)
    return found


def _sources(held: Held) -> Iterator[_Source]:
    path = _TEMPLATES[held.key]
    spec, place = mapping_at(held.content, *path), ".".join(path)
    destination = known_map(spec.get("destination"))
    yield _Source(held, destination, f"{place}.source", spec.get("source"))
    for index, one in enumerate(list_of(spec.get("sources"), place, "sources")):
        yield _Source(held, destination, f"{place}.sources[{index}]", one)


def _meet(source: _Source, install: Install) -> bool:
    """Whether both would write the same objects: in one cluster and namespace, as far as either is told."""
    said, namespace = source.destination, install.member.properties.get("namespace") or "default"
    here = said.get("server") in _IN_CLUSTER and said.get("name") in ("in-cluster", None, "")
    same = may_be_same(source.held.cluster, install.cluster) and said.get("namespace") == namespace
    return here and same and namespace is not UNKNOWN


def _finding(place: str, name: str) -> Finding:
    return Finding(
        f"{place}: '{name}' of this stack installs the same chart in the same namespace: whatever one of the two "
        "changes or deletes, the other (selfHeal) brings back",
        f"Take this out for a controller, or the release '{name}' for an application: controllers belong to the "
        "program, Argo CD gets the applications' namespaces (spec.destinations of its project).",
        SLUG,
    )
