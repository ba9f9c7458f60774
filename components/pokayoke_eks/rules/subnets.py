"""How a VPC's range is divided. A subnet's place depends on the range and on its zone's letter, on nothing else, so
adding or dropping a zone never moves (and so never replaces) another zone's subnets.

The range falls into eight equal blocks. A zone's private subnet is the block of its letter (a to g); the eighth block
falls into eight again, one public subnet a letter. In a /16 that is a /19 (8,187 usable addresses) and a /22 a zone.
"""

from dataclasses import dataclass
from ipaddress import IPv4Network

from .finding import Finding

LETTERS = "abcdefg"
LONGEST_VPC_PREFIX = 21
"""A /21 leaves /24 and /27 a zone: a load balancer asks for a /27 with eight free addresses in each of its subnets
(Elastic Load Balancing user guide), and EKS for sixteen in the cluster's subnets."""
SHORTEST_VPC_PREFIX = 16
"""The largest range that a VPC takes (VPC user guide)."""
_BITS = 3
_PRIVATE_RANGES = tuple(
    IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
_SERVICE_RANGES = _PRIVATE_RANGES[:3]


@dataclass(frozen=True, slots=True)
class ZoneSubnets:
    """A zone's two subnets."""

    zone: str
    public: IPv4Network
    private: IPv4Network


def subnets_of(cidr: IPv4Network, zones: tuple[str, ...]) -> tuple[ZoneSubnets, ...]:
    """The two subnets of each zone, in the order of `zones`."""
    blocks = tuple(cidr.subnets(prefixlen_diff=_BITS))
    public = tuple(blocks[-1].subnets(prefixlen_diff=_BITS))
    return tuple(ZoneSubnets(letter, public[LETTERS.index(letter)], blocks[LETTERS.index(letter)]) for letter in zones)


def bad_vpc_range(cidr: IPv4Network) -> Finding | None:
    """Why a VPC cannot, or should not, have this range."""
    if cidr.prefixlen < SHORTEST_VPC_PREFIX:
        return Finding(f"{cidr} is larger than a VPC may be", f"Give a range from /{SHORTEST_VPC_PREFIX} on.")
    if cidr.prefixlen > LONGEST_VPC_PREFIX:
        return Finding(
            f"{cidr} leaves too few addresses: nodes and pods would find none",
            f"Give a range between /{SHORTEST_VPC_PREFIX} and /{LONGEST_VPC_PREFIX}; /16 is the usual choice.",
            "subnet-ip-exhaustion",
        )
    if not any(cidr.subnet_of(private) for private in _PRIVATE_RANGES):
        return Finding(
            f"{cidr} is not a private range: the addresses' real owners could not be reached from the cluster",
            "Take a range inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10.",
        )
    return None


def bad_service_range(cidr: IPv4Network) -> Finding | None:
    """Why EKS does not take this range for Services (EKS API: /24 to /12 inside the three private ranges)."""
    if not 12 <= cidr.prefixlen <= 24:
        return Finding(f"{cidr} is not a size that EKS takes for Services", "Give a range from /12 to /24.")
    if not any(cidr.subnet_of(private) for private in _SERVICE_RANGES):
        return Finding(
            f"{cidr} is not a range that EKS takes for Services",
            "Take one inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
        )
    return None
