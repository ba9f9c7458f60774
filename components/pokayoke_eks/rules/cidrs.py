"""Address ranges: which overlap, and which lists amount to the whole internet."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, collapse_addresses

from .finding import Finding

WIDEST_CLOSED_PREFIX = 8
"""No organisation holds more than a /8; whatever is wider, alone or joined, is the internet with holes."""
MOST_API_RANGES = 40
"""EKS service quota: public endpoint access CIDR ranges per cluster."""
_NOT_ROUTED = {
    IPv4Network(text): meaning
    for text, meaning in (
        ("10.0.0.0/8", "private"),
        ("172.16.0.0/12", "private"),
        ("192.168.0.0/16", "private"),
        ("100.64.0.0/10", "shared between carriers"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
}


def overlaps(ranges: Sequence[tuple[str, IPv4Network]]) -> Iterable[tuple[str, str]]:
    """The pairs of names whose ranges share addresses: each later one with the first that it meets."""
    for index, (name, cidr) in enumerate(ranges):
        for earlier, other in ranges[:index]:
            if cidr.overlaps(other):
                yield name, earlier
                break


def covers_the_internet(ranges: Iterable[IPv4Network]) -> bool:
    """Whether the ranges, joined, hold one wider than a /8: 0.0.0.0/0, its two halves, any union that adds up."""
    return any(joined.prefixlen < WIDEST_CLOSED_PREFIX for joined in collapse_addresses(ranges))


def not_routed(cidr: IPv4Network) -> Finding | None:
    """Why no request from the internet can come from this range (EKS refuses such ranges for its public endpoint)."""
    for known, meaning in _NOT_ROUTED.items():
        if cidr.subnet_of(known):
            return Finding(
                f"{cidr} is {meaning} address space: nothing reaches the public endpoint from there",
                "State the public addresses from which you come; private networks use the private endpoint.",
            )
    return None
