"""How long an act would take for real, and on what it would wait: its steps, their real dependencies, and a table.

As Pulumi does it: a resource is made as soon as all that it needs is there, so many at a time. Deletions come in
rounds: none begins before the one before has ended, and no round needs anything of itself or of an earlier one.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pokayoke_rehearsal.engine.events import StepStarted
from pokayoke_rehearsal.engine.graph import DependencyGraph, antichains
from pokayoke_rehearsal.engine.state import Resource
from pokayoke_rehearsal.forecast.latency import ASSUMED
from pokayoke_rehearsal.forecast.table import latency, seconds

PARALLEL = 16
"""Pulumi's default, four for each core, on a machine of four (pulumi 3.260, pkg/cmd/pulumi/operations/up.go)."""

_DELETES = ("delete", "delete-replaced")


@dataclass(frozen=True)
class Leg:
    """An operation on the critical path, how long it takes, and where that figure comes from."""

    operation: str
    urn: str
    seconds: float
    source: str
    assumed: bool


@dataclass(frozen=True)
class Forecast:
    """How long an act takes, and the chain of operations that makes it so long."""

    seconds: float
    legs: Sequence[Leg]
    parallel: int = PARALLEL

    @property
    def assumed(self) -> float:
        """The seconds of the chain for which there is no source."""
        return sum(leg.seconds for leg in self.legs if leg.assumed)


def forecast(
    steps: Iterable[StepStarted],
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    *,
    parallel: int = PARALLEL,
) -> Forecast:
    """The forecast for an act's steps; `before` and `after` are the state's resources, in the state's order."""
    operations = {step.urn: step.operation for step in steps}
    made = [one for one in after if operations.get(str(one["urn"])) not in (None, *_DELETES)]
    legs = _longest_chain(_making(made, operations, parallel))
    gone = [one for one in before if operations.get(str(one["urn"])) in _DELETES]
    for tasks in _rounds(gone, operations, before):
        legs += _longest_chain(_run(tasks, parallel))
    return Forecast(sum(leg.seconds for leg in legs), tuple(leg for leg in legs if leg.seconds), parallel)


@dataclass(eq=False)
class _Task:
    leg: Leg
    needs: set[_Task]
    end: float = 0.0
    came: _Task | None = None


def _making(resources: Sequence[Mapping[str, Any]], operations: Mapping[str, str], parallel: int) -> list[_Task]:
    shaped = {_shaped(one): one for one in resources}
    graph = DependencyGraph(list(shaped))
    tasks: dict[Resource, _Task] = {}
    for resource, one in shaped.items():
        needs = {tasks[needed] for needed in graph.dependencies_of(resource)}
        tasks[resource] = _Task(_leg(one, operations[resource.urn]), needs)
    return _run(list(tasks.values()), parallel)


def _rounds(
    resources: Sequence[Mapping[str, Any]], operations: Mapping[str, str], all_of_them: Sequence[Mapping[str, Any]]
) -> Iterator[list[_Task]]:
    shaped = {_shaped(one): one for one in all_of_them}
    graph = DependencyGraph(list(shaped))
    wanted = {str(one["urn"]) for one in resources}
    condemned = [resource for resource in shaped if resource.urn in wanted]
    for together in antichains(condemned, graph):
        yield [_Task(_leg(shaped[resource], operations[resource.urn]), set()) for resource in together]


def _run(tasks: Sequence[_Task], parallel: int) -> list[_Task]:
    """Lets tasks run, so many at a time, in their order; each knows then when it ended and for whom it had waited."""
    waiting = {task: set(task.needs) for task in tasks}
    dependents: dict[_Task, list[_Task]] = {task: [] for task in tasks}
    for task in tasks:
        for needed in task.needs:
            dependents[needed].append(task)
    place = {task: index for index, task in enumerate(tasks)}
    ready = [place[task] for task in tasks if not waiting[task]]
    running: list[tuple[float, int]] = []
    now, last = 0.0, None
    while ready or running:
        while ready and len(running) < parallel:
            task = tasks[heapq.heappop(ready)]
            # For whom it waited: the last of those that it needs, or whoever made room for it.
            latest = max(task.needs, key=lambda one: one.end, default=None)
            task.came = latest if latest is not None and latest.end >= now else last
            task.end = now + task.leg.seconds
            heapq.heappush(running, (task.end, place[task]))
        now, index = heapq.heappop(running)
        last = tasks[index]
        for dependent in dependents[last]:
            waiting[dependent].discard(last)
            if not waiting[dependent]:
                heapq.heappush(ready, place[dependent])
    return list(tasks)


def _longest_chain(tasks: Sequence[_Task]) -> list[Leg]:
    task = max(tasks, key=lambda one: one.end, default=None)
    legs: list[Leg] = []
    while task is not None:
        legs.append(task.leg)
        task = task.came
    return legs[::-1]


def _leg(resource: Mapping[str, Any], operation: str) -> Leg:
    found = latency(resource)
    # Logs tell of creations and deletions only.
    updates = operation == "update"
    source, assumed = (ASSUMED, True) if updates else (found.source, found.assumed)
    return Leg(operation, str(resource["urn"]), seconds(resource, operation), source, assumed)


def _shaped(exported: Mapping[str, Any]) -> Resource:
    """What the graph needs to know of a resource."""
    return Resource(
        str(exported["urn"]),
        str(exported["type"]),
        bool(exported.get("custom")),
        parent=exported.get("parent") or "",
        provider=exported.get("provider") or "",
        deleted_with=exported.get("deletedWith") or "",
        dependencies=list(exported.get("dependencies") or ()),
        property_dependencies=dict(exported.get("propertyDependencies") or {}),
        replace_with=list(exported.get("replaceWith") or ()),
    )
