"""Verdicts as text: one as a whole, all of them as a table."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from pokayoke.replay.verdicts import Standing, Verdict
from pokayoke.telling import paragraph

_WIDTH = 118


def whole(verdict: Verdict) -> Iterator[str]:
    """All that a replay showed."""
    failure = verdict.failure
    yield f"{failure.slug}: {failure.title}"
    yield f"  {verdict.standing}"
    if verdict.naive:
        yield from _paragraph("naive", verdict.naive)
        yield from _paragraph("documented", " | ".join(dict.fromkeys([*_logged(verdict), verdict.shown])))
        yield from _paragraph("told", verdict.told)
    yield from _paragraph("ours", verdict.ours)
    yield from _paragraph("policy", verdict.policy)
    for missing in verdict.missing:
        yield from _paragraph("missing", missing)


def row(verdict: Verdict) -> str:
    """One line of the table."""
    said = verdict.missing[0] if verdict.missing else "; ".join(filter(None, (verdict.naive, _ours(verdict))))
    policy = "policy refuses" if verdict.policy else ""
    return f"{verdict.standing:<12}{verdict.failure.slug:<34}{policy:<16}{textwrap.shorten(said, _WIDTH)}"


def totals(verdicts: Sequence[Verdict], seconds: float) -> str:
    """The last line."""
    counts = Counter(one.standing for one in verdicts)
    return ", ".join(f"{counts[one]} {one}" for one in Standing if counts[one]) + f" in {seconds:.0f} s"


def _logged(verdict: Verdict) -> list[str]:
    """The log's own text, one that names the failure alone before a state that others share."""
    logged = [one for one in verdict.failure.symptoms if one.logged]
    return [one.text for one in sorted(logged, key=lambda one: not one.decisive)][:1]


def _ours(verdict: Verdict) -> str:
    if not verdict.naive:
        return verdict.ours
    return "ours is refused" if verdict.ours.startswith("refused") else f"ours {verdict.ours}"


def _paragraph(name: str, text: str) -> list[str]:
    """What programs told, on one line however they broke theirs."""
    return paragraph(name, " ".join(text.split()), _WIDTH)
