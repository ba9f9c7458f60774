"""What the program was told, by its flags, and what follows from its version.

Source: kubernetes-sigs/external-dns v0.21.0 and v0.22.0, pkg/apis/externaldns/types.go and source/annotations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pokayoke_rehearsal.doubles.kubernetes.attachment import GROUP
from pokayoke_rehearsal.doubles.kubernetes.external_dns.charts import IMAGE
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object, at, items, text

OLD_PREFIX, NEW_PREFIX = "external-dns.alpha.kubernetes.io/", "external-dns.kubernetes.io/"

_ROUTES = {
    "gateway-httproute": ("HTTPRoute", "v1"),
    "gateway-grpcroute": ("GRPCRoute", "v1"),
    "gateway-tlsroute": ("TLSRoute", "v1"),
    # Never brought up to the version that Gateway API 1.6 serves.
    "gateway-tcproute": ("TCPRoute", "v1alpha2"),
    "gateway-udproute": ("UDPRoute", "v1alpha2"),
}


@dataclass(frozen=True)
class Settings:
    """The flags of one program."""

    version: tuple[int, ...]
    sources: tuple[str, ...]
    policy: str
    owner: str
    txt_prefix: str
    txt_suffix: str
    wildcard: str
    """What stands for an asterisk in the names of TXT records."""
    domains: tuple[str, ...]
    excluded: tuple[str, ...]
    zones: tuple[str, ...]
    """Ids of the only zones that it may use; none for all."""
    types: tuple[str, ...]
    prefixes: tuple[str, ...]
    """Of the annotations that it reads."""
    prefers_cname: bool

    @property
    def routes(self) -> list[Kind]:
        """The kinds of routes that it reads, each in the one version that it knows."""
        known = [_ROUTES[source] for source in self.sources if source in _ROUTES]
        # Before 0.22 TLSRoute was read as v1alpha2, too.
        old = self.version < (0, 22)
        return [Kind(GROUP, "v1alpha2" if old and kind == "TLSRoute" else version, kind) for kind, version in known]

    @property
    def alias_type(self) -> str:
        """As what an alias' A record stands in the name of its TXT record."""
        return "cname" if self.version < (0, 22) else "a"

    def may_use(self, name: str) -> bool:
        """Whether the filters let it touch a name."""
        return (not self.domains or _within(name, self.domains)) and not _within(name, self.excluded)


def settings_of(pod: Object) -> Settings:
    """What the flags of a pod's container say."""
    container = next(item for item in items(at(pod, "spec", "containers")) if text(at(item, "image")).startswith(IMAGE))
    stated = [text(item).removeprefix("--").partition("=") for item in items(at(container, "args"))]

    def every(flag: str) -> tuple[str, ...]:
        return tuple(value for name, _, value in stated if name == flag)

    def last(flag: str, otherwise: str = "") -> str:
        found = every(flag)
        return found[-1] if found else otherwise

    version = _numbers(text(at(container, "image")).rpartition(":")[2])
    return Settings(
        version=version,
        sources=every("source"),
        policy=last("policy", "sync"),
        owner=last("txt-owner-id", "default"),
        txt_prefix=last("txt-prefix").lower(),
        txt_suffix=last("txt-suffix").lower(),
        wildcard=last("txt-wildcard-replacement").lower(),
        domains=every("domain-filter"),
        excluded=every("exclude-domains"),
        zones=every("zone-id-filter"),
        types=every("managed-record-types") or ("A", "AAAA", "CNAME"),
        prefixes=_prefixes(version, last("annotation-prefix"), legacy=bool(every("enable-legacy-annotation-prefix"))),
        prefers_cname=bool(every("aws-prefer-cname")),
    )


def _prefixes(version: tuple[int, ...], stated: str, *, legacy: bool) -> tuple[str, ...]:
    if stated:
        return (stated,)
    if version < (0, 22):
        return (OLD_PREFIX,)
    return (NEW_PREFIX, OLD_PREFIX) if legacy and version >= (0, 23) else (NEW_PREFIX,)


def _within(name: str, domains: Sequence[str]) -> bool:
    return any(f".{name}".endswith(f".{domain.strip('.').lower()}") for domain in domains)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.removeprefix("v").split(".")[:2] if part.isdigit())
