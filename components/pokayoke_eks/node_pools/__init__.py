"""Node pools: which nodes Karpenter may make, how many, of what."""

from .component import NodePools

__all__ = ["NodePools"]
