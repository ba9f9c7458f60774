"""Charts from public registries, as releases that a plain `pulumi up` and `destroy` can wait for.

No argument takes credentials, and values are models, never text: `public-registry-credentials`, `untyped-helm-values`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, cast

import pulumi
import pulumi_kubernetes as kubernetes
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from .handles import ClusterHandle, Placement
from .identity import WorkloadIdentity
from .rules.system_nodes import Placed

MINUTES = 10
"""How long an installation, an upgrade or a removal may take. Longer than a new system node."""
REVISIONS = 5
"""How many past revisions of a release the cluster keeps, each in a Secret."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One version of a chart in a public repository; its release carries the chart's name."""

    repository: str
    """An OCI registry's folder, `public.ecr.aws/karpenter`; or a plain repository, `https://aws.github.io/eks-charts`."""
    name: str
    version: str

    @property
    def reference(self) -> str:
        """What Helm is given: the whole address of an OCI chart, the name of one in a plain repository."""
        return self.name if self._is_plain else f"oci://{self.repository}/{self.name}"

    @property
    def repository_opts(self) -> kubernetes.helm.v3.RepositoryOptsArgs | None:
        """The plain repository; an OCI chart has none beside its address."""
        return kubernetes.helm.v3.RepositoryOptsArgs(repo=self.repository) if self._is_plain else None

    @property
    def _is_plain(self) -> bool:
        return self.repository.startswith("https://")


class Values(BaseModel):
    """Values of a chart: a frozen model of the keys that are used, spelt as the chart spells them."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    def written(self) -> dict[str, Any]:
        """As Helm takes them; what is None keeps the chart's default."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class Amounts(Values):
    """CPU and memory, as Kubernetes writes them."""

    cpu: str
    memory: str


class Resources(Values):
    """What a container gets."""

    requests: Amounts
    limits: Amounts

    @classmethod
    def of(cls, placed: Placed) -> Self:
        """What the sum over the system nodes reckons with."""
        return cls.model_validate(placed.resources)


class Toleration(Values):
    """A taint that a pod is not kept away by."""

    key: str
    operator: Literal["Exists"]

    @classmethod
    def of(cls, placement: Placement) -> tuple[Self, ...]:
        """What a controller that is placed so tolerates."""
        return tuple(cls.model_validate(one) for one in placement.tolerations)


class DisruptionBudget(Values):
    """How many pods of a Deployment may be taken away at once."""

    max_unavailable: int


class LabelSelector(Values):
    """Pods by their labels."""

    match_labels: dict[str, str]


class PodAffinityTerm(Values):
    """Pods, and what must not hold two of them."""

    label_selector: LabelSelector
    topology_key: Literal["kubernetes.io/hostname"] = "kubernetes.io/hostname"


class PodAntiAffinity(Values):
    """What the scheduler never puts together."""

    required_during_scheduling_ignored_during_execution: tuple[PodAffinityTerm, ...]


class Affinity(Values):
    """Where pods are put in regard of each other."""

    pod_anti_affinity: PodAntiAffinity

    @classmethod
    def apart(cls, labels: Mapping[str, str]) -> Self:
        """No two pods with these labels on one node."""
        term = PodAffinityTerm(label_selector=LabelSelector(match_labels=dict(labels)))
        return cls(pod_anti_affinity=PodAntiAffinity(required_during_scheduling_ignored_during_execution=(term,)))


def release(
    name: str,
    chart: Chart,
    *,
    cluster: ClusterHandle,
    namespace: str,
    values: Values | None = None,
    outputs: Mapping[str, Any] | None = None,
    skip_crds: bool = False,
    after: Sequence[pulumi.Resource] = (),
    parent: pulumi.Resource,
) -> kubernetes.helm.v3.Release:
    """A release that is there when all that it brings is ready, and else is rolled back.

    It waits for the whole cluster and for `after`, and is gone before any of them. `outputs` are the values that no
    model can hold, at their places.
    """
    return kubernetes.helm.v3.Release(
        name,
        name=chart.name,
        chart=chart.reference,
        repository_opts=chart.repository_opts,
        version=chart.version,
        namespace=namespace,
        values=_over(values.written() if values else {}, outputs or {}) or None,
        skip_crds=skip_crds,
        atomic=True,
        cleanup_on_fail=True,
        timeout=MINUTES * 60,
        max_history=REVISIONS,
        opts=pulumi.ResourceOptions(parent=parent, provider=cluster.provider, depends_on=[*cluster.ready, *after]),
    )


def release_with_identity(
    name: str,
    chart: Chart,
    *,
    identity: WorkloadIdentity,
    values: Values,
    outputs: Mapping[str, Any] | None = None,
    after: Sequence[pulumi.Resource] = (),
    parent: pulumi.Resource,
) -> kubernetes.helm.v3.Release:
    """A release whose pods run as `identity`: in its cluster and namespace, under its service account, once its role is
    theirs. The chart makes no service account of its own, and none of `crds/`, which no uninstallation would remove."""
    account = {"serviceAccount": {"create": False, "name": identity.service_account}}
    return release(
        name,
        chart,
        cluster=identity.cluster,
        namespace=identity.namespace,
        values=values,
        outputs={**(outputs or {}), **account},
        skip_crds=True,
        after=[*identity.ready, *after],
        parent=parent,
    )


def _over(values: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(values)
    for key, value in outputs.items():
        deeper = cast("dict[str, Any]", value) if isinstance(value, dict) else None
        merged[key] = value if deeper is None else _over(merged.get(key, {}), deeper)
    return merged
