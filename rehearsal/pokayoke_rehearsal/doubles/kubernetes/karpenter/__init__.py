"""Karpenter in the rehearsal (v1.14): its charts and kinds, and a controller that acts only while it could.

Modelled as far as documented failures turn on it: what its pods need to start, what its role must allow, what its
classes select, which nodes come for pending pods, and what holds its objects when they are deleted.
"""

from pokayoke_rehearsal.doubles.kubernetes.karpenter.controller import install

__all__ = ["install"]
