"""Who reacts to the changes of a cluster: controllers one by one, those who look at the whole, and whoever listens."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError, NoMatchError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Key, Object
from pokayoke_rehearsal.doubles.kubernetes.store.records import Record

if TYPE_CHECKING:
    from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
    from pokayoke_rehearsal.doubles.kubernetes.store.deletion import Collector

Happened = Literal["added", "changed", "removed"]


@dataclass(frozen=True)
class Event:
    """A change of one object; `old` is what it was before, None when it was added."""

    happened: Happened
    key: Key
    object: Object
    old: Object | None = None


class Controller(Protocol):
    """Reacts to changes of the kinds that it watches by writing to the cluster; it must settle."""

    @property
    def watches(self) -> frozenset[tuple[str, str]]:
        """Groups and kinds; an empty set watches everything."""
        ...

    def react(self, cluster: Cluster, event: Event) -> None:
        """Called once per change, in order, after the change is stored."""
        ...


class Reactions:
    """Has everybody react to changes until all have come to rest. Called with the cluster's lock held."""

    def __init__(self, cluster: Cluster, collector: Collector) -> None:
        self._cluster, self._collector = cluster, collector
        self._controllers: list[Controller] = []
        self._listeners: list[Callable[[], object]] = []
        self._events: deque[Event] = deque()
        self.lookouts: list[Callable[[], None]] = []
        self.afterwards: list[Callable[[], None]] = []
        self.settling = False
        """Whether what writes now is a reaction."""

    def add(self, controller: Controller, records: Iterable[Record]) -> None:
        """From now on it reacts to changes; it first hears of these records."""
        self._controllers.append(controller)
        for record in records:
            self._tell(controller, Event("added", record.key, record.object))
        self.settle()

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Calls the listener once all have come to rest after changes; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def heard(self, event: Event) -> None:
        """What everybody is to hear of when it is time to settle."""
        self._events.append(event)

    def settle(self) -> None:
        """Returns when nobody has anything to do any more. Raises RuntimeError when that does not come."""
        if self.settling:
            return
        self.settling = True
        moved = False
        try:
            for _ in range(_MOST_EVENTS):
                if not self._events:
                    for work in self.afterwards:
                        work()
                if not self._events:
                    break
                moved = True
                event = self._events.popleft()
                self._collector.react(event)
                for controller in list(self._controllers):
                    self._tell(controller, event)
            else:
                self._events.clear()
                raise RuntimeError(f"the controllers of cluster {self._cluster.name} do not come to rest")
        finally:
            self.settling = False
        if moved:
            self.tell_listeners()

    def tell_listeners(self) -> None:
        """Something has happened."""
        for listener in list(self._listeners):
            listener()

    def _tell(self, controller: Controller, event: Event) -> None:
        if controller.watches and event.key.group_kind not in controller.watches:
            return
        # What a controller may not write is its own trouble, not that of whoever caused its reaction.
        with suppress(ApiError, NoMatchError):
            controller.react(self._cluster, event)


_MOST_EVENTS = 20_000
