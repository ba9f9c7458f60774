"""What a namespace's pods may talk to beyond the baseline."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from .checks import network_policies
from .errors import refusal
from .examined import Config
from .fields import Cidr, LabelName, Port, Switch
from .plain import kind_of
from .pool_fields import Key, LabelValue

PROTOCOLS = ("TCP", "UDP")


def _protocol(value: object) -> str:
    if value not in PROTOCOLS:
        raise refusal(f"{kind_of(value)} is no protocol", f"Write {' or '.join(PROTOCOLS)}.")
    return str(value)


Protocol = Annotated[Literal["TCP", "UDP"], BeforeValidator(_protocol)]


class Traffic(Config):
    """Some ports of some peers: pods by namespace and labels, or addresses."""

    checks = (network_policies.peers_are_said_once,)

    namespaces: tuple[LabelName, ...] = Field(
        default=(), description="Pods of these namespaces; of the policy's own unless stated.", examples=[["shop"]]
    )
    pods: Mapping[Key, LabelValue] = Field(
        default_factory=dict[str, str],
        description="Of those, the pods that have all of these labels; every pod unless stated.",
        examples=[{"app.kubernetes.io/name": "orders"}],
    )
    ranges: tuple[Cidr, ...] = Field(
        default=(), description="Ranges of addresses. Or state namespaces, pods, or both.", examples=[["10.0.0.0/16"]]
    )
    ports: tuple[Port, ...] = Field(
        description="The ports of the one who answers, as its container has them.",
        examples=[[8080]],
        json_schema_extra={"minItems": 1},
    )
    protocol: Protocol = Field(default="TCP", description="TCP or UDP.", examples=["UDP"])


class NetworkPoliciesConfig(Config):
    """What a namespace's pods may do on the network: what every pod needs, and what is stated here."""

    mesh: Switch = Field(
        default=False, description="The namespace's pods are in Istio's ambient mesh.", examples=[True]
    )
    webhook_ports: tuple[Port, ...] = Field(
        default=(),
        description="Ports on which its pods answer the API server: of webhooks and of API services.",
        examples=[[9443]],
    )
    ingress: tuple[Traffic, ...] = Field(
        default=(),
        description="Who else may reach its pods, and on which of their ports.",
        examples=[[{"namespaces": ["shop"], "ports": [8080]}]],
    )
    egress: tuple[Traffic, ...] = Field(
        default=(),
        description="Whom else its pods may reach.",
        examples=[[{"ranges": ["0.0.0.0/0"], "ports": [443]}]],
    )
