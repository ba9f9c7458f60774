"""TLSRoute, gateway.networking.k8s.io/v1. Source: Gateway API v1.6.1, standard channel."""

from typing import Annotated, Literal

from pydantic import Field

from ..cel import Rule, every, is_ip
from ..constraints import found
from ..part import Part
from ..resource import Resource
from .names import SUBDOMAIN, Hostname, SectionName
from .references import BackendReference, ParentReferences, backend_rules, parent_rules

_LABELS = rf"^({SUBDOMAIN})$"


class TLSRouteRule(Part):
    """Where the connections go."""

    name: SectionName | None = None
    backend_refs: Annotated[tuple[BackendReference, ...], Field(min_length=1, max_length=16)]


class TLSRouteSpec(Part):
    """Connections to these host names, which the client names as it opens them (SNI)."""

    parent_refs: ParentReferences | None = None
    hostnames: Annotated[tuple[Hostname, ...], Field(min_length=1, max_length=1024)]
    rules: Annotated[tuple[TLSRouteRule, ...], Field(min_length=1, max_length=1)]


def _wildcards_come_first(hostnames: list[str]) -> bool:
    return every(hostnames, lambda host: "*" not in host or (host.startswith("*.") and found(_LABELS, host[2:])))


class TLSRoute(Resource):
    """TLS connections by host name, to one set of backends. Behind an NLB all of a port's go the same way."""

    plural = "tlsroutes"
    namespaced = True
    rules = (
        Rule("spec.hostnames", "Hostnames cannot contain an IP", lambda hosts: every(hosts, lambda h: not is_ip(h))),
        Rule(
            "spec.hostnames",
            "Hostnames must be valid based on RFC-1123",
            lambda hosts: every(hosts, lambda host: "*" in host or found(_LABELS, host)),
        ),
        Rule(
            "spec.hostnames",
            "Wildcards on hostnames must be the first label, and the rest of hostname must be valid based on RFC-1123",
            _wildcards_come_first,
        ),
        *parent_rules("spec.parentRefs"),
        *backend_rules("spec.rules[].backendRefs[]"),
    )

    api_version: Literal["gateway.networking.k8s.io/v1"] = "gateway.networking.k8s.io/v1"
    kind: Literal["TLSRoute"] = "TLSRoute"
    spec: TLSRouteSpec
