"""What goes on in an act, resource by resource, grouped by the outermost component."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pokayoke_rehearsal.engine.events import Event, StepEnded, StepStarted
from pokayoke_rehearsal.report.words import resource, short_type

_STACK = "pulumi:pulumi:Stack"
_PROVIDERS = "pulumi:providers:"


@dataclass
class Row:
    """An operation on a resource; `seconds` once it has ended, `error` when it failed."""

    urn: str
    operation: str
    began: float
    seconds: float | None = None
    error: str = ""

    @property
    def label(self) -> str:
        return resource(self.urn)


@dataclass
class Group:
    """A component with everything in it, or what stands outside of any."""

    title: str
    rows: dict[str, Row] = field(default_factory=dict[str, Row])

    @property
    def running(self) -> list[Row]:
        return [row for row in self.rows.values() if row.seconds is None]

    @property
    def failed(self) -> list[Row]:
        return [row for row in self.rows.values() if row.error]

    @property
    def done(self) -> dict[str, int]:
        """Ended operations by kind."""
        counts: dict[str, int] = {}
        for row in self.rows.values():
            if row.seconds is not None and not row.error:
                counts[row.operation] = counts.get(row.operation, 0) + 1
        return counts


class Progress:
    """The groups of one act, in the order in which they came up.

    `before` is the act before: a destroy comes to components only after what is in them, whose URNs do not name them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, before: "Progress | None" = None) -> None:
        self._clock = clock
        self._outer: dict[str, list[str]] = before._outer if before is not None else {}
        self.began = clock()
        self.groups: dict[str, Group] = {}

    def feed(self, event: Event) -> Row | None:
        """Takes an event in; gives the row that ended with it."""
        if isinstance(event, StepStarted):
            if _type(event.urn) != _STACK:
                self._group(event.urn).rows[event.urn] = Row(event.urn, event.operation, self._clock())
            return None
        if not isinstance(event, StepEnded) or _type(event.urn) == _STACK:
            return None
        row = self._group(event.urn).rows.setdefault(event.urn, Row(event.urn, event.operation, self._clock()))
        row.operation, row.seconds, row.error = event.operation, event.seconds, event.error
        return row

    @property
    def elapsed(self) -> float:
        return self._clock() - self.began

    def since(self, row: Row) -> float:
        """How long an operation runs already."""
        return self._clock() - row.began

    def _group(self, urn: str) -> Group:
        kind, name = urn.split("::", 3)[2:]
        outer, inside, _ = kind.partition("$")
        if outer.startswith(_PROVIDERS):
            return self.groups.setdefault(_PROVIDERS, Group("providers"))
        if not inside:
            known = self._outer.setdefault(outer, [])
            if name not in known:
                known.append(name)
            return self.groups.setdefault(_key(outer, name), Group(f"{short_type(outer)} {name}"))
        # A URN names the types of its parents, not their names: components name what is in them after themselves.
        owners = self._outer.get(outer, [])
        owner = max((owner for owner in owners if name.startswith(owner)), key=len, default="")
        if not owner and len(owners) == 1:
            owner = owners[0]
        return self.groups.setdefault(_key(outer, owner), Group(f"{short_type(outer)} {owner}".strip()))


def _type(urn: str) -> str:
    return urn.split("::", 3)[2].rpartition("$")[2]


def _key(kind: str, name: str) -> str:
    return f"{kind}::{name}"
