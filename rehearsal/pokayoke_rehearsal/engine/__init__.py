"""The embedded engine: runs a Pulumi program against doubles as the real engine would, and keeps the stack's state."""

from .engine import Engine
from .events import (
    Act,
    Diagnostic,
    Event,
    Failure,
    Fault,
    OutputsRegistered,
    Remediation,
    Result,
    StepEnded,
    StepStarted,
    Violation,
)
from .journal import StateFile
from .program import Program, ProgramRequest, Stack

__all__ = [
    "Act",
    "Diagnostic",
    "Engine",
    "Event",
    "Failure",
    "Fault",
    "OutputsRegistered",
    "Program",
    "ProgramRequest",
    "Remediation",
    "Result",
    "Stack",
    "StateFile",
    "StepEnded",
    "StepStarted",
    "Violation",
]
