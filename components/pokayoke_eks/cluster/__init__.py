"""The cluster: control plane, who may enter it, its add-ons, and the nodes that the platform itself runs on."""

from .component import Cluster

__all__ = ["Cluster"]
