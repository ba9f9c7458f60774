"""From what an act starts, and what it has seen so far."""

from dataclasses import dataclass, field

from . import urns
from .errors import EngineError
from .goal import Goal
from .graph import DependencyGraph
from .registry import Registry
from .state import Resource, Snapshot


class Base:
    """The state before the act, by URN and as a graph, and the providers that it names."""

    def __init__(self, snapshot: Snapshot, registry: Registry, project: str, stack: str) -> None:
        self.resources = snapshot.resources
        self.olds: dict[str, Resource] = {}
        for resource in snapshot.resources:
            if resource.delete:
                continue
            if resource.urn in self.olds:
                raise EngineError(f"unexpected duplicate resource '{resource.urn}'")
            self.olds[resource.urn] = resource
        self.graph = DependencyGraph(snapshot.resources)
        self.registry = registry
        self._project = project
        self._stack = stack

    def urn(self, parent: str, kind: str, name: str) -> str:
        return urns.make(self._stack, self._project, parent, kind, name)

    async def ensure_provider(self, reference: str) -> None:
        """Loads the provider of a resource of the state, with the configuration that the state has."""
        if not reference or self.registry.get(reference) is not None:
            return
        urn, identity = urns.split_reference(reference)
        for resource in self.resources:
            if resource.urn == urn and resource.id == identity:
                await self.registry.same(resource, checked=False)
                return
        raise EngineError(f"could not find provider {reference}")


@dataclass
class Seen:
    """What the act's registrations came to: sets of URNs.

    `deletes` is shared with the delete steps that look at it late.
    """

    urns: set[str] = field(default_factory=set[str])
    reads: set[str] = field(default_factory=set[str])
    creates: set[str] = field(default_factory=set[str])
    sames: set[str] = field(default_factory=set[str])
    updates: set[str] = field(default_factory=set[str])
    replaces: set[str] = field(default_factory=set[str])
    deletes: dict[str, bool] = field(default_factory=dict[str, bool])
    pending_deletes: set[Resource] = field(default_factory=set[Resource])
    dependent_keys: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    goals: dict[str, Goal] = field(default_factory=dict[str, Goal])
    providers: dict[str, Resource] = field(default_factory=dict[str, Resource])
    news: dict[str, Resource] = field(default_factory=dict[str, Resource])
    failed: bool = False

    def provider_of(self, resource: Resource) -> Resource | None:
        return self.providers.get(resource.provider_urn)

    def operated(self, urn: str) -> bool:
        """Whether something was done with a resource of the state (deleting aside)."""
        return any(urn in found for found in (self.sames, self.updates, self.replaces, self.reads))

    def registered(self) -> set[str]:
        """What cannot depend on a resource that is only registered now."""
        return self.reads | self.creates | self.sames | self.updates | self.replaces | self.deletes.keys()
