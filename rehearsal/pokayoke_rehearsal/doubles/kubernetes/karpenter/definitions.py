"""The CustomResourceDefinitions that Karpenter's charts bring (karpenter-crd 1.14.1)."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.definitions import CustomKind, modelled
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object

KINDS = (
    *modelled(("karpenter.sh", "karpenter.k8s.aws")),
    # Only features that are off by default read these: what is in them plays no part here.
    CustomKind("karpenter.sh", "NodeOverlay", "nodeoverlays", False, ("v1alpha1",), "v1alpha1"),
    CustomKind("autoscaling.x-k8s.io", "CapacityBuffer", "capacitybuffers", True, ("v1beta1",), "v1beta1"),
)


def definitions() -> list[Object]:
    """All of them, as manifests."""
    return [one.definition() for one in KINDS]
