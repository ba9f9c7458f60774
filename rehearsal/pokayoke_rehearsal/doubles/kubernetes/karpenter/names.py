"""The names by which Karpenter's objects are known (karpenter.sh v1, karpenter.k8s.aws v1)."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind

MANAGER = "karpenter"

POOL = Kind("karpenter.sh", "v1", "NodePool")
CLAIM = Kind("karpenter.sh", "v1", "NodeClaim")
CLASS = Kind("karpenter.k8s.aws", "v1", "EC2NodeClass")
NODE = Kind("", "v1", "Node")
POD = Kind("", "v1", "Pod")

CLASS_FINALIZER = "karpenter.k8s.aws/termination"
FINALIZER = "karpenter.sh/termination"
"""On NodeClaims and on their Nodes."""

POOL_LABEL = "karpenter.sh/nodepool"
CAPACITY_LABEL = "karpenter.sh/capacity-type"
CLASS_LABEL = "karpenter.k8s.aws/ec2nodeclass"
TYPE_LABEL = "node.kubernetes.io/instance-type"
ZONE_LABEL = "topology.kubernetes.io/zone"
ARCHITECTURE_LABEL = "kubernetes.io/arch"

PROFILE = "karpenter.k8s.aws/instance-profile-name"
"""Annotation on NodeClaims, and on the nodes of the twin."""
