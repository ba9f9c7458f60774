"""What somebody else made: looked up, checked, and then used like the platform's own network and cluster."""

from .cluster import ExistingCluster
from .network import ExistingNetwork

__all__ = ["ExistingCluster", "ExistingNetwork"]
