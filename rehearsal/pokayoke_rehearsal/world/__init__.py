"""The world of a rehearsal: moto's AWS with what it lacks, the cluster stores, and the provider doubles over both.

It runs as a process of its own (`python -m pokayoke_rehearsal.world --directory DIR`): it must outlive each act.
"""

from pokayoke_rehearsal.world.model import ClusterStores, Leftover, Node, World

__all__ = ["ClusterStores", "Leftover", "Node", "World"]
