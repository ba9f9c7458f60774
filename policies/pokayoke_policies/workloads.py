"""The policy `missing-resource-limits`: every container says what it needs."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pokayoke_eks.rules import workloads
from pokayoke_eks.rules.finding import Finding

from .helm import has_more_values, known_chart, values_of
from .objects import RELEASE
from .policy import Rule
from .raw import NotKnownError, list_at, mapping_at, mapping_of, stated
from .unrendered import with_charts


def containers_state_resources(path: tuple[str, ...], workload: Mapping[str, Any]) -> Iterator[Finding]:
    """Every container of the pod spec at `path`, init containers and sidecars included. A workload without a pod spec
    is none of ours: the API server refuses it."""
    spec = mapping_at(workload, *path)
    pod = _amounts(spec.get("resources"), (*path, "resources"))
    unknown: NotKnownError | None = None
    for group in workloads.CONTAINERS:
        for index, raw in enumerate(list_at(workload, *path, group)):
            place = (*path, f"{group}[{index}]")
            try:
                container = mapping_of(raw, *place)
                resources = _amounts(container.get("resources"), (*place, "resources"))
            except NotKnownError as error:
                unknown = error
                continue
            finding = workloads.unstated_resources(resources, pod)
            if finding:
                yield _at(".".join(place), finding)
    if unknown:
        raise unknown


def known_chart_states_resources(release: Mapping[str, Any]) -> Iterator[Finding]:
    """A release of a known chart states them in its values, where the chart itself states none."""
    chart = known_chart(release)
    if chart is None:
        return
    values = values_of(release)
    for path in chart.resources:
        finding = workloads.unstated_resources(_amounts(stated(values, *path), ("values", *path)), {})
        if finding and not has_more_values(release):
            yield _at(".".join(("values", *path)), finding)


RULE = with_charts(
    Rule(
        workloads.SLUG,
        judges={RELEASE: (known_chart_states_resources,)},
        kinds={kind: (partial(containers_state_resources, path),) for kind, path in workloads.POD_SPECS.items()},
    )
)


def _amounts(resources: Any, path: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Requests and limits; a single amount may be unknown yet, since it is there."""
    given = mapping_of(resources, *path)
    return {key: mapping_at(given, key) for key in ("requests", "limits")}


def _at(path: str, finding: Finding) -> Finding:
    return Finding(f"{path}: {finding.problem}", finding.remedy, finding.slug)
