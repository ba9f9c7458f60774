"""Where Pulumi's states are kept."""

from .component import StateBackend

__all__ = ["StateBackend"]
