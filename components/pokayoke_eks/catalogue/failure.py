"""What is known of one documented failure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


class Level(StrEnum):
    """Where a failure is held, strongest first. It takes the strongest that can hold it, and others as backstops."""

    SHAPE = "shape"
    """No argument exists with which a user of the components could write the mistake."""
    VALUE = "value"
    """The config refuses the value before anything is created, naming the field and the fix."""
    POLICY = "policy"
    """A CrossGuard policy refuses the raw resource, wherever it came from."""
    ADMISSION = "admission"
    """The cluster itself refuses it, from whatever client."""
    PREFLIGHT = "preflight"
    """A read-only check against the account or the cluster before `up`."""
    TEARDOWN = "teardown"
    """Order and settings that let `destroy` finish with nothing left."""
    ROLLOUT = "rollout"
    """Not knowable before the pod runs: the deployment waits, fails fast and says what to look at."""
    DESIGN = "design"
    """A way of working, held by how the project is built and shown by a test of that."""


class Log(StrEnum):
    """The troubleshooting logs that the failures come from."""

    KARPENTER_DSQL = "000"
    SELF_MANAGED = "001"
    ISTIO_AMBIENT = "002"
    CDK = "003"
    GPU_TRAINING = "004"


@dataclass(frozen=True)
class Symptom:
    """A text that somebody sees: as logged or as AWS and Kubernetes word it, `<...>` for what differs each time."""

    text: str
    decisive: bool = True
    """Whether this text alone names the failure; a state such as `Pending` only fits it."""
    logged: bool = True
    """Whether it is in the log that documents the failure; else AWS, Kubernetes or a controller words it so."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the text in a log, however its whitespace was wrapped, its quotes escaped and its holes filled."""
        words = [
            ".{1,200}?".join(_literal(part) for part in re.split(r"<[a-z ]+>", word)) for word in _words(self.text)
        ]
        return re.compile(r"(?<!\w)" + r"\s+".join(words).replace(r':\s+\\?"', r':\s*\\?"') + r"(?!\w)", re.DOTALL)

    @cached_property
    def _longest(self) -> str:
        """The longest word of the text: a log without it need not be searched for all of it."""
        return max(re.split(r"<[a-z ]+>|[\s\"':,]+", self.text), key=len)

    def is_in(self, log: str) -> bool:
        """Whether this text is in a log."""
        return self._longest in log and self.pattern.search(log) is not None


class State(StrEnum):
    """Whether a failure can still be written."""

    HELD = "held"
    OPEN = "open"


class Told(NamedTuple):
    """What a reader of one language is told of a failure."""

    title: str = ""
    symptom: str = ""
    cause: str = ""
    remedy: str = ""
    clue: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Failure:
    """One documented failure. `slug` is its only name, in errors, policies, tests and docs alike."""

    slug: str
    title: str
    cause: str
    remedy: str
    held: tuple[Level, ...]
    log: Log
    symptoms: tuple[Symptom, ...] = ()
    korean: Told = field(default_factory=Told)
    clue: str = ""
    """What to look at next where others show the same."""
    holders: Mapping[Level, tuple[str, ...]] = field(default_factory=dict[Level, tuple[str, ...]])
    """What holds it at each level: a dotted name of a class, validator, rule or command; for a policy its name."""
    missing: str = ""
    """What is not there yet; empty once nothing of ours can write the failure."""

    @property
    def state(self) -> State:
        """Open as long as something is missing without which it can be written."""
        return State.OPEN if self.missing else State.HELD

    @property
    def by_design(self) -> tuple[str, ...]:
        """The ids of the tests that show why nothing can be its beginning; none where programs can break by it."""
        return tuple(name for name in self.holders.get(Level.DESIGN, ()) if name.startswith("tests/"))

    @property
    def to_come(self) -> tuple[Level, ...]:
        """Levels that are to hold it too, where nothing is in place yet."""
        return tuple(level for level in self.held if level not in self.holders)


def _words(text: str) -> list[str]:
    """The words of a text, where a hole that holds spaces is part of one word."""
    return re.findall(r"(?:<[a-z ]+>|\S)+", text)


def _literal(part: str) -> str:
    """A part of a word as logs write it: JSON within JSON escapes quotes, and may set a space around a colon."""
    escaped = re.escape(part).replace('":"', '"\\s*:\\s*"').replace('","', '"\\s*,\\s*"')
    return escaped.replace('"', r'\\?"')


def seen(*texts: str) -> tuple[Symptom, ...]:
    """Decisive texts of the log."""
    return tuple(Symptom(text) for text in texts)


def worded(*texts: str) -> tuple[Symptom, ...]:
    """Decisive texts of the real system, where the log abridges them or has others."""
    return tuple(Symptom(text, logged=False) for text in texts)


def fits(*texts: str, logged: bool = True) -> tuple[Symptom, ...]:
    """Texts and states that several failures share."""
    return tuple(Symptom(text, decisive=False, logged=logged) for text in texts)
