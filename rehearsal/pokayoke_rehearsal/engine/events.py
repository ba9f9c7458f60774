"""What the engine tells while it works, and what it hands back in the end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from . import urns

Severity = Literal["debug", "info", "warning", "error"]


class Act(StrEnum):
    """What an engine can do with a stack."""

    PREVIEW = "preview"
    UP = "up"
    DESTROY = "destroy"
    REFRESH = "refresh"


@dataclass(frozen=True)
class Fault:
    """A failure put in the place of a provider's call.

    `target` is a URN, a name or a type; without an operation every one fails. A `late` one fails as a time-out does:
    only when everything else that could go on has.
    """

    target: str
    operation: Literal["create", "update", "delete"] | None = None
    message: str = "a fault was put here"
    late: bool = False

    def hits(self, urn: str, operation: str) -> bool:
        names = (urn, urns.name_of(urn), urns.type_of(urn))
        return self.target in names and self.operation in (None, operation)


@dataclass(frozen=True)
class StepStarted:
    """An operation on a resource begins.

    `operation` is the engine's word: same, create, update, delete, replace, create-replacement, delete-replaced,
    read, ...
    """

    operation: str
    urn: str
    diffs: tuple[str, ...] = ()
    replace_keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepEnded:
    """An operation on a resource ended; `error` says why it failed."""

    operation: str
    urn: str
    seconds: float
    error: str = ""


@dataclass(frozen=True)
class OutputsRegistered:
    """A component has its outputs: all that is in it was registered."""

    urn: str


@dataclass(frozen=True)
class Diagnostic:
    """Something to tell the user; `urn` is empty when it is about no resource."""

    severity: Severity
    message: str
    urn: str = ""


@dataclass(frozen=True)
class Violation:
    """A policy's finding; `level` is advisory or mandatory."""

    pack: str
    policy: str
    level: str
    message: str
    urn: str
    description: str = ""


@dataclass(frozen=True)
class Remediation:
    """A policy changed the properties of a resource."""

    pack: str
    policy: str
    urn: str
    description: str = ""


Event = StepStarted | StepEnded | OutputsRegistered | Diagnostic | Violation | Remediation
Observer = Callable[[Event], None]


@dataclass(frozen=True)
class Failure:
    """An operation that failed."""

    operation: str
    urn: str
    message: str


@dataclass(frozen=True)
class Drift:
    """What a refresh found: a resource that is gone (`delete`), or a property (`path`) that `was` and `now` is."""

    urn: str
    kind: Literal["update", "delete"]
    path: str = ""
    was: Any = None
    now: Any = None


@dataclass(frozen=True)
class Result:
    """What came of an act.

    `act` is None for one in which no engine worked; `changes` counts operations by kind as `pulumi up` sums them up;
    `outputs` are the stack's, secrets masked; `resources` counts what the state holds, providers and the stack
    included; `unmatched` are faults that no operation of this act met; `deadlock` says what waited for what when
    nothing could happen any more; `drift` is what a refresh found to differ from the state.
    """

    act: Act | None
    ok: bool
    changes: Mapping[str, int]
    steps: tuple[StepStarted, ...]
    failed: tuple[Failure, ...]
    diagnostics: tuple[Diagnostic, ...]
    violations: tuple[Violation, ...]
    outputs: Mapping[str, Any]
    resources: int
    seconds: float
    unmatched: tuple[Fault, ...] = field(default=())
    deadlock: tuple[str, ...] = ()
    drift: tuple[Drift, ...] = ()
