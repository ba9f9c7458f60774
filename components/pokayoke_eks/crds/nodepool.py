"""NodePool, karpenter.sh/v1. Source: Karpenter v1.14.1, `karpenter.sh_nodepools.yaml`."""

from typing import Annotated, Any, Literal

from pydantic import Field

from .cel import Rule, Transition, every, has
from .constraints import Int32, Int64, Pattern, SetOfItems
from .nodes import RESTRICTED_KEYS, NodeSpec, node_rules
from .part import Part
from .patterns import DurationOrNever, LabelValue, Quantity
from .resource import Resource

DisruptionReason = Literal["Underutilized", "Empty", "Drifted"]
ConsolidationPolicy = Literal["WhenEmpty", "WhenEmptyOrUnderutilized", "Balanced"]


class Budget(Part):
    """How many nodes may go at once: always, or from `schedule` (UTC) on for `duration`; for all reasons or some."""

    nodes: Annotated[str, Pattern(r"^((100|[0-9]{1,2})%|[0-9]+)$")] = "10%"
    reasons: Annotated[tuple[DisruptionReason, ...], Field(max_length=50), SetOfItems()] | None = None
    schedule: (
        Annotated[
            str,
            Pattern(r"^(@(annually|yearly|monthly|weekly|daily|midnight|hourly))|((.+)\s(.+)\s(.+)\s(.+)\s(.+))$"),
        ]
        | None
    ) = None
    duration: Annotated[str, Pattern(r"^((([0-9]+(h|m))|([0-9]+h[0-9]+m))(0s)?)$")] | None = None


class Disruption(Part):
    """When Karpenter may take nodes away by itself. Budgets never hold back expiry."""

    consolidate_after: DurationOrNever
    consolidation_policy: ConsolidationPolicy = "WhenEmptyOrUnderutilized"
    budgets: Annotated[tuple[Budget, ...], Field(max_length=50)] = (Budget(nodes="10%"),)


class NodeMetadata(Part):
    """Labels and annotations that every node of the pool gets."""

    labels: Annotated[dict[str, LabelValue], Field(max_length=100)] | None = None
    annotations: dict[str, str] | None = None


class NodeTemplate(Part):
    """What every node of the pool is made from. A change replaces the nodes (drift)."""

    metadata: NodeMetadata | None = None
    spec: NodeSpec


class NodePoolSpec(Part):
    """Nodes that come and go with the pods, within `limits`; or, with `replicas`, as many as it says."""

    template: NodeTemplate
    disruption: Disruption = Disruption(consolidate_after="0s")
    limits: dict[str, Quantity] | None = None
    weight: Annotated[Int32, Field(ge=1, le=100)] | None = None
    replicas: Annotated[Int64, Field(ge=0)] | None = None


def _is_not_nodepool(key: str) -> bool:
    return key != "karpenter.sh/nodepool"


def _only_nodes_are_limited(spec: dict[str, Any]) -> bool:
    limits = spec.get("limits", {})
    return not has(spec, "replicas") or len(limits) == 0 or (len(limits) == 1 and "nodes" in limits)


def _schedule_and_duration(budgets: list[dict[str, Any]]) -> bool:
    return every(budgets, lambda one: has(one, "schedule") == has(one, "duration"))


_RESTRICTED = (*RESTRICTED_KEYS, ('label "karpenter.sh/nodepool" is restricted', _is_not_nodepool))
_REFERENCE = "spec.template.spec.nodeClassRef"


class NodePool(Resource):
    """Which nodes Karpenter may make, how many, and when it may take them away. Cluster-scoped."""

    plural = "nodepools"
    scalable = True
    rules = (
        Rule("spec", "only 'limits.nodes' is supported on static NodePools", _only_nodes_are_limited),
        Rule(
            "spec",
            "'weight' is not supported on static NodePools",
            lambda spec: not has(spec, "replicas") or not has(spec, "weight"),
        ),
        Rule("spec.disruption.budgets", "'schedule' must be set with 'duration'", _schedule_and_duration),
        *(
            Rule("spec.template.metadata.labels", message, lambda labels, keeps=keeps: every(labels, keeps))
            for message, keeps in _RESTRICTED
        ),
        *node_rules("spec.template.spec", _RESTRICTED),
    )
    transitions = (
        Transition(
            "spec",
            "Cannot transition NodePool between static (replicas set) and dynamic (replicas unset) provisioning modes",
            lambda old, new: has(new, "replicas") == has(old, "replicas"),
        ),
        Transition(_REFERENCE, "nodeClassRef.group is immutable", lambda old, new: new["group"] == old["group"]),
        Transition(_REFERENCE, "nodeClassRef.kind is immutable", lambda old, new: new["kind"] == old["kind"]),
    )

    api_version: Literal["karpenter.sh/v1"] = "karpenter.sh/v1"
    kind: Literal["NodePool"] = "NodePool"
    spec: NodePoolSpec
