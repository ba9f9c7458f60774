"""Network policies of a namespace: deny by default, and what every pod needs always allowed."""

from .component import NetworkPolicies

__all__ = ["NetworkPolicies"]
