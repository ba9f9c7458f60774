"""The policy `gitops-two-owners`: what the stack installs, no Application of Argo CD installs too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pokayoke_eks.rules.charts import chart_name
from pokayoke_eks.rules.finding import Finding

from .applications import sources_of
from .eks import label
from .inventory import Held, Install, installs, known_map, objects_of
from .near import Near
from .objects import CHART, RELEASE
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, mapping_at, mapping_of, over
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
        place = chart_name(chart) if isinstance(chart, str) else None, one.destination.get("namespace")
        for install in releases.of(one.held.cluster, place):
            if _is_here(one):
                found = _finding(f"{one.held.place}{one.place}.chart", label(install.member.urn))
                yield one.held.member.urn, found

    if any(one.member.type in (RELEASE, CHART) for one in installs(stack)):
        yield from over(objects_of(stack, *_TEMPLATES), lambda held: over(_sources(held), judged))


RULE = Rule(SLUG, stack=(each_chart_has_one_owner,))


@dataclass(frozen=True)
class _Source:
    held: Held
    destination: Mapping[str, Any]
    place: str
    said: Any


def _by_chart(stack: Stack) -> Near[Install]:
    """Releases by chart and namespace, where that is known."""
    found = [one for one in installs(stack) if one.member.type in (RELEASE, CHART)]
    return Near(
        ((chart_name(str(one.member.properties.get("chart"))), _namespace(one)), one.cluster, one)
        for one in found
        if _namespace(one) is not UNKNOWN
    )


def _namespace(install: Install) -> Any:
    return install.member.properties.get("namespace") or "default"


def _sources(held: Held) -> Iterator[_Source]:
    path = _TEMPLATES[held.key]
    spec, place = mapping_at(held.content, *path), ".".join(path)
    destination = known_map(spec.get("destination"))
    for at, said in sources_of(place, spec):
        yield _Source(held, destination, at, said)


def _is_here(source: _Source) -> bool:
    """Whether it goes into the cluster in which Argo CD runs, as far as it tells."""
    said = source.destination
    return said.get("server") in _IN_CLUSTER and said.get("name") in ("in-cluster", None, "")


def _finding(place: str, name: str) -> Finding:
    return Finding(
        f"{place}: '{name}' of this stack installs the same chart in the same namespace: whatever one of the two "
        "changes or deletes, the other (selfHeal) brings back",
        f"Take this out for a controller, or the release '{name}' for an application: controllers belong to the "
        "program, Argo CD gets the applications' namespaces (spec.destinations of its project).",
        SLUG,
    )
