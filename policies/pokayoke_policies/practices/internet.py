"""Which address ranges are the internet, however they are written."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from pokayoke_eks.rules.cidrs import covers_the_internet

_GLOBAL_UNICAST = 3
"""2000::/3 holds every address of IPv6 from which anybody comes (IANA IPv6 address space registry)."""


def is_everything(ranges: Iterable[str]) -> bool:
    """Whether ranges, joined, are the internet, of IPv4 or of IPv6; what is no range is left out."""
    fours: list[IPv4Network] = []
    sixes: list[IPv6Network] = []
    for one in ranges:
        try:
            known = ip_network(one.strip(), strict=False)
        except ValueError:
            continue  # The API refuses it.
        if isinstance(known, IPv4Network):
            fours.append(known)
        else:
            sixes.append(known)
    return covers_the_internet(fours) or any(one.prefixlen <= _GLOBAL_UNICAST for one in collapse_addresses(sixes))
