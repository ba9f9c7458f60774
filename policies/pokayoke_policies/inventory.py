"""What runs in the clusters of a stack: objects, whatever brings them, and what is installed by chart."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pokayoke_eks.rules.charts import ISTIO, ISTIO_CHARTS, chart_name
from pokayoke_eks.rules.workloads import POD_SPECS

from . import objects
from .eks import cluster_behind
from .near import Near
from .objects import CHART, RELEASE
from .raw import UNKNOWN, NotKnownError, mapping_of, stated
from .stack import Member, Stack

_APP = "app.kubernetes.io/name"
_NAMESPACE = "kubernetes:core/v1:Namespace"
_WORKLOADS = ("kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:DaemonSet")


@dataclass(frozen=True)
class Held:
    """An object of a stack, in whatever resource it comes."""

    stack: Stack
    member: Member
    place: str
    key: str
    content: Mapping[str, Any]

    @property
    def cluster(self) -> str | None:
        """The URN of the stack's cluster that it is in; None where it is not told."""
        return cluster_of_provider(self.stack, self.member)

    @cached_property
    def metadata(self) -> dict[str, Any]:
        """Its metadata, as far as they are known."""
        return known_map(self.content.get("metadata"))

    @cached_property
    def namespace(self) -> Any:
        """Its namespace, by name or by the Namespace that the name comes from, or `UNKNOWN`."""
        said = self.metadata.get("namespace") or "default"
        if said is not UNKNOWN:
            return said
        sources = [self.stack.members.get(urn) for urn in self.member.sources.get("metadata", ())]
        made = [one for one in sources if one is not None and one.type == _NAMESPACE]
        name = known_map(made[0].properties.get("metadata")).get("name") if len(made) == 1 else None
        return name or UNKNOWN

    @property
    def pods(self) -> str:
        """Where a workload says what its pods are, as a message begins."""
        return f"{self.place}{'.'.join(POD_SPECS[self.key])}: "

    @property
    def spec(self) -> dict[str, Any]:
        """Its spec, as far as it is known."""
        return known_map(self.content.get("spec"))


@dataclass(frozen=True)
class Install:
    """A chart in a cluster: a release, a rendered chart, or the workload that either brings."""

    member: Member
    cluster: str | None
    chart: str
    """Its name; that of Istio's charts, which are called `base` or `gateway`, after `istio/`."""
    values: Mapping[str, Any] | None
    """As far as they are stated and known; None where they are not to be seen."""

    def value(self, *path: str) -> Any:
        """A value, `UNKNOWN`, or None where the chart's default holds or nothing is to be seen."""
        try:
            return stated(self.values or {}, *path)
        except NotKnownError:
            return UNKNOWN


def objects_of(stack: Stack, *keys: str) -> list[Held]:
    """The stack's objects of these kinds; of every kind where none is named."""
    everything = stack.once(_grouped)
    return [one for key in keys or everything for one in everything.get(key, ())]


def installs(stack: Stack, *charts: str) -> list[Install]:
    """Where these charts are installed, by whatever means; every chart where none is named."""
    everything = stack.once(_by_chart)
    return [one for chart in charts or everything for one in everything.get(chart, ())]


def kinds_of(stack: Stack) -> Collection[str]:
    """The kinds of the stack's objects."""
    return stack.once(_grouped).keys()


def objects_near(stack: Stack, cluster: str | None, *keys: str) -> Iterator[Held]:
    """The stack's objects of these kinds that may be in a cluster, or of any where that is not told."""
    near = stack.once(_objects_near)
    return (one for key in keys for one in near.of(cluster, key))


def installs_near(stack: Stack, cluster: str | None, *charts: str) -> Iterator[Install]:
    """Where these charts are installed, as far as that may be in a cluster; every chart where none is named."""
    near = stack.once(_installs_near)
    return (one for chart in charts or stack.once(_by_chart) for one in near.of(cluster, chart))


def is_rendered(stack: Stack, chart: Member) -> bool:
    """Whether objects of a chart are in the stack."""
    return any(stack.within(chart.urn))


def speaks_by_values(stack: Stack, member: Member) -> bool:
    """Whether what a chart brings is to be told by its values alone: a release's, and a chart's of which no object is
    in the stack."""
    return member.type == RELEASE or (member.type == CHART and not is_rendered(stack, member))


def cluster_of_provider(stack: Stack, member: Member) -> str | None:
    """The URN of the one cluster behind a resource's provider."""
    return stack.once(cluster_behind, member.provider)


def name_of(release: Mapping[str, Any]) -> str | None:
    """The name of a release's chart, after its publisher's where others have charts of that name; None where it is not
    known."""
    chart = release.get("chart")
    if not isinstance(chart, str) or not chart:
        return None
    name = chart_name(chart)
    publisher = f"{chart} {known_map(release.get('repositoryOpts')).get('repo')}".lower()
    if "bitnami" in publisher:
        return f"bitnami/{name}"
    return f"{ISTIO}{name}" if name in ISTIO_CHARTS and "istio" in publisher else name


def known_map(value: Any) -> dict[str, Any]:
    """A mapping, empty where it is not known yet or is none."""
    return mapping_of(value) if value is not UNKNOWN else {}


def _grouped(stack: Stack) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {}
    for member in stack.of_package("kubernetes"):
        try:
            for one in objects.in_resource(member.type, member.properties):
                held = Held(stack, member, one.place, one.key, one.content)
                found.setdefault(one.key, []).append(held)
        except NotKnownError:
            continue  # A list of which nothing is known yet.
    return found


def _objects_near(stack: Stack) -> Near[Held]:
    return Near((one.key, one.cluster, one) for one in objects_of(stack))


def _installs_near(stack: Stack) -> Near[Install]:
    return Near((one.chart, one.cluster, one) for one in installs(stack))


def _by_chart(stack: Stack) -> dict[str, list[Install]]:
    found: dict[str, list[Install]] = {}
    for one in _installs(stack):
        found.setdefault(one.chart, []).append(one)
    return found


def _installs(stack: Stack) -> Iterator[Install]:
    for member in stack.of_package("kubernetes"):
        if member.type in (RELEASE, CHART):
            said = member.properties
            chart = name_of(said)
            if chart:
                seen = not said.get("valueYamlFiles") and said.get("values") is not UNKNOWN
                values = known_map(said.get("values")) if seen else None
                yield Install(member, cluster_of_provider(stack, member), chart, values)
        elif member.type in _WORKLOADS:
            labels = known_map(known_map(member.properties.get("metadata")).get("labels"))
            name = labels.get(_APP) or labels.get("app")
            if isinstance(name, str):
                name = f"{ISTIO}{name}" if name in ISTIO_CHARTS else name
                yield Install(member, cluster_of_provider(stack, member), name, None)
