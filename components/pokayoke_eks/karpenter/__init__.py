"""Karpenter: nodes that come when pods need them, and go when none does."""

from .component import Karpenter

__all__ = ["Karpenter"]
