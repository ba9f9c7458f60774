"""What a stack's YAML may say of the way in from outside."""

from pydantic import Field

from .dns import Domain
from .examined import Config
from .gateway_fields import Scheme, Variant


class Edge(Config):
    """The way in from outside: a domain, and what answers for it in every region."""

    domain: Domain = Field(
        description="The hosted zone; the gateway answers to it and to every host right below it.",
        examples=["dev.example.com"],
    )
    parent_zone: Domain | None = Field(
        default=None,
        description="The hosted zone that delegates `domain`, which is then made; else the zone `domain` is there.",
        examples=["example.com"],
    )
    gateway: Variant = Field(
        description="istio-ambient: Istio behind an NLB. nlb: one Service behind an NLB. alb: an ALB.",
        examples=["istio-ambient", "nlb", "alb"],
    )
    scheme: Scheme = Field(
        default="internet-facing",
        description="internet-facing, or internal: reached from the VPC alone.",
        examples=["internet-facing", "internal"],
    )

    @property
    def hosts(self) -> tuple[str, ...]:
        """What the gateway answers to, and its certificate is for."""
        return self.domain, f"*.{self.domain}"
