"""A rehearsal as plain lines, for logs: one a changed resource, one an act."""

from collections.abc import Callable

from pokayoke_rehearsal.engine.events import Diagnostic, Event, Remediation, Violation
from pokayoke_rehearsal.plan import ActOutcome, PlannedAct
from pokayoke_rehearsal.report.acts import headline
from pokayoke_rehearsal.report.progress import Progress
from pokayoke_rehearsal.report.words import SIGNS, resource, seconds


class PlainLines:
    """Writes a line for whatever happens; what stays the same is not told."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._progress = Progress()
        self._act = ""
        self._remarks = Remarks()

    def note(self, text: str) -> None:
        self._write(text)

    def act_started(self, planned: PlannedAct) -> None:
        self._progress = Progress(before=self._progress)
        self._act = planned.name

    def event(self, event: Event) -> None:
        row = self._progress.feed(event)
        if row is not None and (row.operation != "same" or row.error):
            took = f"  {seconds(row.seconds)}" if row.seconds else ""
            sign = "!" if row.error else SIGNS.get(row.operation, row.operation)
            self._write(f"{self._act}  {sign} {row.label}{took}")
        elif text := self._remarks.new(event):
            self._write(f"{self._act}  {text}")

    def output(self, line: str) -> None:
        self._write(f"{self._act}  | {line}")

    def act_ended(self, ended: ActOutcome) -> None:
        self._write(f"{'ok  ' if ended.ok else 'FAIL'} {headline(ended)}  {seconds(ended.result.seconds)}")
        for shortcoming in ended.shortcomings:
            self._write(shortcoming)

    def tick(self) -> None:
        """Nothing moves in a log."""

    def close(self) -> None:
        """Nothing is to be put back."""


class Remarks:
    """What is said beside the operations; every act says it again, but it is told once."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def new(self, event: Event) -> str:
        """The text for an event; empty when there is none, or it was told."""
        text = _remark(event)
        if text in self._told:
            return ""
        self._told.add(text)
        return text


def _remark(event: Event) -> str:
    """Errors are not among them: they are told with the act that they end."""
    if isinstance(event, Diagnostic) and event.severity in ("info", "warning"):
        about = f"{resource(event.urn)}: " if event.urn else ""
        return f"{event.severity}: {about}{event.message.strip()}"
    if isinstance(event, Violation) and event.level != "mandatory":
        return f"{event.level}: {resource(event.urn)}: {event.policy}: {' '.join(event.message.split())}"
    if isinstance(event, Remediation):
        return f"remediated: {resource(event.urn)}: {event.policy}"
    return ""
