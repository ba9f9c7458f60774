"""The network: one VPC, laid out so that a node always finds its way out."""

from .component import Network

__all__ = ["Network"]
