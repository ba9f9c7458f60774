"""What a NodePool's template and a NodeClaim say of a node. Source: Karpenter v1.14.1, CRDs of karpenter.sh/v1."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from .cel import Rule, at, every, get, has, integer
from .constraints import DateTime, Int, Pattern
from .part import Part
from .patterns import Duration, DurationOrNever, QualifiedName

Operator = Literal["Gte", "Lte", "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]

CORE_LABELS = frozenset({"karpenter.sh/capacity-type", "karpenter.sh/nodepool"})
"""The keys under karpenter.sh that Karpenter's core defines."""

AWS_LABELS = frozenset(
    f"karpenter.k8s.aws/{name}"
    for name in (
        "capacity-reservation-id",
        "capacity-reservation-interruptible",
        "capacity-reservation-type",
        "ec2nodeclass",
        "instance-accelerator-count",
        "instance-accelerator-manufacturer",
        "instance-accelerator-name",
        "instance-capability-flex",
        "instance-category",
        "instance-cpu",
        "instance-cpu-manufacturer",
        "instance-cpu-sustained-clock-speed-mhz",
        "instance-ebs-bandwidth",
        "instance-encryption-in-transit-supported",
        "instance-family",
        "instance-generation",
        "instance-gpu-count",
        "instance-gpu-manufacturer",
        "instance-gpu-memory",
        "instance-gpu-name",
        "instance-hypervisor",
        "instance-local-nvme",
        "instance-memory",
        "instance-network-bandwidth",
        "instance-size",
        "instance-tenancy",
        "placement-group-id",
        "placement-group-partition",
    )
)
"""The keys under karpenter.k8s.aws that the CRD takes. Upstream's documentation lists instance-pods too, wrongly."""


class NodeClassReference(Part):
    """Which object says how a node is made by the cloud."""

    group: Annotated[str, Pattern(r"^[^/]*$")]
    kind: str
    name: str


class Requirement(Part):
    """What the label `key` of a node must say. Numbers are texts: `Gt`, `Lt`, `Gte` and `Lte` take exactly one."""

    key: Annotated[QualifiedName, Field(max_length=316)]
    operator: Operator
    values: tuple[str, ...] | None = None
    min_values: Annotated[Int, Field(ge=1, le=50)] | None = None


class Taint(Part):
    """What keeps pods without a matching toleration off a node."""

    key: Annotated[QualifiedName, Field(min_length=1)]
    value: QualifiedName | None = None
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]
    time_added: DateTime | None = None


class NodeSpec(Part):
    """How a node is to be, and how long it may live."""

    node_class_ref: NodeClassReference
    requirements: Annotated[tuple[Requirement, ...], Field(max_length=100)]
    taints: tuple[Taint, ...] | None = None
    startup_taints: tuple[Taint, ...] | None = None
    expire_after: DurationOrNever = "720h"
    termination_grace_period: Duration | None = None


KeyRule = tuple[str, Callable[[str], bool]]
"""What a label's key must not be: message, and whether a key keeps to it."""


def node_rules(spec: str, restricted: Sequence[KeyRule]) -> Sequence[Rule]:
    """The rules on a `NodeSpec` that stands at a path, of whose requirements these keys are restricted."""
    reference = f"{spec}.nodeClassRef"
    return (
        *(Rule(f"{reference}.{name}", f"{name} may not be empty", _is_not_empty) for name in ("group", "kind", "name")),
        Rule(f"{spec}.requirements", "requirements with operator 'In' must have a value defined", _in_has_values),
        Rule(
            f"{spec}.requirements",
            "requirements operator 'Gt', 'Lt', 'Gte', or 'Lte' must have a single positive integer value",
            _comparisons_have_a_number,
        ),
        Rule(
            f"{spec}.requirements",
            "requirements with 'minValues' must have at least that many values specified in the 'values' field",
            _min_values_are_there,
        ),
        *(Rule(f"{spec}.requirements[].key", message, keeps) for message, keeps in restricted),
    )


def _is_not_empty(value: str) -> bool:
    return value != ""


def _in_has_values(requirements: list[dict[str, Any]]) -> bool:
    return every(requirements, lambda one: one["operator"] != "In" or len(get(one, "values")) != 0)


def _comparisons_have_a_number(requirements: list[dict[str, Any]]) -> bool:
    def one_number(one: dict[str, Any]) -> bool:
        values = get(one, "values")
        return len(values) == 1 and integer(at(values, 0)) >= 0

    return every(requirements, lambda one: one["operator"] not in ("Gt", "Lt", "Gte", "Lte") or one_number(one))


def _min_values_are_there(requirements: list[dict[str, Any]]) -> bool:
    def enough(one: dict[str, Any]) -> bool:
        return len(get(one, "values")) >= one["minValues"]

    return every(requirements, lambda one: not (one["operator"] == "In" and has(one, "minValues")) or enough(one))


def _is_free_of(domain: str, known: frozenset[str]) -> Callable[[str], bool]:
    def keeps(key: str) -> bool:
        prefix = re.match(r"[^/]+", key)
        return key in known or prefix is None or not prefix.group().endswith(domain)

    return keeps


def _is_not_hostname(key: str) -> bool:
    return key != "kubernetes.io/hostname"


RESTRICTED_KEYS: Sequence[KeyRule] = (
    ('label domain "karpenter.sh" is restricted', _is_free_of("karpenter.sh", CORE_LABELS)),
    ('label "kubernetes.io/hostname" is restricted', _is_not_hostname),
    ('label domain "karpenter.k8s.aws" is restricted', _is_free_of("karpenter.k8s.aws", AWS_LABELS)),
)
"""What no label's key of a node may be."""
