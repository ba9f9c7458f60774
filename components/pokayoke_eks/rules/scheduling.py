"""Whether some node can come, or is there, on which a pod may run.

Source: Kubernetes documentation, "Assigning Pods to Nodes"; Karpenter v1.14 documentation, "Scheduling" and
"Well-Known Labels": of the labels that Karpenter knows by the instance types a pool need not speak; any other label
must be one that the pool gives. What cannot be known here (zones, devices, prices) keeps no pod off.
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from ..instances import InstanceType, instance_type, names
from .architectures import kubernetes_name
from .finding import Finding
from .pools import INCOMPATIBLE
from .quantities import quantity
from .taints import BLOCKING, Taint

TYPE = "node.kubernetes.io/instance-type"
POOL = "karpenter.sh/nodepool"
_AWS, _AUTO = "karpenter.k8s.aws/", "eks.amazonaws.com/"
_KNOWN_DOMAINS = ("kubernetes.io", "k8s.io", "karpenter.sh", "karpenter.k8s.aws", "eks.amazonaws.com", "k8s.aws")
_DERIVED_NAMES = ("family", "size", "cpu", "memory", "category", "generation")
_DERIVED = {TYPE, "kubernetes.io/arch"} | {
    f"{domain}instance-{name}" for domain in (_AWS, _AUTO) for name in _DERIVED_NAMES
}
"""The labels that follow from an instance type. Its system does not: that is the image's (Karpenter, examples/v1,
windows-2022.yaml)."""
_CATEGORY = re.compile(r"([a-z]+)(\d*)", re.ASCII)
_COMPARED: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "Gt": operator.gt,
    "Gte": operator.ge,
    "Lt": operator.lt,
    "Lte": operator.le,
}
"""Pods know the strict ones only; `Gte` and `Lte` are Karpenter's (CRD of NodePool, v1.14)."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a label's value must be, or must not."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def allows(self, value: str | None) -> bool:
        """Whether a node with this value, or without the label (None), meets it."""
        if self.operator in ("Exists", "DoesNotExist"):
            return (value is not None) == (self.operator == "Exists")
        if self.operator in ("In", "NotIn"):
            return (value in self.values) == (self.operator == "In")
        number, bound = quantity(value), quantity(self.values[0]) if self.values else None
        compare = _COMPARED.get(self.operator)
        # What is no operator at all is left to the API server.
        return compare is None or (number is not None and bound is not None and compare(number, bound))

    @property
    def asks_for_the_label(self) -> bool:
        """Whether no node without the label meets it."""
        return self.operator not in ("NotIn", "DoesNotExist")


@dataclass(frozen=True)
class Nodes:
    """Nodes that are alike: a pool's that may come, or a group's. `types` is None where any instance type may be."""

    name: str
    requirements: tuple[Requirement, ...] = ()
    taints: tuple[Taint, ...] = ()
    types: tuple[str, ...] | None = None
    is_pool: bool = True
    free_labels: bool = False
    """Whether they may have labels of which nothing is known."""


@dataclass(frozen=True)
class Pod:
    """What a pod asks of its node. Each of `terms` alone would do; amounts are cores and bytes."""

    terms: tuple[tuple[Requirement, ...], ...] = ((),)
    tolerations: Sequence[Mapping[str, Any]] | None = field(default_factory=tuple[Mapping[str, Any], ...])
    """None where they are not known: then no taint keeps it off."""
    cpu: Fraction = Fraction(0)
    memory: Fraction = Fraction(0)


def misfit(pod: Pod, nodes: Nodes) -> str | None:
    """Why nodes do not take a pod."""
    for taint in nodes.taints:
        if pod.tolerations is not None and taint.effect in BLOCKING and not taint.is_tolerated(pod.tolerations):
            return f"its taint {taint.key}:{taint.effect} is not tolerated"
    told = [_term_misfit(term, pod, nodes) for term in pod.terms]
    return None if None in told else told[0]


def types_that_meet(requirements: Iterable[Requirement], types: Iterable[str] | None = None) -> tuple[str, ...]:
    """Those of the types, or of all that are known, that requirements leave; a type that is not known stays."""
    asked = tuple(one for one in requirements if one.key in _DERIVED)
    return _left(asked, None if types is None else tuple(types))


@lru_cache(maxsize=4096)
def _left(asked: tuple[Requirement, ...], types: tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(name for name in (names() if types is None else types) if _meets(asked, _labels(name)))


@lru_cache(maxsize=4096)
def architectures_of_nodes(nodes: Nodes) -> frozenset[str]:
    """The architectures, as Kubernetes calls them, of the known instance types that nodes may be of."""
    left = types_that_meet(nodes.requirements, nodes.types)
    return frozenset(kubernetes_name(kind.architecture) for name in left if (kind := instance_type(name)))


def no_type(requirements: Sequence[Requirement]) -> Finding | None:
    """Why no node can come of a pool with these requirements; None where one of them speaks of what is not known."""
    listed = [one.values for one in requirements if one.key == TYPE and one.operator == "In"]
    if any(instance_type(name) is None for values in listed for name in values) or types_that_meet(requirements):
        return None
    return Finding(
        "its requirements exclude one another: no instance type meets them all",
        "Take out what does not go together, or list the instance types.",
        INCOMPATIBLE,
    )


def _term_misfit(term: tuple[Requirement, ...], pod: Pod, nodes: Nodes) -> str | None:
    for asked in term:
        if not _compatible(asked, nodes):
            return f"it has no {asked.key} that is asked for"
    left = types_that_meet((*term, *nodes.requirements), nodes.types)
    if not left:
        return "none of its instance types is one that is asked for"
    if any(kind is None or _holds(kind, pod) for kind in map(instance_type, left)):
        return None
    return "none of its instance types is large enough for the requests"


def _compatible(asked: Requirement, nodes: Nodes) -> bool:
    """Whether some value of a label meets a pod's requirement and the nodes' own."""
    own = [one for one in nodes.requirements if one.key == asked.key]
    if asked.key == POOL:
        return asked.allows(nodes.name if nodes.is_pool else None)
    if not own:
        return not asked.asks_for_the_label or nodes.free_labels or _is_of_others(asked.key, nodes)
    stated = [value for one in (*own, asked) if one.operator == "In" for value in one.values]
    if stated:
        return any(asked.allows(value) and all(one.allows(value) for one in own) for value in stated)
    return asked.asks_for_the_label or not any(one.operator == "Exists" for one in own)


def _is_of_others(key: str, nodes: Nodes) -> bool:
    """Whether a label comes from Kubernetes, Karpenter or EKS, and not from the pool or group."""
    of_karpenter = key.startswith(("karpenter.sh/", "karpenter.k8s.aws/"))
    return is_well_known(key) and (nodes.is_pool or not of_karpenter)


def is_well_known(key: str) -> bool:
    """Whether a label is one of those that Kubernetes, Karpenter or EKS give."""
    domain = key.rpartition("/")[0]
    return any(domain == one or domain.endswith(f".{one}") for one in _KNOWN_DOMAINS)


def _holds(kind: InstanceType, pod: Pod) -> bool:
    there = kind.allocatable()
    return pod.cpu * 1000 <= there.cpu and pod.memory <= there.memory * 2**20


def _meets(requirements: Iterable[Requirement], labels: Mapping[str, str]) -> bool:
    return all(one.allows(labels[one.key]) for one in requirements if one.key in labels)


@cache
def _labels(name: str) -> Mapping[str, str]:
    """Those labels, as far as the type is known."""
    kind = instance_type(name)
    if kind is None:
        return {TYPE: name}
    category, generation = _CATEGORY.findall(kind.family)[0]
    derived = {
        "instance-family": kind.family,
        "instance-size": name.split(".")[1],
        "instance-cpu": str(kind.vcpus),
        "instance-memory": str(kind.memory),
        "instance-category": category,
        "instance-generation": generation,
    }
    return {
        TYPE: name,
        "kubernetes.io/arch": kubernetes_name(kind.architecture),
        **{f"{domain}{key}": value for domain in (_AWS, _AUTO) for key, value in derived.items()},
    }
