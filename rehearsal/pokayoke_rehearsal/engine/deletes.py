"""What leaves the state in the end, and in which order: nothing goes before what depends on it."""

from .aliasing import moved
from .base import Base, Seen
from .executor import Executor
from .graph import antichains
from .state import Resource
from .steps import Delete, Forget, Step


class Deletes:
    """The resources of the state that were replaced, or that the program did not ask for again."""

    def __init__(self, base: Base, seen: Seen, current: dict[str, str]) -> None:
        self._base = base
        self._seen = seen
        self._current = current
        self.planned: dict[Resource, Step] = {}
        """Those that have not started yet."""

    async def run(self, executor: Executor) -> None:
        """Deletes them round by round. What a protected resource depends on stays."""
        condemned = {step.resource: step for step in await self._steps()}
        self.planned = dict(condemned)
        graph = self._base.graph
        spared: set[Resource] = set()
        looked_at = 0
        for rounds in antichains(condemned, graph):
            failed = executor.failed_steps[looked_at:]
            looked_at = len(executor.failed_steps)
            for step in failed:
                for resource in (step.new, step.old):
                    if resource is not None and resource in graph:
                        spared |= graph.all_dependencies_of(resource)
            for resource in rounds:
                self.planned.pop(resource)
            await executor.run_together([condemned[resource] for resource in rounds if resource not in spared])

    async def _steps(self) -> list[Step]:
        seen = self._seen
        steps: list[Step] = []
        for resource in self._base.resources:
            if resource.delete:
                if resource in seen.pending_deletes:
                    continue
                seen.deletes[resource.urn] = True
                steps.append(Delete(resource, None, deletions=seen.deletes, replacing=True))
            elif not seen.operated(moved(resource.urn, self._current)):
                seen.deletes[resource.urn] = True
                if resource.pending_replacement:
                    steps.append(Forget(resource, None))
                else:
                    steps.append(Delete(resource, None, deletions=seen.deletes))
            if seen.deletes.get(resource.urn):
                await self._base.ensure_provider(resource.provider)
        return steps
