"""NodeClaim, karpenter.sh/v1: Karpenter's own, never written by the platform. Source: Karpenter v1.14.1,
`karpenter.sh_nodeclaims.yaml`."""

from typing import Literal

from .cel import Transition
from .nodes import RESTRICTED_KEYS, NodeSpec, node_rules
from .part import Part
from .patterns import Quantity
from .resource import Resource


class NodeResources(Part):
    """What the node must have room for."""

    requests: dict[str, Quantity] | None = None


class NodeClaimSpec(NodeSpec):
    """One node as it was asked for."""

    resources: NodeResources | None = None


class NodeClaim(Resource):
    """One node that Karpenter makes, and holds by the finalizer karpenter.sh/termination until its instance is gone."""

    plural = "nodeclaims"
    rules = tuple(node_rules("spec", RESTRICTED_KEYS))
    transitions = (Transition("spec", "spec is immutable", lambda old, new: new == old),)

    api_version: Literal["karpenter.sh/v1"] = "karpenter.sh/v1"
    kind: Literal["NodeClaim"] = "NodeClaim"
    spec: NodeClaimSpec
