"""Values of releases against the charts' own."""

from collections.abc import Mapping
from typing import Any

KUBERNETES = {"nodeSelector", "resources"}
"""What charts pass on as it is."""


def unknown(ours: Mapping[str, Any], upstream: Mapping[str, Any], at: str = "") -> list[str]:
    """The keys of ours that the chart lacks. What it leaves empty may hold any."""
    found = [f"{at}{key}" for key in ours if key not in upstream]
    for key, value in ours.items():
        theirs = upstream.get(key)
        if isinstance(value, Mapping) and isinstance(theirs, Mapping) and theirs and key not in KUBERNETES:
            found += unknown(value, theirs, f"{at}{key}.")
    return found
