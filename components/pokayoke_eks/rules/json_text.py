"""Documents that resources carry as text: policies, add-on values, event patterns, providers' settings."""

import json
from typing import Any


def from_json(written: object) -> Any:
    """What a text in JSON says; anything else as it is, and so a text that is no JSON."""
    if not isinstance(written, str):
        return written
    try:
        return json.loads(written)
    except (ValueError, RecursionError):  # The second where it is nested deeper than Python reads.
        return written
