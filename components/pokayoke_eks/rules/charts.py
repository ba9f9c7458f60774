"""Helm charts as releases name them, and what is known of the charts that the platform installs.

Sources: values.yaml of aws/karpenter-provider-aws v1.14.1, kubernetes-sigs/aws-load-balancer-controller v3.5.0 and
kubernetes-sigs/external-dns chart 1.21.1; service accounts and full names as those charts' `_helpers.tpl` make them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from .finding import Finding

CREDENTIALS = "public-registry-credentials"

ISTIO = "istio/"
ISTIO_CHARTS = ("base", "istiod", "cni", "ztunnel", "gateway")
"""Istio's charts, whose names alone may be anybody's (istio/istio, `manifests/charts`)."""

_PUBLIC = ("public.ecr.aws", "registry.k8s.io", "charts.jetstack.io", "istio-release.storage.googleapis.com")
_PUBLIC_DOMAINS = (".github.io",)
_VERSIONED = re.compile(r"-v?\d+\.\d+\.\d+[^/]*$")


@dataclass(frozen=True, slots=True)
class KnownChart:
    """A chart whose values are known."""

    name: str
    resources: tuple[tuple[str, ...], ...]
    """Paths in the values. The chart itself states none there."""
    literal: tuple[tuple[str, ...], ...] = ()
    """Paths of values that the chart takes as they are, never as a template."""

    def calls_aws(self, values: Mapping[str, Any]) -> bool:
        """Whether its pods call AWS, and so need credentials."""
        if self.name != "external-dns":
            return True
        provider = values.get("provider")
        return (provider if isinstance(provider, str) else _map(provider).get("name", "aws")) == "aws"


_ACCOUNT = (("serviceAccount", "name"), ("serviceAccount", "annotations"))

_KNOWN = {
    chart.name: chart
    for chart in (
        KnownChart(
            "karpenter",
            resources=(("controller", "resources"),),
            literal=(
                *_ACCOUNT,
                ("settings", "clusterName"),
                ("settings", "clusterEndpoint"),
                ("settings", "interruptionQueue"),
            ),
        ),
        KnownChart(
            "aws-load-balancer-controller",
            resources=(("resources",),),
            literal=(*_ACCOUNT, ("clusterName",), ("region",), ("vpcId",), ("defaultTags",)),
        ),
        KnownChart(
            "external-dns",
            resources=(("resources",),),
            literal=(*_ACCOUNT, ("txtOwnerId",), ("domainFilters",)),
        ),
    )
}


def known(reference: str, repository: str | None) -> KnownChart | None:
    """What is known of a chart; nothing of another publisher's chart of the same name."""
    if "bitnami" in f"{reference} {repository}".lower():
        return None
    return _KNOWN.get(chart_name(reference))


def chart_name(reference: str) -> str:
    """`karpenter` of `karpenter`, `oci://public.ecr.aws/karpenter/karpenter`, `./charts/karpenter-1.14.1.tgz`."""
    last = reference.rstrip("/").rpartition("/")[2].partition("@")[0].removesuffix(".tgz")
    return _VERSIONED.sub("", last.partition(":")[0])


def registry_host(reference: str, repository: str | None) -> str | None:
    """The host that a chart is pulled from; None for a folder, or where nothing says it."""
    for address in (reference, str(repository)):
        found = re.match(r"(?:oci|https?)://([^/:@]+)(?::\d+)?(?:/|$)", address)
        if found:
            return found.group(1).lower()
    return None


def needless_credentials(host: str | None) -> Finding | None:
    """Why credentials for this host are wrong: anybody may pull there. None for a host that may ask for them."""
    if host is None or (host not in _PUBLIC and not host.endswith(_PUBLIC_DOMAINS)):
        return None
    return Finding(
        f"it states credentials for {host}, a public registry: Helm may fail to keep them, and once they are old it is "
        "refused what anybody gets",
        "Take repositoryOpts.username and repositoryOpts.password out; anybody may pull there.",
        CREDENTIALS,
    )


def service_account(chart: str, release: str, values: Mapping[str, Any]) -> str:
    """The service account of the pods that a release of a known chart makes."""
    stated = _map(values.get("serviceAccount"))
    if stated.get("name"):
        return str(stated["name"])
    return full_name(chart, release, values) if stated.get("create", True) else "default"


def full_name(chart: str, release: str, values: Mapping[str, Any]) -> str:
    """What Helm's common template makes of a release's and its chart's names: at most 63 characters."""
    if values.get("fullnameOverride"):
        return str(values["fullnameOverride"])[:63].removesuffix("-")
    name = str(values.get("nameOverride") or chart)
    return (release if name in release else f"{release}-{name}")[:63].removesuffix("-")


def _map(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
