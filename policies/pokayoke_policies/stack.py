"""All resources of a stack, as a graph of plain data.

An engine hands a stack policy outputs only. In a preview those of a resource whose provider is not configured yet are
empty (every object of a cluster that is still to be made), and a value that the service fills in cannot be told from
one that is not known. So the inputs, which the engine showed resource by resource before, are remembered.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any, TypeVar, TypeVarTuple

from pulumi_policy import PolicyResource

from pokayoke_eks.rules.finding import Finding

from . import native
from .order import Graph, Order, Urns
from .raw import UNKNOWN

Properties = Mapping[str, Any]
Of = TypeVarTuple("Of")
Worked = TypeVar("Worked")
_IDENTITIES = ("id", "arn", "name", "identifier")


class Shown:
    """What the engine has shown, for all policies of a pack: inputs by URN, and the stack, put together once."""

    def __init__(self) -> None:
        self._inputs: dict[str, Any] = {}
        self._last: tuple[list[int], Stack] = [], Stack(())
        self.goes_on = False
        """Whether nothing is handed out next time, as it is the same as before."""

    def remember(self, urn: str, properties: Any) -> None:
        """Keeps a resource's inputs, in place of those of an earlier act."""
        self._inputs[urn] = properties

    def stack(self, resources: Sequence[PolicyResource], plain: Callable[[Any], Properties]) -> "Stack":
        """The stack as the SDK hands it out. Where it hands out the same to another policy, the same stack."""
        if self.goes_on:
            self.goes_on = False
            return self._last[1]
        # The stack holds on to the properties, so that no other object takes their identity.
        identities = [id(resource.props) for resource in resources]
        if self._last[0] != identities:
            self._last = identities, Stack(self._member(resource, plain) for resource in resources)
        return self._last[1]

    def _member(self, resource: PolicyResource, plain: Callable[[Any], Properties]) -> "Member":
        provider = resource.provider
        return Member(
            urn=resource.urn,
            type=resource.resource_type,
            tell=lambda: self._joined(resource.urn, plain(resource.props), plain),
            parent=resource.parent.urn if resource.parent else None,
            dependencies=tuple(one.urn for one in resource.dependencies),
            sources={key: tuple(one.urn for one in found) for key, found in resource.property_dependencies.items()},
            provider=provider.urn if provider else None,
            provider_properties=(lambda: plain(provider.props)) if provider else dict,
            protected=bool(resource.opts.protect),
        )

    def _joined(self, urn: str, outputs: Properties, plain: Callable[[Any], Properties]) -> Properties:
        """What a resource says: its outputs as far as they are known, else its inputs; where its inputs were never
        shown, its outputs alone."""
        if urn not in self._inputs:
            return outputs
        known = {key: value for key, value in outputs.items() if value is not UNKNOWN}
        return {**plain(self._inputs[urn]), **known}


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
    protected: bool = False
    """Whether Pulumi refuses to delete it."""

    @cached_property
    def properties(self) -> Properties:
        """What the resource says, asked for once."""
        return self.tell()


class Stack:
    """The resources of a stack by URN, and what follows from how they lean on one another."""

    def __init__(self, members: Iterable[Member]) -> None:
        # An engine hands them out in any order; what is said of them shall not depend on it.
        self.written = {member.urn: member for member in sorted(members, key=lambda member: member.urn)}
        """As the program has them; in `members` what is of `aws-native` is of `aws`."""
        self.members = {urn: _as_aws(member) for urn, member in self.written.items()}
        self._worked_out: dict[Hashable, Any] = {}

    def in_own_words(self, urn: str, finding: Finding) -> Finding:
        """What is found of a resource, with the names that its properties have in the program."""
        member = self.written.get(urn)
        shape = native.SHAPES.get(member.type) if member else None
        return shape.in_own_words(finding) if shape else finding

    def of_type(self, *types: str) -> Iterator[Member]:
        """The resources of these types."""
        return (member for kind in types for member in self._by_type.get(kind, ()))

    def of_package(self, package: str) -> Iterator[Member]:
        """The resources of this package."""
        return iter(self._by_package.get(package, ()))

    def behind(self, *urns: str) -> Urns:
        """All that is there before one of these resources: what it and those around it lean on, those around it
        themselves, their providers, and so on. A component that is leaned on stands for what it holds."""
        return self._order.behind(*urns)

    def is_after(self, urn: str, others: Urns) -> bool:
        """Whether one of the others is there before a resource, or is it."""
        return urn in others or self.behind(urn).meets(others)

    def among(self, urns: Iterable[str]) -> Urns:
        """Some of the resources, to be met with what is behind others."""
        return self._order.among(urns)

    def way(self, start: str, end: str) -> list[str]:
        """The shortest way on which `start` leans on `end`, both included; empty where there is none."""
        came_from = self.once(_walk, start)
        if end not in came_from:
            return []
        way = [end]
        while way[-1] != start:
            way.append(came_from[way[-1]])
        return way[::-1]

    def inside(self, urns: Iterable[str], kind: str) -> set[str]:
        """Those of the resources, and of what is in those that are components, which are of this type."""
        return {found for urn in urns for found in self.once(_inside, urn, kind)}

    def around(self, urn: str) -> Iterator[Member]:
        """The resource's parent, the parent's parent, and so on."""
        seen: set[str] = set()
        member = self.members.get(urn)
        while member is not None and member.parent and member.parent not in seen:
            seen.add(member.parent)
            member = self.members.get(member.parent)
            if member is not None:
                yield member

    @cached_property
    def named(self) -> dict[str, list[Member]]:
        """Resources of AWS by the texts by which others refer to them, as far as they are known: id, ARN, name."""
        found: dict[str, list[Member]] = {}
        for member in self.of_package("aws"):
            said = member.properties
            for text in {value for key in _IDENTITIES if isinstance(value := said.get(key), str)}:
                found.setdefault(text, []).append(member)
        return found

    @cached_property
    def _order(self) -> Order:
        return Order(_leaning(self.members, self._children))

    @cached_property
    def _by_type(self) -> dict[str, list[Member]]:
        found: dict[str, list[Member]] = {}
        for member in self.members.values():
            found.setdefault(member.type, []).append(member)
        return found

    @cached_property
    def _by_package(self) -> dict[str, list[Member]]:
        found: dict[str, list[Member]] = {}
        for member in self.members.values():
            found.setdefault(member.type.partition(":")[0], []).append(member)
        return found

    def once(self, work: "Callable[[Stack, *Of], Worked]", *of: *Of) -> "Worked":
        """What a function works out of the stack and what else it is told: worked out once, for all policies."""
        asked = (work, of)
        if asked not in self._worked_out:
            self._worked_out[asked] = work(self, *of)
        return self._worked_out[asked]

    def within(self, urn: str) -> Iterator[str]:
        """What is in a component, and in what is in it."""
        for child in self._children.get(urn, ()):
            yield child
            yield from self.within(child)

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        """What is in each component."""
        children: dict[str, list[str]] = {}
        for member in self.members.values():
            if member.parent:
                children.setdefault(member.parent, []).append(member.urn)
        return children


def _as_aws(member: Member) -> Member:
    shape = native.SHAPES.get(member.type)
    if shape is None:
        return member
    return replace(
        member,
        type=shape.type,
        tell=lambda: shape.read(member.properties),
        sources=shape.sources(member.sources, member.properties),
    )


def _leaning(members: Mapping[str, Member], children: Mapping[str, Sequence[str]]) -> Graph:
    """What each resource leans on, and those around it; what is in a component goes by the component's URN in a tuple,
    so that many may lean on many."""
    graph: dict[Hashable, list[Hashable]] = {}
    for urn, held in children.items():
        graph[(urn,)] = [*held, *((one,) for one in held if one in children)]
    for urn, member in members.items():
        leant_on = dict.fromkeys((*member.dependencies, *chain(*member.sources.values()), member.provider))
        around = member.parent if member.parent in members else None
        inside = [(one,) for one in leant_on if one in children]
        graph[urn] = [one for one in (*leant_on, *inside, around) if one]
    return graph


def _inside(stack: Stack, urn: str, kind: str) -> list[str]:
    around = (urn, *stack.within(urn))
    return [one for one in around if one in stack.members and stack.members[one].type == kind]


def _walk(stack: Stack, start: str) -> dict[str, str]:
    """Where each resource behind `start` was come from, nearest first."""
    came_from = {start: start}
    pending = deque([start])
    while pending:
        at = pending.popleft()
        for urn in stack.once(_before, at):
            if urn not in came_from:
                came_from[urn] = at
                pending.append(urn)
    return came_from


def _before(stack: Stack, urn: str) -> tuple[str, ...]:
    """What is there right before a resource."""
    member = stack.members.get(urn)
    if member is None:
        return ()
    around = list(stack.around(urn))
    leant_on = [other for one in (member, *around) for other in (*one.dependencies, *chain(*one.sources.values()))]
    if member.provider:
        leant_on.append(member.provider)
    before = [inner for other in leant_on for inner in (other, *stack.within(other))]
    return tuple(dict.fromkeys((*before, *(one.urn for one in around))))
