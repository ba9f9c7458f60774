"""Which versions of the controllers, and of the kinds that they serve, are known to work together.

The first row that fits is what the platform installs. Where a version was seen:
- Karpenter 1.14 serves Kubernetes up to 1.36, 1.36 from 1.13 on (aws/karpenter-provider-aws, compatibility.md and
  endoflife-date/endoflife.date, both 2026-08); charts 1.14.1 deployed (zalando-incubator/kubernetes-on-aws#12117).
- Load balancer controller 3.5.0 asks for Gateway API 1.6.0, applied first (aws/eks-charts#1354, 2026-08-03); 1.6.1 has
  conformance fixes only (envoyproxy/gateway#9515). 3.6.0 was seen deployed on 2026-10-08 (public `helm list` outputs).
- ExternalDNS chart 1.22.0 = 0.22.0, built on Gateway API 1.6.1 (its go.mod; ajaykumar4/cluster-template#468);
  chart 1.23.0 = 0.23.0, published 2026-09-30.
- Istio 1.31.1 (2026-09-21; for Kubernetes 1.32 to 1.37 by Istio's table of 2026-09-30) was seen deployed, beside
  Gateway API 1.6.3, in public clusters' manifests.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .finding import Finding
from .kubernetes_versions import is_past_the_table, minor

_TITLES = {
    "karpenter": "Karpenter",
    "load_balancer_controller": "AWS Load Balancer Controller",
    "gateway_api": "Gateway API",
    "external_dns": "the ExternalDNS chart",
    "istio": "Istio",
}
PARTS = tuple(_TITLES)


@dataclass(frozen=True, slots=True)
class Combination:
    """One row: the Kubernetes minors it serves and the versions, in the form that each chart or release is named."""

    kubernetes: tuple[str, ...]
    karpenter: str
    load_balancer_controller: str
    gateway_api: str
    external_dns: str
    istio: str

    def version(self, part: str) -> str:
        """The version of one of `PARTS`."""
        return str(getattr(self, part))


COMBINATIONS = (
    Combination(("1.34", "1.35", "1.36"), "1.14.1", "3.5.0", "v1.6.1", "1.22.0", "1.31.1"),
    Combination(("1.34", "1.35", "1.36"), "1.14.1", "3.6.0", "v1.6.3", "1.23.0", "1.31.1"),
)


def version_of(part: str, kubernetes: str, stated: Mapping[str, str]) -> str:
    """The version of one of `PARTS`: as stated, else that of the first row that fits all that is stated."""
    if part in stated:
        return stated[part]
    rows = [row for row in COMBINATIONS if kubernetes in row.kubernetes] or list(COMBINATIONS)
    for other, version in stated.items():
        rows = [row for row in rows if row.version(other) == version] or rows
    return rows[0].version(part)


def unknown_combination(kubernetes: str, stated: Mapping[str, str]) -> tuple[str, Finding] | None:
    """The stated part (one of `PARTS`) that fits no row, and why. What is newer than every row is left to
    `past_the_table`; a Kubernetes outside of every row, to its own rule."""
    rows = [row for row in COMBINATIONS if kubernetes in row.kubernetes] or list(COMBINATIONS)
    for part in PARTS:
        version = stated.get(part)
        if version is None or _is_newer(version, part):
            continue
        fitting = [row for row in rows if row.version(part) == version]
        if not fitting:
            others = ", ".join(dict.fromkeys(row.version(part) for row in rows))
            return part, Finding(
                f"{_TITLES[part]} {version} is in no combination that is known to work",
                f"Leave it out for the tested combination; known: {others}.",
            )
        rows = fitting
    return None


def past_the_table(kubernetes: str, stated: Mapping[str, str]) -> list[str]:
    """A warning for each version that is newer than anything this release was tried with."""
    newer = [
        f"{_TITLES[part]} {version} is newer than any combination known here (newest: {_newest(part)}): "
        "rehearse it, read its notes"
        for part, version in stated.items()
        if _is_newer(version, part)
    ]
    if not is_past_the_table(kubernetes):
        return newer
    newest = max((one for row in COMBINATIONS for one in row.kubernetes), key=minor)
    return [f"Kubernetes {kubernetes} is newer than any combination known here (newest: {newest})", *newer]


def _is_newer(version: str, part: str) -> bool:
    return _number(version) > _number(_newest(part))


def _newest(part: str) -> str:
    return max((row.version(part) for row in COMBINATIONS), key=_number)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in version.removeprefix("v").split("."))
