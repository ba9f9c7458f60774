"""Charts as units: what a release of each known chart puts into a cluster.

Nothing is rendered from a chart's own templates: a chart is known when somebody has written down, in Python, the
objects on which a documented failure turns. To make one known in every world, add it to `CHARTS`; in one world, to its
double's `charts`:

    double.charts.add(Chart(repository="oci://public.ecr.aws/karpenter", name="karpenter", render=karpenter))

with `karpenter(installation) -> Rendered`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, clone, fields, items


@dataclass(frozen=True)
class Installation:
    """One revision of a release, as its templates would see it."""

    name: str
    namespace: str
    version: str
    values: Mapping[str, Any]
    """What the program states; the chart's own defaults are the render function's business."""


@dataclass(frozen=True)
class Rendered:
    """What an installation brings. Objects without a namespace go to the release's own."""

    objects: list[Object]
    definitions: list[Object] = field(default_factory=list[Object])
    """The chart's `crds/` folder: installed once, never changed nor removed by Helm. Definitions among the templates
    belong to `objects`."""
    app_version: str = ""


class ValuesError(Exception):
    """The chart's templates or its values schema refuse the values."""


Render = Callable[[Installation], Rendered]
"""Raises ValuesError for values that the chart would not take."""


@dataclass(frozen=True)
class Chart:
    """A known chart: where it comes from, and what it brings."""

    repository: str
    """`oci://host/path` or the URL of a chart repository."""
    name: str
    render: Render

    @property
    def reference(self) -> str:
        """The chart's address, the same however a program spells it."""
        return f"{self.repository.rstrip('/')}/{self.name}"


class Charts:
    """The known charts."""

    def __init__(self, charts: Iterable[Chart] = ()) -> None:
        self._charts: dict[str, Chart] = {}
        self.add(*charts)

    def add(self, *charts: Chart) -> None:
        """Makes charts known; a later one takes the place of an earlier one with its address."""
        self._charts.update({chart.reference: chart for chart in charts})

    def find(self, chart: str, repository: str) -> Chart | None:
        """The chart that a release's `chart` and `repositoryOpts.repo` mean, None for one that is not known."""
        reference = (
            chart if chart.startswith(("oci://", "https://", "http://")) else f"{repository.rstrip('/')}/{chart}"
        )
        return self._charts.get(reference.rstrip("/"))

    @property
    def references(self) -> list[str]:
        """The addresses of all known charts."""
        return sorted(self._charts)


def over(defaults: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """Helm's merge of values: maps key by key, everything else as a whole; a null takes a default away."""
    merged = {key: clone(value) for key, value in defaults.items()}
    for key, value in stated.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = over(fields(merged[key]), fields(value))
        else:
            merged[key] = clone(value)
    return {key: value for key, value in merged.items() if value is not None}


def raw(installation: Installation) -> Rendered:
    """The generic chart: its values list whole objects under `resources` (bedag/helm-charts, charts/raw)."""
    found = installation.values.get("resources")
    if found is not None and not isinstance(found, list):
        raise ValuesError("values don't meet the specifications of the schema(s): resources: expected array")
    return Rendered([fields(clone(item)) for item in items(found)])


CHARTS = (Chart("https://bedag.github.io/helm-charts", "raw", raw),)
"""The charts that every world knows."""
