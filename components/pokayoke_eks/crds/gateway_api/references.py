"""What a route refers to: the Gateways it attaches to, the backends it sends to. Source: Gateway API v1.6.1."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from ..cel import Rule, every, has, only_one
from ..constraints import Int32
from ..part import Part
from .names import Group, KindName, NamespaceName, ObjectName, PortNumber, SectionName


class ParentReference(Part):
    """The Gateway that a route attaches to, or one listener of it (`section_name`)."""

    group: Group = "gateway.networking.k8s.io"
    kind: KindName = "Gateway"
    name: ObjectName
    namespace: NamespaceName | None = None
    section_name: SectionName | None = None
    port: PortNumber | None = None


class BackendObjectReference(Part):
    """An object that takes requests: a Service, with its port, unless another kind is stated."""

    group: Group = ""
    kind: KindName = "Service"
    name: ObjectName
    namespace: NamespaceName | None = None
    port: PortNumber | None = None


class BackendReference(BackendObjectReference):
    """A backend with its share of the requests: its weight of the sum of all weights."""

    weight: Annotated[Int32, Field(ge=0, le=1_000_000)] = 1


ParentReferences = Annotated[tuple[ParentReference, ...], Field(max_length=32)]


def parent_rules(path: str) -> Sequence[Rule]:
    """The rules on the parents of a route."""
    return (
        Rule(
            path,
            "sectionName must be specified when parentRefs includes 2 or more references to the same parent",
            lambda parents: every(parents, lambda a: every(parents, lambda b: not _same(a, b) or _alike(a, b))),
        ),
        Rule(
            path,
            "sectionName must be unique when parentRefs includes 2 or more references to the same parent",
            lambda parents: every(
                parents,
                lambda a: only_one(
                    parents, lambda b: _same(a, b) and a.get("sectionName", "") == b.get("sectionName", "")
                ),
            ),
        ),
    )


def backend_rules(path: str) -> Sequence[Rule]:
    """The rule on a backend."""
    return (Rule(path, "Must have port for Service reference", _service_has_port),)


def _service_has_port(backend: Mapping[str, Any]) -> bool:
    return not (len(backend["group"]) == 0 and backend["kind"] == "Service") or has(backend, "port")


def _same(one_parent: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one_parent[name] == other[name] for name in ("group", "kind", "name")) and (
        one_parent.get("namespace", "") == other.get("namespace", "")
    )


def _alike(one_parent: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return (one_parent.get("sectionName", "") == "") == (other.get("sectionName", "") == "")
