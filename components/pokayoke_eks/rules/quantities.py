"""Kubernetes' amounts of a resource: `500m`, `16Gi`, `1e3`, 4."""

import re
from fractions import Fraction

_FORM = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(?:([eE])([+-]?\d{1,3})|([KMGTPE]i)|([numkMGTPE]))?", re.ASCII)
_DECIMAL = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = "KMGTPE"
LONGEST = 40


def quantity(written: object) -> Fraction | None:
    """The amount in the resource's unit (cores, bytes); None for what is no amount."""
    if isinstance(written, bool):
        return None
    if isinstance(written, (int, float)):
        return Fraction(written) if written == written and abs(written) < 1e18 else None
    found = _FORM.fullmatch(written) if isinstance(written, str) and len(written) <= LONGEST else None
    if found is None:
        return None
    sign, digits, exponential, exponent, binary, decimal = found.groups()
    amount = Fraction(digits)
    if exponential:
        amount *= Fraction(10) ** int(exponent)
    elif binary:
        amount *= 1024 ** (_BINARY.index(binary[0]) + 1)
    elif decimal:
        amount *= Fraction(10) ** _DECIMAL[decimal]
    return -amount if sign == "-" else amount
