"""Who depends on whom, among the resources of a state in which each stands after all on which it depends."""

from collections.abc import Container, Iterable, Sequence

from .state import Resource


class DependencyGraph:
    """Answers in time linear in the edges asked about; a dependency on a component stands for its children so far."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._resources = resources
        self._index = {resource: index for index, resource in enumerate(resources)}
        self._places: dict[str, list[int]] = {}
        self._below: dict[str, list[int]] = {}
        latest: dict[str, Resource] = {}
        for index, resource in enumerate(resources):
            self._places.setdefault(resource.urn, []).append(index)
            latest[resource.urn] = resource
            parent = resource.parent
            while parent:
                self._below.setdefault(parent, []).append(index)
                above = latest.get(parent)
                parent = above.parent if above else ""

    def __contains__(self, resource: Resource) -> bool:
        return resource in self._index

    def dependencies_of(self, resource: Resource) -> set[Resource]:
        """What `resource` needs directly: provider, parent, dependencies, and what a component among those contains."""
        at = self._index[resource]
        found: set[int] = set()
        needed = set(resource.needs())
        if resource.provider:
            needed.add(resource.provider_urn)
        for urn in needed:
            for index in self._places.get(urn, ()):
                if index >= at:
                    continue
                found.add(index)
                if not self._resources[index].custom:
                    found.update(below for below in self._below.get(urn, ()) if below < at)
        if resource.parent:
            found.update(index for index in self._places.get(resource.parent, ()) if index < at)
        return {self._resources[index] for index in found}

    def depending_on(self, resource: Resource, *, ignoring: Container[str] = ()) -> list[Resource]:
        """What needs `resource`, directly or not, in the state's order; its children are not meant."""
        reached = {resource.urn}
        dependents: list[Resource] = []
        for candidate in self._resources[self._index[resource] + 1 :]:
            if candidate.urn in ignoring:
                continue
            if candidate.provider_urn in reached or any(urn in reached for urn in candidate.needs()):
                reached.add(candidate.urn)
                dependents.append(candidate)
        return dependents

    def all_dependencies_of(self, resource: Resource) -> set[Resource]:
        """What `resource` needs directly or indirectly, parents included."""
        current: dict[str, Resource] = {}
        leaving: dict[str, Resource] = {}
        for other in self._resources:
            (leaving if other.delete else current)[other.urn] = other
        reached: set[Resource] = set()
        waiting = [resource]
        while waiting:
            one = waiting.pop()
            first, second = (leaving, current) if one.delete else (current, leaving)
            for urn in _neighbours(one):
                other = first.get(urn) or second.get(urn)
                if other is not None and other not in reached and other is not resource:
                    reached.add(other)
                    waiting.append(other)
        return reached


def antichains(condemned: Iterable[Resource], graph: DependencyGraph) -> list[list[Resource]]:
    """The resources in rounds for deletion: no round needs anything of itself or of an earlier one."""
    left = list(condemned)
    needs = {resource: graph.dependencies_of(resource) for resource in left}
    rounds: list[list[Resource]] = []
    remaining = set(left)
    while remaining:
        free = [resource for resource in left if resource in remaining and not (needs[resource] & remaining)]
        if not free:
            raise ValueError("the state's dependencies go in a circle")
        rounds.append(free)
        remaining.difference_update(free)
    rounds.reverse()
    return rounds


def _neighbours(resource: Resource) -> Iterable[str]:
    yield from resource.needs()
    if resource.parent:
        yield resource.parent
    if resource.provider:
        yield resource.provider_urn
