"""Ports that a firewall's rules let through: security groups, network ACLs, NetworkPolicies."""

ALL_PROTOCOLS = ("-1", "all")
_TCP = ("tcp", "6")


def lets_through(protocol: object, first: object, last: object, port: int) -> bool:
    """Whether a rule for this protocol and these ports, as AWS writes them, holds one port of TCP. Amounts may be spelt
    as text or as fractions, as they come over the wire; what cannot be read holds every port."""
    said = str(int(protocol) if isinstance(protocol, float) else protocol).lower()
    if said in ALL_PROTOCOLS:
        return True
    if said not in _TCP:
        return False
    low, high = _number(first), _number(last)
    return (low is None or low <= port) and (high is None or port <= high)


def _number(value: object) -> int | None:
    try:
        return int(float(value)) if isinstance(value, (str, int, float)) else None
    except (ValueError, OverflowError):
        return None
