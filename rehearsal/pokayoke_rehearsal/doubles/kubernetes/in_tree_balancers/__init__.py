"""The load balancers that EKS's own control plane makes, for Services that no other controller's class is on.

Source: kubernetes/cloud-provider-aws, pkg/providers/v1, and kubernetes/cloud-provider, controllers/service, texts
included. What it may do is not judged: it acts as the cluster's role with the policy that AWS keeps for it.
"""

from pokayoke_rehearsal.doubles.kubernetes.in_tree_balancers.controller import install

__all__ = ["install"]
