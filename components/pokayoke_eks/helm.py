"""Charts from public registries, as releases that a plain `pulumi up` and `destroy` can wait for.

No argument takes credentials, and values are models, never text: `public-registry-credentials`, `untyped-helm-values`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pulumi
import pulumi_kubernetes as kubernetes
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from .cluster import Cluster
from .identity import WorkloadIdentity

MINUTES = 10
"""How long an installation, an upgrade or a removal may take. Longer than a new system node."""
REVISIONS = 5
"""How many past revisions of a release the cluster keeps, each in a Secret."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One version of a chart in a public OCI registry; its release carries the chart's name."""

    repository: str
    """`public.ecr.aws/karpenter`."""
    name: str
    version: str

    @property
    def reference(self) -> str:
        """What Helm is given: an OCI chart has no repository of its own beside it."""
        return f"oci://{self.repository}/{self.name}"


class Values(BaseModel):
    """Values of a chart: a frozen model of the keys that are used, spelt as the chart spells them."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    def written(self) -> dict[str, Any]:
        """As Helm takes them; what is None keeps the chart's default."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def release(
    name: str,
    chart: Chart,
    *,
    cluster: Cluster,
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
    skip_crds: bool = False,
    after: Sequence[pulumi.Resource] = (),
    parent: pulumi.Resource,
) -> kubernetes.helm.v3.Release:
    """A release whose pods run as `identity`: in its cluster and namespace, under its service account, once its role is
    theirs. The chart makes no service account of its own."""
    account = {"serviceAccount": {"create": False, "name": identity.service_account}}
    return release(
        name,
        chart,
        cluster=identity.cluster,
        namespace=identity.namespace,
        values=values,
        outputs={**(outputs or {}), **account},
        skip_crds=skip_crds,
        after=[*identity.ready, *after],
        parent=parent,
    )


def _over(values: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(values)
    for key, value in outputs.items():
        deeper = cast("dict[str, Any]", value) if isinstance(value, dict) else None
        merged[key] = value if deeper is None else _over(merged.get(key, {}), deeper)
    return merged
