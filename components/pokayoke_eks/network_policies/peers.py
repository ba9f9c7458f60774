"""Peers and ports as Kubernetes writes them."""

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network

from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, LabelSelectorRequirementArgs
from pulumi_kubernetes.networking.v1 import IPBlockArgs, NetworkPolicyPeerArgs, NetworkPolicyPortArgs

NAMESPACE_NAME = "kubernetes.io/metadata.name"
"""The label that the API server puts on every namespace (Kubernetes, "Automatic labelling")."""


def addresses(ranges: Iterable[IPv4Network]) -> list[NetworkPolicyPeerArgs]:
    """Whoever has an address in one of the ranges."""
    return [NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=str(cidr))) for cidr in ranges]


def pods(namespaces: Sequence[str], labels: Mapping[str, str]) -> NetworkPolicyPeerArgs:
    """The pods with all of these labels, in these namespaces; in the policy's own where none is named."""
    named = LabelSelectorArgs(
        match_expressions=[LabelSelectorRequirementArgs(key=NAMESPACE_NAME, operator="In", values=list(namespaces))]
    )
    return NetworkPolicyPeerArgs(
        namespace_selector=named if namespaces else None, pod_selector=LabelSelectorArgs(match_labels=dict(labels))
    )


def ports(numbers: Iterable[int], protocol: str = "TCP") -> list[NetworkPolicyPortArgs]:
    """These ports, over one protocol."""
    return [NetworkPolicyPortArgs(port=number, protocol=protocol) for number in numbers]
