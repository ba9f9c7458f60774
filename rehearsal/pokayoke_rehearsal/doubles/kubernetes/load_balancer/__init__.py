"""The AWS Load Balancer Controller in the rehearsal (v3.5.0): its chart, and a controller that acts while it could.

Modelled as far as documented failures turn on it: what its pods need to start, what its webhooks refuse, what its role
must allow, where it puts balancers, and what holds the objects that asked for them.
"""

from pokayoke_rehearsal.doubles.kubernetes.load_balancer.controller import install

__all__ = ["install"]
