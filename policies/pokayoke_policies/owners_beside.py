"""The policy `gitops-two-owners`: what the stack installs, no Application of Argo CD installs too."""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.charts import chart_name
from pokayoke_eks.rules.finding import Finding

from .eks import label, may_be_same
from .inventory import Held, Install, installs, known_map, objects_of
from .objects import CHART, RELEASE
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, known_list
from .stack import Stack

SLUG = "gitops-two-owners"
_IN_CLUSTER = ("https://kubernetes.default.svc", None, "")
_TEMPLATES = {"argoproj.io/Application": ("spec",), "argoproj.io/ApplicationSet": ("spec", "template", "spec")}


def each_chart_has_one_owner(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No chart is a release of the stack and the source of an Application for the same namespace."""
    releases = [one for one in installs(stack) if one.member.type in (RELEASE, CHART)]
    unknown: NotKnownError | None = None
    for held in objects_of(stack, *_TEMPLATES) if releases else ():
        spec: Any = held.content
        for key in _TEMPLATES[held.key]:
            spec = known_map(known_map(spec).get(key))
        for place, source in _sources(spec, ".".join(_TEMPLATES[held.key])):
            chart = known_map(source).get("chart")
            if source is UNKNOWN or chart is UNKNOWN:
                unknown = NotKnownError((place, "chart"))
            wanted = chart_name(chart) if isinstance(chart, str) else None
            for one in releases:
                if chart_name(str(one.member.properties.get("chart"))) == wanted and _meet(held, spec, one):
                    yield held.member.urn, _finding(f"{held.place}{place}.chart", label(one.member.urn))
    if unknown:
        raise unknown


RULE = Rule(SLUG, stack=(each_chart_has_one_owner,))


def _sources(spec: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    yield f"{path}.source", spec.get("source")
    listed = spec.get("sources")
    for index, one in enumerate(known_list(listed)):
        yield f"{path}.sources[{index}]", one


def _meet(held: Held, spec: Mapping[str, Any], install: Install) -> bool:
    """Whether both would write the same objects: in one cluster and namespace, as far as either is told."""
    destination = known_map(spec.get("destination"))
    here = destination.get("server") in _IN_CLUSTER and destination.get("name") in ("in-cluster", None, "")
    namespaces = [destination.get("namespace"), install.member.properties.get("namespace") or "default"]
    told = [one for one in namespaces if isinstance(one, str) and "{{" not in one]
    return here and may_be_same(held.cluster, install.cluster) and len(set(told)) == 1 and len(told) == 2


def _finding(place: str, name: str) -> Finding:
    return Finding(
        f"{place}: '{name}' of this stack installs the same chart in the same namespace: whatever one of the two "
        "changes or deletes, the other (selfHeal) brings back",
        f"Take this out for a controller, or the release '{name}' for an application: controllers belong to the "
        "program, Argo CD gets the applications' namespaces (spec.destinations of its project).",
        SLUG,
    )
