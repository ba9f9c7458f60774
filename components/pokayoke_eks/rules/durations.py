"""Durations as Karpenter writes them: hours, minutes and seconds, such as `1h30m`."""

import re

from .finding import Finding, shown

_FORM = re.compile(r"(?:[0-9]{1,6}[smh])+", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3_600}


def seconds(duration: str) -> int:
    """5,400 for `1h30m`; the duration must have passed `bad_duration`."""
    return sum(int(number) * _SECONDS[unit] for number, unit in re.findall(r"([0-9]+)([smh])", duration))


def bad_duration(duration: str) -> Finding | None:
    """Why Karpenter takes no such duration, or why the platform does not."""
    if duration == "Never":
        return Finding("Never is no duration: it would never end", "State hours, e.g. 720h.")
    if not _FORM.fullmatch(duration):
        return Finding(f"{shown(duration)} is no duration", "Write hours, minutes and seconds, e.g. 720h or 1h30m.")
    if not seconds(duration):
        return Finding(f"{shown(duration)} is no time at all", "State at least a minute, e.g. 5m.")
    return None
