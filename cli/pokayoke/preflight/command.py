"""`pokayoke preflight STACK`: every check, in order; what cannot be asked is told, and the others go on."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import typer

from pokayoke.accounts import UNANSWERED, Clients, ambient
from pokayoke.failing import FELL_SHORT
from pokayoke.stacks import platform_of

from . import identity, names, pins, quotas, reach
from .machine import ThisMachine
from .verdict import Asking, Check, Machine, Outcome, RegionalCheck, Verdict

_GLOBAL: tuple[Check, ...] = (
    identity.administrator,
    identity.command_line,
    names.service_linked_roles,
    names.roles,
    names.leftovers,
    reach.delegation,
    reach.logins,
    reach.charts,
)
_REGIONAL: tuple[RegionalCheck, ...] = (
    identity.region_enabled,
    pins.zones,
    pins.kubernetes,
    pins.addons,
    pins.bottlerocket,
    pins.instance_types,
    quotas.networks,
    quotas.addresses,
    quotas.processors,
    quotas.free_addresses,
    reach.api_server,
)
_MARKS = {
    Outcome.FINE: "ok      ",
    Outcome.WARNING: "warning ",
    Outcome.REFUSED: "refused ",
    Outcome.UNASKED: "unasked ",
}


def preflight(
    stack: str,
    *,
    directory: Path | None = None,
    clients: Clients = ambient,
    machine: Machine | None = None,
    tell: Callable[[str], None] = typer.echo,
) -> int:
    """Says what stands in the way of `pulumi up`. The exit code is 0 when nothing does that could be asked.

    In another account than the config's, nothing else is asked.

    Raises:
        CommandError: the stack's config is not readable.
    """
    asking = Asking(platform_of(stack, directory or Path.cwd()), clients, machine or ThisMachine())
    every: list[Verdict] = []
    for where, verdicts in _asked(asking):
        for one in verdicts:
            every.append(one)
            tell(f"{_MARKS[one.outcome]}{where}: {one}" if where else f"{_MARKS[one.outcome]}{one}")
    counts = {outcome: sum(one.outcome is outcome for one in every) for outcome in Outcome}
    tell(", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count))
    return FELL_SHORT if counts[Outcome.REFUSED] or counts[Outcome.UNASKED] else 0


def _asked(asking: Asking) -> Iterator[tuple[str, Iterable[Verdict]]]:
    account = list(_guarded("account", identity.account(asking)))
    yield "", account
    if any(one.outcome is not Outcome.FINE for one in account):
        return
    for check in _GLOBAL:
        yield "", _guarded(check.__name__, check(asking))
    for region in asking.platform.regions:
        for check in _REGIONAL:
            yield region, _guarded(check.__name__, check(asking, region))


def _guarded(name: str, verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
    try:
        yield from verdicts
    except (*UNANSWERED, OSError) as error:
        yield Verdict(Outcome.UNASKED, f"{name.replace('_', ' ')}: {error}")
