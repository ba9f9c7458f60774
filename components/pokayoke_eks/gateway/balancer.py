"""What a gateway says of its balancer, in Elastic Load Balancing's own words."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..config import Lifecycle
from ..config.gateway import GatewayConfig
from ..rules.load_balancers import ALB

PORT, PLAIN_PORT = 443, 80
TARGETS = {"preserve_client_ip.enabled": "true"}
"""An NLB's targets see who asks: with targets by IP it would show them its own address."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a balancer stands among, known once it is made."""

    certificate: str
    """ARN."""
    subnets: tuple[str, ...]
    """Ids, one a zone."""
    bucket: str | None
    """For its access logs."""


EXAMPLE = Around(certificate="arn", subnets=("subnet-0",), bucket=None)
"""In its place everything else about a gateway is judged, in every preview."""


def attributes(config: GatewayConfig, bucket: str | None) -> dict[str, str]:
    """The balancer's attributes; `bucket` gets its access logs. What is off is said: the controller never resets an
    attribute that is only left out.

    A balancer that refuses deletion would keep its Gateway, and all that waits for it, for ever: what must not be
    deleted in a retained environment, Pulumi protects.
    """
    logs = {"access_logs.s3.enabled": "false"}
    if bucket is not None:
        logs = {
            "access_logs.s3.enabled": "true",
            "access_logs.s3.bucket": bucket,
            "access_logs.s3.prefix": config.gateway,
        }
    own = (
        {"routing.http.drop_invalid_header_fields.enabled": "true"}
        if config.variant == ALB
        else {"load_balancing.cross_zone.enabled": "true"}
    )
    return {"deletion_protection.enabled": "false", **own, **logs}


def listed(pairs: Mapping[str, str]) -> str:
    """As an annotation takes attributes."""
    return ",".join(f"{key}={value}" for key, value in pairs.items())


def keeps_logs(config: GatewayConfig) -> bool:
    """Whether the environment keeps what was asked of the balancer."""
    return config.lifecycle is Lifecycle.RETAINED
