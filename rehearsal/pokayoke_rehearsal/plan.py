"""The acts of a rehearsal as data, and what came of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from pokayoke_rehearsal.engine.events import Result
    from pokayoke_rehearsal.forecast.schedule import Forecast


Operation = Literal["create", "update", "delete"]


class Expectation(StrEnum):
    """What must come of an act."""

    DONE = "done"
    NO_CHANGE = "no change"
    NOTHING_LEFT = "nothing left"
    REFUSED = "refused, since the stack is protected"
    ONLY_PROTECTION = "only protection changes"
    FOUND = "what was changed by hand is found"
    REPAIRED = "what was changed by hand is repaired"
    LIVES = "everything lives as it was asked to"


@dataclass(frozen=True)
class PlannedAct:
    """One act: its name, what the engine does, what must come of it, and config that replaces the stack's for it.

    To operate is not the engine's: time passes, and somebody looks at what lives. Before an act that must find what was
    changed by hand, something is.
    `may_change` are the properties (first path element) that an act may change which must change protection only.
    """

    name: str
    act: Literal["preview", "up", "destroy", "refresh", "operate"]
    expect: Expectation = Expectation.DONE
    config: Mapping[str, str] = field(default_factory=dict[str, str])
    may_change: frozenset[str] = frozenset()


class FaultRequest(NamedTuple):
    """A failure to put in the place of a provider's call; see `pokayoke_rehearsal.engine.Fault`."""

    target: str
    operation: Operation | None = None
    message: str | None = None


@dataclass(frozen=True)
class Leftover:
    """Something that destroy left in AWS or in a cluster."""

    service: str
    kind: str
    id: str
    region: str = ""
    note: str = ""

    def __str__(self) -> str:
        where = f" in {self.region}" if self.region else ""
        return f"{self.service} {self.kind} {self.id}{where}{f' ({self.note})' if self.note else ''}"


@dataclass(frozen=True)
class Remains:
    """What is left: URNs in the state, things in the world, KMS keys that wait for their deletion.

    `presumed` is what programs took for granted, as a hosted zone that they adopt: somebody else's.
    """

    state: Sequence[str] = ()
    world: Sequence[Leftover] = ()
    pending: Sequence[Leftover] = ()
    presumed: Sequence[Leftover] = ()


@dataclass(frozen=True)
class Story:
    """What was seen of the clusters while they lived: `troubles` is empty when everything lives as it was asked to."""

    troubles: tuple[str, ...] = ()
    """What does not live as asked, one sentence each, in the real system's words."""
    lines: tuple[str, ...] = ()
    """The story itself, with times on the virtual clock; what is indented belongs to what is above it."""
    headline: str = ""
    """The story in a few words."""
    usd_per_hour: float = 0.0
    """What has a price here of all that is billed by the hour."""
    warnings: tuple[str, ...] = ()
    """Of what API servers warned those who wrote objects: nothing was refused, and kubectl would have shown it."""

    def plain(self) -> dict[str, Any]:
        """The story as JSON."""
        return {
            "headline": self.headline,
            "troubles": list(self.troubles),
            "lines": list(self.lines),
            "usdPerHour": self.usd_per_hour,
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True)
class ActOutcome:
    """An act that was run, and in what it fell short of what was expected (nothing, when all is well)."""

    planned: PlannedAct
    result: "Result"
    shortcomings: Sequence[str] = ()
    remains: Remains | None = None
    by_hand: Mapping[str, str] = field(default_factory=dict[str, str])
    """What had been changed by hand, by URN, where that is to be found or repaired."""
    forecast: "Forecast | None" = None
    """How long the act would take for real, where it changed something."""
    story: Story | None = None
    """What was seen, where the act was to look."""

    @property
    def ok(self) -> bool:
        return not self.shortcomings


@dataclass(frozen=True)
class Outcome:
    """A whole rehearsal.

    `packs` are the folders of the policy packs; `types` counts the resources that stood after the fullest act by type;
    `shortcomings` are those of no single act; `kept` is the folder with state and world when they were left for a next
    call; `start_seconds` passed before the first act began.
    """

    project: str
    stack: str
    acts: Sequence[ActOutcome]
    packs: Sequence[str] = ()
    shortcomings: Sequence[str] = ()
    types: Mapping[str, int] = field(default_factory=dict[str, int])
    kept: str | None = None
    resumed: bool = False
    interrupted: bool = False
    start_seconds: float = 0.0
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return not self.interrupted and not self.shortcomings and all(act.ok for act in self.acts)
