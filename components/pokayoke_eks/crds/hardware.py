"""Disks, network interfaces and what else an EC2NodeClass says of an instance. Source: Karpenter v1.14.1,
`karpenter.k8s.aws_ec2nodeclasses.yaml`."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from .cel import Rule, every, has, some
from .constraints import Bool, Int32, Int64, Pattern
from .part import Part

VolumeSize = Annotated[
    str,
    Pattern(
        r"^((?:[1-9][0-9]{0,3}|[1-4][0-9]{4}|[5][0-8][0-9]{3}|59000)Gi"
        r"|(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|[6][0-3][0-9]{3}|64000)G"
        r"|([1-9]||[1-5][0-7]|58)Ti|([1-9]||[1-5][0-9]|6[0-3]|64)T)$"
    ),
]
"""A disk's size in Gi, G, Ti or T, such as `20Gi`."""


class Ebs(Part):
    """One EBS volume. IOPS and throughput (MiB/s) as EC2 takes them for the volume's type."""

    volume_size: VolumeSize | None = None
    volume_type: Literal["standard", "io1", "io2", "gp2", "sc1", "st1", "gp3"] | None = None
    encrypted: Bool | None = None
    kms_key_id: str | None = None
    delete_on_termination: Bool | None = None
    iops: Int64 | None = None
    throughput: Int64 | None = None
    snapshot_id: str | None = None
    volume_initialization_rate: Annotated[Int32, Field(ge=100, le=300)] | None = None
    """MiB/s, of a volume from a snapshot."""


class BlockDeviceMapping(Part):
    """One disk of a node. Where any is given, the defaults of the image's family are gone, all of them."""

    device_name: str | None = None
    ebs: Ebs | None = None
    root_volume: Bool | None = None


class MetadataOptions(Part):
    """The instance metadata service. A hop limit of 1 keeps pods away from it."""

    http_endpoint: Literal["enabled", "disabled"] = "enabled"
    http_protocol_ipv6: Literal["enabled", "disabled"] = "disabled"
    http_put_response_hop_limit: Annotated[Int64, Field(ge=1, le=64)] = 1
    http_tokens: Literal["required", "optional"] = "required"


class NetworkInterface(Part):
    """One network interface of a node; EFA devices are of type `efa-only`."""

    network_card_index: Annotated[Int32, Field(ge=0)]
    device_index: Annotated[Int32, Field(ge=0)]
    interface_type: Literal["interface", "efa-only"]


class ConnectionTracking(Part):
    """How long idle connections are tracked, in seconds."""

    tcp_established_timeout: Annotated[Int32, Field(ge=60, le=432000)] | None = None
    udp_stream_timeout: Annotated[Int32, Field(ge=60, le=180)] | None = None
    udp_timeout: Annotated[Int32, Field(ge=30, le=60)] | None = None


class CpuOptions(Part):
    """Options of the processor."""

    nested_virtualization: Literal["enabled", "disabled"] | None = None


def _one_root(mappings: list[dict[str, Any]]) -> bool:
    return len([one for one in mappings if one.get("rootVolume", False)]) <= 1


def _rate_has_snapshot(ebs: dict[str, Any]) -> bool:
    return not has(ebs, "volumeInitializationRate") or ebs.get("snapshotID", "") != ""


def _has_primary(interfaces: list[dict[str, Any]]) -> bool:
    primary = {"deviceIndex": 0, "networkCardIndex": 0, "interfaceType": "interface"}
    return len(interfaces) == 0 or some(interfaces, lambda one: one == primary)


def _are_distinct(interfaces: list[dict[str, Any]]) -> bool:
    places = [(one["networkCardIndex"], one["deviceIndex"]) for one in interfaces]
    efa_cards = [one["networkCardIndex"] for one in interfaces if one["interfaceType"] == "efa-only"]
    return every((places, efa_cards), lambda listed: len(set(listed)) == len(listed))


HARDWARE_RULES: Sequence[Rule] = (
    Rule("spec.blockDeviceMappings", "must have only one blockDeviceMappings with rootVolume", _one_root),
    Rule(
        "spec.blockDeviceMappings[].ebs",
        "snapshotID or volumeSize must be defined",
        lambda ebs: has(ebs, "snapshotID", "volumeSize"),
    ),
    Rule(
        "spec.blockDeviceMappings[].ebs",
        "snapshotID must be set when volumeInitializationRate is set",
        _rate_has_snapshot,
    ),
    Rule(
        "spec.connectionTracking",
        "at least one of tcpEstablishedTimeout, udpStreamTimeout, or udpTimeout must be set",
        lambda tracking: has(tracking, "tcpEstablishedTimeout", "udpStreamTimeout", "udpTimeout"),
    ),
    Rule(
        "spec.networkInterfaces",
        "networkInterfaces must include a primary interface with interfaceType='interface'",
        _has_primary,
    ),
    Rule(
        "spec.networkInterfaces",
        "networkInterfaces must not have duplicate networkCardIndex and deviceIndex pairs, and can have at most one efa"
        " device per network card",
        _are_distinct,
    ),
)
"""Every rule on an instance's hardware."""
