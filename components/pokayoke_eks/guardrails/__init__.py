"""What the cluster itself refuses, from whatever client."""

from .component import Guardrails

__all__ = ["Guardrails"]
