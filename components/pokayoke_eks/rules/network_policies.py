"""What pods under NetworkPolicies still reach: an allow-list has to hold what every pod needs.

Sources: Kubernetes documentation, "Network Policies" (policies add up; an absent list of peers or ports means all; a
namespace selector never matches the API server, which is in no namespace); EKS user guide, "Learn how EKS Pod Identity
works" (the agent's address); webhook ports as in the values.yaml of the charts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, ip_interface
from typing import Any, cast

from .finding import Finding

SLUG = "network-policy-blocks-api-server"
PRIVATE = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
_AGENT = IPv4Address("169.254.170.23")

WEBHOOK_PORTS: Mapping[str, int] = {"aws-load-balancer-controller": 9443, "istio/istiod": 15017, "ingress-nginx": 8443}
"""Where the API server reaches the webhooks of a chart."""


class Place(Enum):
    """Where a pod must get to."""

    API = "the API server"
    DNS = "DNS"
    AGENT = "the Pod Identity agent"


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a pod has to reach."""

    place: Place
    port: int
    protocol: str = "TCP"

    def __str__(self) -> str:
        return f"{self.place.value} ({self.protocol} {self.port})"


ALWAYS = (Need(Place.API, 443), Need(Place.DNS, 53, "UDP"), Need(Place.DNS, 53))
WITHOUT_TOKEN = ALWAYS[1:]
"""What pods need that mount no token for the API server (argoproj/argo-cd, the NetworkPolicy of its Redis)."""
IDENTITY = Need(Place.AGENT, 80)
_SNIPPETS = {
    Place.API: "{to: [{ipBlock: {cidr: the Service range}}, {ipBlock: {cidr: the control plane's subnets}}], "
    "ports: [{port: 443}]}",
    Place.DNS: "{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}], "
    "ports: [{port: 53, protocol: UDP}, {port: 53}]}",
    Place.AGENT: "{to: [{ipBlock: {cidr: 169.254.170.23/32}}], ports: [{port: 80}]}",
}


def restricts(policy: Mapping[str, Any], direction: str) -> bool:
    """Whether a policy's spec restricts this direction, `Ingress` or `Egress`."""
    types = policy.get("policyTypes")
    if isinstance(types, list):
        return direction in types
    return direction == "Ingress" or bool(policy.get("egress"))


def covers(selector: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether every pod that `other` selects is surely selected by `selector` too."""
    if selector == other:
        return True
    if selector.get("matchExpressions"):
        return False
    wanted, given = _map(selector.get("matchLabels")), _map(other.get("matchLabels"))
    return all(given.get(key) == value for key, value in wanted.items())


def cut_off(policies: Sequence[Mapping[str, Any]], needs: Sequence[Need]) -> Finding | None:
    """What pods cannot reach on which all of these policies act."""
    rules = [_map(rule) for policy in policies for rule in _list(policy.get("egress"))]
    missing = [need for need in needs if not any(_reaches(rule, need) for rule in rules)]
    if not missing:
        return None
    said = ", ".join(dict.fromkeys(str(need) for need in missing))
    fix = ", ".join(dict.fromkeys(_SNIPPETS[need.place] for need in missing))
    return Finding(f"its pods do not get through to {said}", f"Add to egress: [{fix}].", SLUG)


def webhook_cut_off(policies: Sequence[Mapping[str, Any]], chart: str) -> Finding | None:
    """Why the API server does not reach the webhook of a chart, on whose pods all of these policies act."""
    port = WEBHOOK_PORTS[chart]
    rules = [_map(rule) for policy in policies for rule in _list(policy.get("ingress"))]
    if any(_holds_port(rule, port, "TCP") and _is_from_outside(rule) for rule in rules):
        return None
    return Finding(
        f"the API server does not get through to the webhook of {chart} on {port}",
        f"Add to ingress: [{{from: [{{ipBlock: {{cidr: the control plane's subnets}}}}], ports: [{{port: {port}}}]}}].",
        SLUG,
    )


def _reaches(rule: Mapping[str, Any], need: Need) -> bool:
    if not _holds_port(rule, need.port, need.protocol):
        return False
    peers = _list(rule.get("to"))
    return not peers or any(_is_at(_map(peer), need.place) for peer in peers)


def _is_at(peer: Mapping[str, Any], place: Place) -> bool:
    if "ipBlock" not in peer:
        return place is Place.DNS
    for cidr, excepted in _blocks(peer):
        if place is Place.AGENT:
            if _AGENT in cidr and not any(_AGENT in hole for hole in excepted):
                return True
        elif any(cidr.overlaps(private) and not _is_excepted(cidr, private, excepted) for private in PRIVATE):
            return True
    # What cannot be read is left to the API server; IPv6 addresses are not judged.
    return not any(True for _ in _blocks(peer))


def _is_excepted(cidr: IPv4Network, private: IPv4Network, excepted: Sequence[IPv4Network]) -> bool:
    """Whether the exceptions take away all of what the block and a private range share."""
    shared = cidr if cidr.subnet_of(private) else private
    return any(shared.subnet_of(hole) for hole in excepted)


def _is_from_outside(rule: Mapping[str, Any]) -> bool:
    peers = _list(rule.get("from"))
    return not peers or any("ipBlock" in _map(peer) for peer in peers)


def _holds_port(rule: Mapping[str, Any], port: int, protocol: str) -> bool:
    ports = _list(rule.get("ports"))
    return not ports or any(_is_port(_map(one), port, protocol) for one in ports)


def _is_port(said: Mapping[str, Any], port: int, protocol: str) -> bool:
    spoken = said.get("protocol", "TCP")
    if isinstance(spoken, str) and spoken != protocol:
        return False
    first, last = said.get("port"), said.get("endPort")
    if not isinstance(first, (int, float)):
        return True  # All ports, or a named one, of which the number is not to be seen.
    return first <= port <= last if isinstance(last, (int, float)) else first == port


def _blocks(peer: Mapping[str, Any]) -> Iterator[tuple[IPv4Network, list[IPv4Network]]]:
    block = _map(peer.get("ipBlock"))
    for cidr in _networks([block.get("cidr")]):
        yield cidr, list(_networks(_list(block.get("except"))))


def _networks(texts: Sequence[Any]) -> Iterator[IPv4Network]:
    for text in texts:
        try:
            found = ip_interface(str(text)).network
        except ValueError:
            continue
        if isinstance(found, IPv4Network):
            yield found


def _map(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
