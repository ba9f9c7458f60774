"""From what was typed to findings and an exit code."""

from datetime import date
from pathlib import Path

import typer

from pokayoke.check.formats import FORMATS, Told
from pokayoke.check.manifests import read_manifests
from pokayoke.check.state import read_state
from pokayoke.check.subject import Place, Subject
from pokayoke.failing import FELL_SHORT, CommandError
from pokayoke_policies.checking import check as judge


def check(state: Path | None, manifests: Path | None, *, form: str) -> int:
    """Judge an exported stack or manifests and write the findings; 1 where there are any.

    Raises:
        CommandError: not one of the two was given, or it cannot be read.
    """
    if state is not None and manifests is None:
        subject = read_state(state)
    elif manifests is not None and state is None:
        subject = read_manifests(manifests)
    else:
        raise CommandError("give --state FILE or --manifests DIR")
    found = _told(subject)
    typer.echo(FORMATS[form](found, len(subject.members)))
    return FELL_SHORT if any(one.judged for one in found) else 0


def _told(subject: Subject) -> list[Told]:
    told = [
        Told(one.policy, _named(one.urn), one.message, subject.places.get(one.urn, _nowhere(subject)), one.judged)
        for one in judge(subject.members, date.today(), whole=subject.whole)
    ]
    return sorted(dict.fromkeys(told), key=lambda one: (one.place.file, one.place.line or 0, one.resource, one.policy))


def _named(urn: str) -> str:
    """Type and name of a URN; what is about no single resource is about the stack."""
    *_, kind, name = ["", *urn.split("::")] if urn else ["", "the stack"]
    return f"{kind.rpartition('$')[2]} {name}".strip()


def _nowhere(subject: Subject) -> Place:
    return Place(next((place.file for place in subject.places.values()), ""))
