"""The policy `missing-resource-limits`: every container says what it needs."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pokayoke_eks.rules import workloads
from pokayoke_eks.rules.finding import Finding

from .helm import has_more_values, known_chart
from .objects import RELEASE
from .policy import Rule
from .raw import entries_at, mapping_at, mapping_of, over, stated
from .unrendered import with_charts


def containers_state_resources(path: tuple[str, ...], workload: Mapping[str, Any]) -> Iterator[Finding]:
    """Every container of the pod spec at `path`, init containers and sidecars included. A workload without a pod spec
    is none of ours: the API server refuses it."""
    pod = _amounts(mapping_at(workload, *path).get("resources"), (*path, "resources"))

    def judged(found: tuple[tuple[str, ...], Any]) -> Iterator[Finding]:
        place, raw = found
        container = mapping_of(raw, *place)
        finding = workloads.unstated_resources(_amounts(container.get("resources"), (*place, "resources")), pod)
        if finding:
            yield finding.at(f"{'.'.join(place)}: ")

    yield from over(entries_at(workload, path, *workloads.CONTAINERS), judged)


def known_chart_states_resources(release: Mapping[str, Any]) -> Iterator[Finding]:
    """A release of a known chart states them in its values, where the chart itself states none."""
    chart = known_chart(release)
    if chart is None:
        return
    for path in chart.resources:
        finding = workloads.unstated_resources(_amounts(stated(release, "values", *path), ("values", *path)), {})
        if finding and not has_more_values(release):
            yield finding.at(f"{'.'.join(('values', *path))}: ")


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
    return {key: mapping_of(given.get(key), *path, key) for key in ("requests", "limits")}
