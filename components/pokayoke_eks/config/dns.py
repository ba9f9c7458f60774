"""What Dns and ExternalDns take."""

from typing import Annotated

from pydantic import Field, WithJsonSchema

from ..rules import combinations, domains, external_dns
from .checks import cluster, dns, platform
from .fields import RegionName, Switch, Version, judged
from .shared import REGION, Living, Protected

Domain = Annotated[
    str,
    judged("dev.example.com", domains.bad_domain),
    WithJsonSchema({"type": "string", "pattern": r"^[a-z0-9-]+(\.[a-z0-9-]+)+$"}),
]
Source = Annotated[
    str,
    judged("gateway-httproute", external_dns.unknown_source),
    WithJsonSchema({"type": "string", "enum": list(external_dns.SOURCES)}),
]


class DnsConfig(Protected):
    """The hosted zone of one platform."""

    checks = (
        platform.tags_are_legal,
        cluster.protection_means_something,
        dns.parent_can_delegate,
    )

    domain: Domain = Field(description="The zone's domain; all hosts are in it.", examples=["dev.example.com"])
    parent_zone: Domain | None = Field(
        default=None,
        description="The hosted zone that delegates `domain`, which is then made; else the zone `domain` is there.",
        examples=["example.com"],
    )


class ExternalDnsConfig(Living):
    """ExternalDNS in one cluster."""

    checks = (platform.names_fit, platform.tags_are_legal, dns.routes_are_read, dns.something_is_followed)

    region: RegionName = REGION
    version: Version = Field(
        default=combinations.COMBINATIONS[0].external_dns,
        description="The version of the chart.",
        examples=["1.22.0"],
    )
    sources: tuple[Source, ...] = Field(
        default=external_dns.SOURCES_OF_VARIANT["istio-ambient"],
        description="What the records follow: kinds of routes, Services, Ingresses.",
        examples=[["gateway-httproute"]],
        json_schema_extra={"minItems": 1},
    )
    latency_routing: Switch = Field(
        default=False,
        description="Clusters of other regions answer for the same hosts: the nearest one is found.",
        examples=[True],
    )
