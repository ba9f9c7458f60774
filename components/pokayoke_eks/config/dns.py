"""What Dns and ExternalDns take."""

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from ..rules import domains
from .checks import cluster, dns, platform
from .errors import Refused
from .fields import text
from .shared import Protected


def _domain(value: object) -> str:
    domain = text(value, "dev.example.com")
    finding = domains.bad_domain(domain)
    if finding:
        raise Refused(finding)
    return domain


Domain = Annotated[
    str, BeforeValidator(_domain), WithJsonSchema({"type": "string", "pattern": r"^[a-z0-9-]+(\.[a-z0-9-]+)+$"})
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
