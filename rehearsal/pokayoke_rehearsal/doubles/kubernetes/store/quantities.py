"""Kubernetes quantities: `250m`, `1Gi`, `0.5`."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

_FORM = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))((?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d{1,3})?)")
_SUFFIXES = {
    "": Decimal(1),
    **{name: Decimal(10) ** power for name, power in (("n", -9), ("u", -6), ("m", -3), ("k", 3), ("M", 6))},
    **{name: Decimal(10) ** power for name, power in (("G", 9), ("T", 12), ("P", 15), ("E", 18))},
    **{f"{name}i": Decimal(1024) ** power for power, name in enumerate("KMGTPE", start=1)},
}


def parse(value: Any) -> Decimal | None:
    """The quantity as a number of its base unit (cores, bytes, pieces); None for what is no quantity."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    matched = _FORM.fullmatch(str(value))
    if matched is None:
        return None
    number, suffix = matched.groups()
    try:
        return Decimal(number) * (_SUFFIXES[suffix] if suffix in _SUFFIXES else Decimal(f"1{suffix}"))
    except InvalidOperation:
        return None


def amount(value: Any) -> Decimal:
    """The quantity as a number, zero for what is none."""
    return parse(value) or Decimal(0)
