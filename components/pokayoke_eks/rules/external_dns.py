"""What ExternalDNS reads, and where it keeps note of what it owns.

Source: kubernetes-sigs/external-dns v0.22.0: `source/annotations`, `source/gateway_*.go`, `docs/registry/txt.md`.
"""

from collections.abc import Iterable

from .finding import Finding, shown

STALE = "stale-dns-record"
OLDEST = "1.22.0"
"""The first chart whose program reads TLSRoute as Gateway API 1.6 serves it, and annotations under `PREFIX`."""
PREFIX = "external-dns.kubernetes.io/"
"""Of the annotations' keys; before 0.22 it was `external-dns.alpha.kubernetes.io/`, which is no longer read."""
SOURCES = ("gateway-httproute", "gateway-grpcroute", "gateway-tlsroute", "service", "ingress")
"""What records can follow."""
_UNSERVED = {"gateway-tcproute": "TCPRoute", "gateway-udproute": "UDPRoute"}
SOURCES_OF_VARIANT = {
    "istio-ambient": ("gateway-httproute",),
    "alb": ("gateway-httproute",),
    "nlb": ("gateway-tlsroute",),
}
"""By variant of the public gateway, the routes that carry its host names."""
RECORD_TYPES = ("A", "AAAA", "CNAME")
"""What it writes for the sources above; an alias of a load balancer is an A or AAAA record."""
OWNERSHIP_PREFIX = "external-dns-%{record_type}."
"""What the name of the TXT record begins with that says whose a record is. A label of its own: without it, the note on
the zone's own domain would be outside of the zone (`a-dev.example.com` in the zone `dev.example.com`). It stays as it
is for good: what was noted under another prefix is nobody's."""
WILDCARD = "any"
"""What stands in that name for the asterisk of a wildcard."""


def too_old(chart: str) -> Finding | None:
    """Why no such chart of ExternalDNS can follow routes of Gateway API 1.6. The version must be well formed."""
    if _number(chart) >= _number(OLDEST):
        return None
    return Finding(
        f"the ExternalDNS of chart {chart} looks for routes that Gateway API 1.6 does not serve, and for other "
        "annotations: with `policy: sync` it would delete records",
        f"Take {OLDEST} or newer.",
        STALE,
    )


def unknown_source(source: str) -> Finding | None:
    """Why ExternalDNS cannot follow this."""
    if source in SOURCES:
        return None
    if source in _UNSERVED:
        return Finding(
            f"ExternalDNS reads {_UNSERVED[source]} as v1alpha2, which Gateway API 1.6 does not serve, and would not "
            "start",
            "Give the Service the host name, with the source `service`.",
            STALE,
        )
    return Finding(f"there is no source {shown(source)} here", f"Write one of {', '.join(SOURCES)}.")


def is_note_of(owner: str, texts: Iterable[str]) -> bool:
    """Whether one of a TXT record's values says that the record beside it is this owner's: it is one text of fields, in
    quotes, `heritage=external-dns,external-dns/owner=...`."""
    wanted = {"heritage=external-dns", f"external-dns/owner={owner}"}
    return any(wanted <= set(text.strip('"').split(",")) for text in texts)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in version.removeprefix("v").split("."))
