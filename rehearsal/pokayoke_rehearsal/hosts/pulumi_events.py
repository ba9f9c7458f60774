"""What a real Pulumi CLI writes to its event log, in the words of the embedded engine.

Shapes: pulumi/pulumi, sdk/go/common/apitype/events.go (v3.260).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from pokayoke_rehearsal.engine import paths
from pokayoke_rehearsal.engine.events import (
    Act,
    Diagnostic,
    Drift,
    Event,
    Failure,
    Remediation,
    Result,
    Severity,
    StepEnded,
    StepStarted,
    Violation,
)

_COLOR = re.compile(r"<\{%[^%]*%\}>")
_SEVERITIES: dict[str, Severity] = {"warning": "warning", "error": "error", "debug": "debug"}
_LEVELS = {"mandatory": "mandatory", "remediate": "mandatory"}
# How the CLI calls the end of an act that found errors elsewhere: nothing that is not said already.
_CLOSING = re.compile(r"(preview|update|destroy) failed")


class EventLog:
    """Reads the events of one act, line by line, and sums them up."""

    def __init__(self, act: Act, observe: Callable[[Event], None], clock: Callable[[], float]) -> None:
        self._act = act
        self._observe = observe
        self._clock = clock
        self._began = clock()
        self._begun: dict[tuple[str, str], float] = {}
        self._changes: dict[str, int] = {}
        self._steps: list[StepStarted] = []
        self._failed: list[Failure] = []
        self._diagnostics: list[Diagnostic] = []
        self._violations: list[Violation] = []
        self._drift: list[Drift] = []

    def feed(self, line: str) -> None:
        """Takes a line of the log in, which is one event in JSON."""
        for kind, said in cast("dict[str, Any]", json.loads(line)).items():
            match kind:
                case "resourcePreEvent":
                    self._started(said["metadata"])
                case "resOutputsEvent" | "resOpFailedEvent":
                    self._ended(said["metadata"], failed=kind == "resOpFailedEvent")
                case "diagnosticEvent":
                    self._diagnostic(said)
                case "policyEvent":
                    self._violation(said)
                case "policyRemediationEvent":
                    self._observe(
                        Remediation(said["policyPackName"], said["policyName"], str(said.get("resourceUrn") or ""))
                    )
                case "summaryEvent":
                    self._changes = {str(word): int(count) for word, count in said["resourceChanges"].items()}
                case "errorEvent":
                    self.error(str(said["error"]))
                case _:
                    continue

    def error(self, text: str) -> None:
        """Notes an error that is about no resource."""
        self._tell(Diagnostic("error", text))

    @property
    def has_errors(self) -> bool:
        told = (diagnostic.severity == "error" for diagnostic in self._diagnostics)
        return any(told) or any(found.level == "mandatory" for found in self._violations)

    def result(self, *, ok: bool, resources: int, outputs: Mapping[str, Any]) -> Result:
        """The act, once the CLI has ended."""
        return Result(
            act=self._act,
            ok=ok,
            changes=self._changes,
            steps=tuple(self._steps),
            failed=tuple(self._failed),
            diagnostics=tuple(self._diagnostics),
            violations=tuple(self._violations),
            outputs=dict(outputs),
            resources=resources,
            seconds=self._clock() - self._began,
            drift=tuple(self._drift),
        )

    def _started(self, step: Mapping[str, Any]) -> None:
        key = str(step["op"]), str(step["urn"])
        self._begun[key] = self._clock()
        started = StepStarted(*key, tuple(sorted(step.get("diffs") or ())), tuple(step.get("keys") or ()))
        self._steps.append(started)
        self._observe(started)

    def _ended(self, step: Mapping[str, Any], *, failed: bool) -> None:
        key = str(step["op"]), str(step["urn"])
        if self._act is Act.REFRESH and ("refresh", key[1]) in self._begun:
            # What it comes to is known only now.
            self._begun[key] = self._begun.pop(("refresh", key[1]))
            self._steps = [one for one in self._steps if one.urn != key[1]]
            self._steps.append(StepStarted(*key, tuple(sorted(step.get("diffs") or ()))))
        if key not in self._begun:
            # A component ends a second time when its outputs come.
            return
        error = ""
        if failed:
            told = [found.message for found in self._diagnostics if found.urn == key[1] and found.severity == "error"]
            error = "\n".join(told) or "the provider refused"
            self._failed.append(Failure(*key, error))
        elif self._act is Act.REFRESH:
            self._drift.extend(_drift(step))
        self._observe(StepEnded(*key, self._clock() - self._begun.pop(key), error))

    def _diagnostic(self, said: Mapping[str, Any]) -> None:
        text = _COLOR.sub("", str(said["message"])).rstrip("\n")
        if said.get("ephemeral") or not text or _CLOSING.fullmatch(text):
            return
        severity = _SEVERITIES.get(str(said["severity"]), "info")
        self._tell(Diagnostic(severity, text, str(said.get("urn") or "")))

    def _violation(self, said: Mapping[str, Any]) -> None:
        level = _LEVELS.get(str(said["enforcementLevel"]), "advisory")
        text = _COLOR.sub("", str(said["message"])).strip()
        found = Violation(
            str(said["policyPackName"]), str(said["policyName"]), level, text, str(said.get("resourceUrn") or "")
        )
        self._violations.append(found)
        self._observe(found)

    def _tell(self, diagnostic: Diagnostic) -> None:
        self._diagnostics.append(diagnostic)
        self._observe(diagnostic)


def _drift(step: Mapping[str, Any]) -> Iterator[Drift]:
    """What a refresh found to differ."""
    urn = str(step["urn"])
    if step["op"] == "delete":
        yield Drift(urn, "delete")
    if step["op"] != "update":
        return
    states: list[Mapping[str, Any]] = [step.get("old") or {}, step.get("new") or {}]
    for path in sorted(step.get("detailedDiff") or step.get("diffs") or ()):
        was, now = (paths.find(path, state.get("inputs")) for state in states)
        yield Drift(urn, "update", path, was, now)
