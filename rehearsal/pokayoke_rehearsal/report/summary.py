"""The end of a rehearsal: what was created and found, what was left, how long it took, and the verdict."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.columns import Columns
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from pokayoke_rehearsal.plan import ActOutcome, Expectation, Outcome
from pokayoke_rehearsal.report import forecasts
from pokayoke_rehearsal.report.acts import milliseconds_a_resource, touched
from pokayoke_rehearsal.report.words import resource, seconds, short_type
from pokayoke_rehearsal.verdict import changed_steps


def show(outcome: Outcome, console: Console) -> None:
    """Writes the summary, once an act went well enough for one, and the verdict."""
    if any(ended.ok for ended in outcome.acts):
        parts = (_resources, _policies, _second_up, _operate, _drift, _remains, _forecasts, _times)
        for part in (of(outcome) for of in parts):
            if part is not None:
                console.print(part, soft_wrap=True, highlight=False)
    console.print(*_verdict(outcome), sep="\n", soft_wrap=True, highlight=False)


def _resources(outcome: Outcome) -> RenderableType | None:
    if not outcome.types:
        return None
    table = Table.grid(padding=(0, 2))
    table.add_row(_heading(f"Resources  {sum(outcome.types.values())}"))
    entries = [Text(f"{count:>4}  {short_type(token)}") for token, count in outcome.types.items()]
    table.add_row(Columns(entries, padding=(0, 3), column_first=True, equal=True))
    return table


def _policies(outcome: Outcome) -> RenderableType | None:
    if not outcome.packs:
        return _section("Policies", ["no pack was given"])
    found: dict[tuple[str, str, str, str], None] = {}
    for ended in outcome.acts:
        for violation in ended.result.violations:
            found[violation.level, violation.policy, violation.urn, violation.message] = None
    if not found:
        return _section("Policies", [f"no findings ({', '.join(outcome.packs)})"])
    lines = [f"{level}  {policy}  {resource(urn)}: {' '.join(text.split())}" for level, policy, urn, text in found]
    return _section("Policies", lines, style="yellow")


def _second_up(outcome: Outcome) -> RenderableType | None:
    for ended in outcome.acts:
        if ended.planned.expect is not Expectation.NO_CHANGE:
            continue
        changes = changed_steps(ended.result)
        if not changes:
            return _section("Second up", ["no change"])
        lines = [f"{step.operation} {resource(step.urn)} {', '.join(step.diffs)}" for step in changes]
        return _section("Second up", lines, style="red")
    return None


def _operate(outcome: Outcome) -> RenderableType | None:
    story = next((ended.story for ended in outcome.acts if ended.story is not None), None)
    if story is None:
        return None
    told = _section("Operating", story.lines) if story.lines else Text()
    warnings = [f"warning: {one}" for one in story.warnings]
    return Text.assemble(
        told,
        _section("Warnings of the API server", warnings, style="yellow") if warnings else "",
        _section("Troubles", story.troubles, style="red") if story.troubles else "",
    )


def _drift(outcome: Outcome) -> RenderableType | None:
    ended = next((ended for ended in outcome.acts if ended.planned.expect is Expectation.FOUND), None)
    if ended is None:
        return None
    lines = [f"{resource(urn)} was {what}" for urn, what in ended.by_hand.items()]
    for found in ended.result.drift:
        differs = "is gone" if found.kind == "delete" else f"{found.path}: {_value(found.was)} -> {_value(found.now)}"
        lines.append(f"found: {resource(found.urn)} {differs}")
    repair = next((one for one in outcome.acts if one.planned.expect is Expectation.REPAIRED), None)
    if repair is not None:
        lines += [f"repaired: {step.operation} {resource(step.urn)}" for step in changed_steps(repair.result)]
    return _section("Changes by hand", lines)


def _forecasts(outcome: Outcome) -> RenderableType | None:
    told = list(forecasts.lines([ended for ended in outcome.acts if ended.ok]))
    return _section("Against AWS", told) if told else None


def _value(value: Any) -> str:
    return "nothing" if value is None else str(value)


def _remains(outcome: Outcome) -> RenderableType | None:
    remains = next((ended.remains for ended in reversed(outcome.acts) if ended.remains is not None), None)
    if remains is None:
        return None
    left = [*(f"in the state: {resource(urn)}" for urn in remains.state), *map(str, remains.world)]
    keys = [f"{key}: waits for its deletion, as in AWS" for key in remains.pending]
    adopted = [f"presumed to be there, and left as it was: {one.kind} {one.note}" for one in remains.presumed]
    return _section("After destroy", [*(left or ["nothing left"]), *keys, *adopted], style="red" if left else "")


def _times(outcome: Outcome) -> RenderableType:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column("Times")
    for title in ("resources", "time", "ms a resource"):
        table.add_column(title, justify="right")
    for ended in outcome.acts:
        table.add_row(
            ended.planned.name,
            str(touched(ended)),
            seconds(ended.result.seconds),
            f"{milliseconds_a_resource(ended):.1f}",
        )
    acts = sum(ended.result.seconds for ended in outcome.acts)
    table.add_row("start", "", seconds(outcome.start_seconds), "", style="dim")
    table.add_row(
        "between and end", "", seconds(max(outcome.seconds - acts - outcome.start_seconds, 0)), "", style="dim"
    )
    table.add_row("all", "", seconds(outcome.seconds), "", style="bold")
    return table


def _verdict(outcome: Outcome) -> Iterator[Text]:
    for shortcoming in outcome.shortcomings:
        yield Text(shortcoming, style="red")
    if outcome.ok:
        yield Text("✔ ", style="green") + Text(f"{outcome.stack}: {_said(outcome.acts)}", style="bold")
    elif outcome.interrupted:
        yield Text("✘ ", style="red") + Text(f"{outcome.stack}: interrupted", style="bold")
    else:
        short = [ended.planned.name for ended in outcome.acts if not ended.ok]
        where = f" in {', '.join(short)}" if short else ""
        yield Text("✘ ", style="red") + Text(f"{outcome.stack}: fell short{where}", style="bold")
    if outcome.kept:
        yield Text(f"state and world are kept in {outcome.kept}: the next rehearsal of the stack goes on there")


def _said(acts: Sequence[ActOutcome]) -> str:
    names = [ended.planned.name for ended in acts]
    return f"{', '.join(names[:-1])} and {names[-1]} went as they must" if len(names) > 1 else f"{names[0]} went well"


def _heading(text: str) -> Text:
    return Text(text, style="bold")


def _section(title: str, lines: Sequence[str], *, style: str = "") -> Text:
    text = _heading(f"{title}\n")
    for line in lines:
        text += Text(f"  {line}\n", style=style)
    return text
