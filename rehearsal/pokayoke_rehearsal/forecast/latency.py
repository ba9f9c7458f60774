"""How long an operation takes against AWS: seconds, and where the figure comes from."""

from __future__ import annotations

from dataclasses import dataclass

ASSUMED = "assumption: no source was found"


@dataclass(frozen=True)
class Latency:
    """Seconds of the three operations on one kind of thing, as the provider sees them: API time and its polling.

    Figures are medians of what was found; `source` says where and how many lines, or that nothing was found. Those of
    updates are assumptions throughout.
    """

    create: float
    delete: float
    source: str
    update: float = 1.0
    assumed: bool = False


def guess(create: float, delete: float, because: str = "") -> Latency:
    """Figures for which there is no source."""
    return Latency(create, delete, f"{ASSUMED}{f'; {because}' if because else ''}", assumed=True)
