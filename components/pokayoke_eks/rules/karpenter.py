"""What the API server takes of a NodePool or an EC2NodeClass although it is wrong.

The functions judge raw manifests, whoever wrote them: parts that are missing, unknown yet or of a wrong type are no
concern of theirs (`crds` refuses those).
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ..crds import AWS_LABELS, CORE_LABELS
from .finding import Finding, shown

UNBOUNDED = "unbounded-instance-size"
INCOMPATIBLE = "incompatible-requirements"
SECURITY_GROUPS = "security-group-selector"
SUBNETS = "subnet-tags-missing"

CAPACITY_TYPE = "karpenter.sh/capacity-type"
CAPACITY_TYPES = ("on-demand", "reserved", "spot")
"""Karpenter v1.14 documentation, NodePools, "Capacity Type"."""

WELL_KNOWN_KEYS = AWS_LABELS | {
    CAPACITY_TYPE,
    "kubernetes.io/arch",
    "kubernetes.io/os",
    "node.kubernetes.io/instance-type",
    "node.kubernetes.io/windows-build",
    "topology.k8s.aws/zone-id",
    "topology.kubernetes.io/region",
    "topology.kubernetes.io/zone",
}
"""The keys that Karpenter knows by the instance types. Source: Karpenter v1.14 documentation, "Well-Known Labels", and
`pkg/apis/v1/labels.go` of kubernetes-sigs/karpenter and of aws/karpenter-provider-aws."""

# Old names, which Karpenter reads as the new ones (`NormalizedLabels`, same source).
_ALIASES = {
    "beta.kubernetes.io/arch",
    "beta.kubernetes.io/instance-type",
    "beta.kubernetes.io/os",
    "failure-domain.beta.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone",
}

SIZE_KEYS = (
    "node.kubernetes.io/instance-type",
    "karpenter.k8s.aws/instance-cpu",
    "karpenter.k8s.aws/instance-memory",
    "karpenter.k8s.aws/instance-size",
)
"""The keys whose list of values (`In`) says how large a node can be."""

_RESERVED_DOMAINS = ("k8s.aws", "k8s.io", "karpenter.sh", "kubernetes.io")
_FREE_DOMAINS = ("kops.k8s.io", "node-restriction.kubernetes.io")
_SELECTORS = {"subnetSelectorTerms": SUBNETS, "securityGroupSelectorTerms": SECURITY_GROUPS}


@dataclass(frozen=True, slots=True)
class Objection:
    """A finding, and where in the manifest it was made."""

    path: str
    finding: Finding

    def __str__(self) -> str:
        return str(self.placed)

    @property
    def placed(self) -> Finding:
        """The finding, which says where."""
        return self.finding.at(f"{self.path}: ")


def node_pool_objections(node_pool: Mapping[str, Any]) -> list[Objection]:
    """All that is wrong with a NodePool."""
    return [
        *unknown_capacity_types(node_pool),
        *unknown_label_keys(node_pool),
        *unbounded_instance_size(node_pool),
    ]


def selector_objections(node_class: Mapping[str, Any]) -> list[Objection]:
    """All that is wrong with the selectors of an EC2NodeClass."""
    return [*empty_selectors(node_class), *mixed_selectors(node_class)]


def empty_selectors(node_class: Mapping[str, Any]) -> Iterator[Objection]:
    """Terms that select by no tag at all: Karpenter takes every subnet, or group, of the region for such a one."""
    for path, slug, term in _terms(node_class):
        if term.get("tags") == {} and not term.get("id") and not term.get("name"):
            finding = Finding(
                "an empty list of tags selects whatever is there",
                "Select by id: {id: IDENTIFIER}, or by tags that only they carry.",
                slug,
            )
            yield Objection(f"{path}.tags", finding)


def mixed_selectors(node_class: Mapping[str, Any]) -> Iterator[Objection]:
    """Terms with an id and something else: the server refuses them only when every term of the list is such a one."""
    for path, slug, term in _terms(node_class):
        others = [name for name in ("name", "tags") if name in term]
        if "id" in term and others:
            finding = Finding(
                f"'id' and '{others[0]}' exclude one another",
                "Make two terms of it: [{id: IDENTIFIER}, {tags: {KEY: VALUE}}].",
                slug,
            )
            yield Objection(path, finding)


def unknown_capacity_types(node_pool: Mapping[str, Any]) -> Iterator[Objection]:
    """Capacity types that no instance has: no node can ever come."""
    for path, requirement in _requirements(node_pool):
        if requirement.get("key") != CAPACITY_TYPE:
            continue
        for index, value in enumerate(_list(requirement.get("values"))):
            if isinstance(value, str) and value not in CAPACITY_TYPES:
                finding = Finding(
                    f"there is no capacity type {shown(value)}", f"Write {_listed(CAPACITY_TYPES)}.", INCOMPATIBLE
                )
                yield Objection(f"{path}.values[{index}]", finding)


def unknown_label_keys(node_pool: Mapping[str, Any]) -> Iterator[Objection]:
    """Keys that look like Karpenter's or Kubernetes' own and are not: they select nothing, or are refused later."""
    for path, requirement in _requirements(node_pool):
        key = requirement.get("key")
        if isinstance(key, str) and _is_reserved(key) and key not in WELL_KNOWN_KEYS | CORE_LABELS | _ALIASES:
            finding = Finding(f"no node has the label {shown(key)}", _nearest(key), INCOMPATIBLE)
            yield Objection(f"{path}.key", finding)


def unbounded_instance_size(node_pool: Mapping[str, Any]) -> Iterator[Objection]:
    """A pool that may bring nodes of any size, or any number of them."""
    spec = _map(node_pool.get("spec"))
    requirements = [requirement for _, requirement in _requirements(node_pool)]
    if not any(_bounds_size(requirement) for requirement in requirements):
        open_ranges = [one for one in requirements if one.get("key") in SIZE_KEYS]
        said = "; ".join(f"{one['key']} {one.get('operator')} is an open range" for one in open_ranges)
        finding = Finding(
            said or "nothing says how large a node may be",
            'Add {key: karpenter.k8s.aws/instance-cpu, operator: In, values: ["2", "4"]}, or list the instance types.',
            UNBOUNDED,
        )
        yield Objection("spec.template.spec.requirements", finding)
    if "replicas" not in spec and "cpu" not in _map(spec.get("limits")):
        finding = Finding("no limit on cpu", "Set limits: {cpu: '32'}: the sum over the pool's nodes.", UNBOUNDED)
        yield Objection("spec.limits", finding)


def _bounds_size(requirement: Mapping[str, Any]) -> bool:
    return (
        requirement.get("key") in SIZE_KEYS
        and requirement.get("operator") == "In"
        and bool(_list(requirement.get("values")))
    )


def _nearest(key: str) -> str:
    names = {_parts(known)[1]: known for known in sorted(WELL_KNOWN_KEYS)}
    close = difflib.get_close_matches(_parts(key)[1], names)
    return f"Did you mean '{names[close[0]]}'?" if close else "Use a well-known key, or a domain of your own."


def _is_reserved(key: str) -> bool:
    domain, _ = _parts(key)
    return _is_in(domain, _RESERVED_DOMAINS) and not _is_in(domain, _FREE_DOMAINS)


def _parts(key: str) -> tuple[str, str]:
    domain, _, name = key.rpartition("/")
    return domain, name


def _is_in(domain: str, domains: Sequence[str]) -> bool:
    return any(domain == one or domain.endswith(f".{one}") for one in domains)


def _terms(node_class: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    spec = _map(node_class.get("spec"))
    for name, slug in _SELECTORS.items():
        for index, term in enumerate(_list(spec.get(name))):
            yield f"spec.{name}[{index}]", slug, _map(term)


def _requirements(node_pool: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    spec = _map(_map(_map(node_pool.get("spec")).get("template")).get("spec"))
    for index, requirement in enumerate(_list(spec.get("requirements"))):
        yield f"spec.template.spec.requirements[{index}]", _map(requirement)


def _map(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[Any]:
    return cast("Sequence[Any]", value) if isinstance(value, list | tuple) else ()


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
