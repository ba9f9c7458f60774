"""Istio in the rehearsal (ambient, 1.30 and 1.31): its charts, and a control plane that serves Gateways of its classes.

Modelled as far as documented failures turn on it: which pods are ready when, what is made for a Gateway and when it
goes, what Helm leaves behind, and that the old gateway chart does not come up beside ambient.
"""

from pokayoke_rehearsal.doubles.kubernetes.istio.controller import install

__all__ = ["install"]
