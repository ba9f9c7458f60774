"""The status that the API server gives a new object, until its controller says more. Source: Gateway API v1.6.1."""

from typing import Any


def waiting_for_controller(*conditions: str) -> dict[str, Any]:
    """Conditions of which nobody knows yet whether they hold."""
    unknown = {
        "lastTransitionTime": "1970-01-01T00:00:00Z",
        "message": "Waiting for controller",
        "reason": "Pending",
        "status": "Unknown",
    }
    return {"conditions": [{**unknown, "type": condition} for condition in conditions]}
