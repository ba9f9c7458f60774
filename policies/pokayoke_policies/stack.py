"""All resources of a stack, as a graph of plain data.

An engine hands a stack policy outputs only. In a preview those of a resource whose provider is not configured yet are
empty (every object of a cluster that is still to be made), and a value that the service fills in cannot be told from
one that is not known. So the inputs, which the engine showed resource by resource before, are remembered.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pulumi_policy import PolicyResource

from .raw import UNKNOWN

Properties = Mapping[str, Any]


class Inputs:
    """The inputs of the resources that the engine has shown, by URN."""

    def __init__(self) -> None:
        self._shown: dict[str, Any] = {}

    def remember(self, urn: str, properties: Any) -> None:
        """Keeps a resource's inputs, in place of those of an earlier act."""
        self._shown[urn] = properties

    def joined(self, urn: str, outputs: Properties, plain: Callable[[Any], Properties]) -> Properties:
        """What a resource says: its outputs as far as they are known, else its inputs; where its inputs were never
        shown, its outputs alone."""
        if urn not in self._shown:
            return outputs
        known = {key: value for key, value in outputs.items() if value is not UNKNOWN}
        return {**plain(self._shown[urn]), **known}


@dataclass(frozen=True)
class Member:
    """One resource: what it says and what it leans on. `UNKNOWN` stands for what only `up` will tell; what only the
    service will fill in is absent until then."""

    urn: str
    type: str
    tell: Callable[[], Properties]
    parent: str | None = None
    dependencies: tuple[str, ...] = ()
    """The URNs of what must be there before, as the program said it."""
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """By property, the URNs of the resources from which its value comes: known even where the value is not."""
    provider: str | None = None
    provider_properties: Callable[[], Properties] = dict

    @cached_property
    def properties(self) -> Properties:
        """What the resource says, asked for once."""
        return self.tell()


class Stack:
    """The resources of a stack by URN, and what follows from how they lean on one another."""

    def __init__(self, members: Iterable[Member]) -> None:
        # An engine hands them out in any order; what is said of them shall not depend on it.
        self.members = {member.urn: member for member in sorted(members, key=lambda member: member.urn)}
        self._reached: dict[str, frozenset[str]] = {}

    @classmethod
    def of(cls, resources: Iterable[PolicyResource], inputs: Inputs, plain: Callable[[Any], Properties]) -> "Stack":
        """The stack as the SDK hands it out."""
        return cls(_member(resource, inputs, plain) for resource in resources)

    def of_type(self, *types: str) -> Iterator[Member]:
        """The resources of these types."""
        return (member for member in self.members.values() if member.type in types)

    def of_package(self, package: str) -> Iterator[Member]:
        """The resources of this package."""
        return (member for member in self.members.values() if member.type.startswith(f"{package}:"))

    def behind(self, urn: str) -> frozenset[str]:
        """All that is there before this resource: what it and the components around it lean on, their providers, and
        so on. A component stands for what it holds."""
        known = self._reached.get(urn)
        if known is None:
            known = self._reached[urn] = frozenset(self._walk(urn))
        return known

    def inside(self, urns: Iterable[str], kind: str) -> set[str]:
        """Those of the resources, and of what is in those that are components, which are of this type."""
        found: set[str] = set()
        pending = list(urns)
        while pending:
            urn = pending.pop()
            member = self.members.get(urn)
            if member is not None and member.type == kind:
                found.add(urn)
            pending.extend(self._children.get(urn, ()))
        return found

    def _walk(self, start: str) -> set[str]:
        seen = {start}
        pending = [start]
        while pending:
            member = self.members.get(pending.pop())
            if member is None:
                continue
            before = [*member.dependencies, *([member.provider] if member.provider else [])]
            around = self.members.get(member.parent) if member.parent else None
            while around is not None:
                before += around.dependencies
                around = self.members.get(around.parent) if around.parent else None
            for urn in before:
                for one in (urn, *self._within(urn)):
                    if one not in seen:
                        seen.add(one)
                        pending.append(one)
        return seen - {start}

    def _within(self, urn: str) -> Iterator[str]:
        for child in self._children.get(urn, ()):
            yield child
            yield from self._within(child)

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        """What is in each component."""
        children: dict[str, list[str]] = {}
        for member in self.members.values():
            if member.parent:
                children.setdefault(member.parent, []).append(member.urn)
        return children


def _member(resource: PolicyResource, inputs: Inputs, plain: Callable[[Any], Properties]) -> Member:
    return Member(
        urn=resource.urn,
        type=resource.resource_type,
        tell=lambda: inputs.joined(resource.urn, plain(resource.props), plain),
        parent=resource.parent.urn if resource.parent else None,
        dependencies=tuple(one.urn for one in resource.dependencies),
        sources={key: tuple(one.urn for one in found) for key, found in resource.property_dependencies.items()},
        provider=resource.provider.urn if resource.provider else None,
        provider_properties=(lambda given=resource.provider: plain(given.props)) if resource.provider else dict,
    )
