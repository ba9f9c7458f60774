"""A rehearsal as a tree that lives while an act runs; what has ended stays on the screen as lines above it."""

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text
from rich.tree import Tree

from pokayoke_rehearsal.engine.events import Event
from pokayoke_rehearsal.plan import ActOutcome, PlannedAct
from pokayoke_rehearsal.report import progress
from pokayoke_rehearsal.report.acts import headline
from pokayoke_rehearsal.report.plain import Remarks
from pokayoke_rehearsal.report.words import COLORS, SIGNS, changes, seconds

_ROWS_OF_A_GROUP = 6
_LINES_BESIDE_THE_TREE = 4


class LiveTree:
    """Components with counts of what is done, and under them what runs just now or has failed.

    It is drawn at `tick` only, so a burst of events costs nothing.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None
        self._progress = progress.Progress()
        self._planned: PlannedAct | None = None
        self._remarks = Remarks()

    def note(self, text: str) -> None:
        self._print(Text(text, style="dim"))

    def act_started(self, planned: PlannedAct) -> None:
        self._progress, self._planned = progress.Progress(before=self._progress), planned
        self._live = Live(
            self._tree(), console=self._console, auto_refresh=False, transient=True, vertical_overflow="crop"
        )
        self._live.start()

    def event(self, event: Event) -> None:
        row = self._progress.feed(event)
        if row is not None and row.error:
            self._print(Text(f"  ✘ {row.operation} {row.label}", style="red"))
        elif text := self._remarks.new(event):
            self._print(Text(f"  {text}", style="yellow" if text.startswith("warning") else "dim"))

    def output(self, line: str) -> None:
        self._print(Text(f"  │ {line}", style="dim"))

    def act_ended(self, ended: ActOutcome) -> None:
        self._stop()
        sign = Text("✔ ", style="green") if ended.ok else Text("✘ ", style="red")
        self._print(sign + Text(headline(ended)) + Text(f"  {seconds(ended.result.seconds)}", style="dim"))
        if ended.planned.act != "preview":
            for group in self._progress.groups.values():
                if group.done.keys() - {"same"}:
                    self._print(Text("    ") + _line(group, preview=False))
        for shortcoming in ended.shortcomings:
            self._print(Text(shortcoming, style="red"))

    def tick(self) -> None:
        if self._live is not None:
            self._live.update(self._tree(), refresh=True)

    def close(self) -> None:
        """Leaves the terminal as it was, also in the middle of an act."""
        self._stop()

    def _stop(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _print(self, text: Text) -> None:
        # Messages are for copying: no wrapping, no markup.
        self._console.print(text, soft_wrap=True, highlight=False)

    def _tree(self) -> RenderableType:
        name = self._planned.name if self._planned else ""
        title = Text(name, style="bold") + Text(f"  {seconds(self._progress.elapsed)}", style="dim")
        tree = Tree(title, guide_style="dim")
        room = self._console.size.height - _LINES_BESIDE_THE_TREE
        preview = self._planned is not None and self._planned.act == "preview"
        # What moves is what to look at, when there is not room for all.
        groups = list(self._progress.groups.values())
        if len(groups) > room:
            groups = [group for group in groups if group.running or group.failed][:room]
        room -= len(groups)
        for group in groups:
            branch = tree.add(_line(group, preview=preview))
            rows = [*group.failed, *sorted(group.running, key=lambda row: row.began)]
            shown = rows[: max(0, min(room, _ROWS_OF_A_GROUP))]
            if len(group.rows) == 1 and not group.failed:
                continue
            for row in shown:
                branch.add(self._row(row))
            room -= len(shown)
        return Group(tree)

    def _row(self, row: progress.Row) -> Text:
        sign = Text(f"{SIGNS.get(row.operation, '·')} ", style=COLORS.get(row.operation, "dim"))
        if row.error:
            return Text("✘ ", style="red") + Text(row.label, style="red")
        return sign + Text(row.label) + Text(f"  {seconds(self._progress.since(row))}", style="dim")


def _line(group: progress.Group, *, preview: bool) -> Text:
    parts = [changes(group.done, preview=preview)] if group.done else []
    if running := len(group.running):
        parts.append(f"{running} running")
    line = Text(f"{group.title:<48}") + Text("  " + ", ".join(parts), style="cyan" if running else "dim")
    if failed := len(group.failed):
        line += Text(f"  {failed} failed", style="red")
    return line
