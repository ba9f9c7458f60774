"""From what was typed to findings and an exit code."""

from datetime import date
from pathlib import Path

import typer

from pokayoke.check.configs import Configs
from pokayoke.check.formats import FORMATS, Told
from pokayoke.check.manifests import read_manifests
from pokayoke.check.state import read_state
from pokayoke.check.subject import Place, Subject, named
from pokayoke.failing import FELL_SHORT, CommandError
from pokayoke_policies.checking import check as judge

UNREAD = "unreadable"
"""What a file is told as that cannot be read; no policy's name."""


def check(
    *,
    state: Path | None = None,
    manifests: Path | None = None,
    events: Path | None = None,
    config: Path | None = None,
    form: str,
) -> int:
    """Judge an exported stack or manifests, or read what a preview's packs said; write the findings; 1 where any is
    mandatory. `config` is a file as `pulumi preview --policy-pack-config` takes one.

    Raises:
        CommandError: not one of the three was given, or it cannot be read, or the configuration is wrong.
    """
    if sum(one is not None for one in (state, manifests, events)) != 1:
        raise CommandError("give --state FILE, --manifests DIR or --events FILE")
    if events is not None:
        if config is not None:
            raise CommandError("give --policy-pack-config to the preview that wrote the events")
        from pokayoke.check.events import read_events

        found, checked = read_events(events)
    else:
        configs = Configs.read(config) if config is not None else Configs()
        subject = read_state(state) if state is not None else read_manifests(manifests or Path())
        found, checked = _judged(subject, configs), len(subject.members)
    typer.echo(FORMATS[form](found, checked))
    return FELL_SHORT if any(one.mandatory for one in found) else 0


def _judged(subject: Subject, configs: Configs) -> list[Told]:
    told = [
        Told(
            one.policy,
            named(one.urn),
            one.message,
            subject.places.get(one.urn, _nowhere(subject)).of(one.message),
            mandatory=one.judged and configs.is_mandatory(one.policy, advice=one.advice),
        )
        for one in judge(subject.members, date.today(), whole=subject.whole, configs=configs.properties)
        if not configs.is_off(one.policy)
    ]
    told += [Told(UNREAD, one.place.file, one.problem, one.place, mandatory=True) for one in subject.unread]
    return sorted(dict.fromkeys(told), key=lambda one: (one.place.file, one.place.line or 0, one.resource, one.policy))


def _nowhere(subject: Subject) -> Place:
    return Place(next((place.file for place in subject.places.values()), ""))
