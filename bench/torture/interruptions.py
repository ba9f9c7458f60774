"""Every creation is interrupted just after it happened: the world has it, the state has it as pending.

It is what a kill leaves at the worst moment, for all resources of one depth of the dependency graph at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3

from pokayoke.sweep.command import sweep
from pokayoke_rehearsal.engine import Act, Fault, Result
from pokayoke_rehearsal.engine.graph import DependencyGraph
from pokayoke_rehearsal.engine.state import CREATING, PendingOperation, Snapshot

from .faults import FAULT
from .life import ROOT, Life, require, told
from .undisturbed import Undisturbed

_REFUSALS = ("AlreadyExists", "already exist", "AlreadyAssociated", "ResourceInUse", "Duplicate", "still in use")
"""In what AWS, Kubernetes and Helm say of a name that is taken."""


@dataclass(frozen=True)
class Interrupted:
    """How many creations were interrupted and named, refused by name, and swept."""

    pending: int
    refused: int
    swept: int


def refused(message: str) -> bool:
    """Whether a creation was refused since what it creates is there."""
    return any(word in message for word in _REFUSALS)


async def interrupt(life: Life, undisturbed: Undisturbed) -> Interrupted:
    """A life in which every creation is interrupted once.

    Raises:
        FellShortError: the next run does not name one, the sweep leaves one, or the end is another.
    """
    clients, depths = _clients(life.aws_endpoint), undisturbed.depths
    pending = refusals = swept = 0
    for depth, after in zip(depths, [*depths[1:], []], strict=True):
        urns = {one.urn for one in depth}
        faults = [Fault(one.urn, "create", FAULT, late=True) for one in after]
        _require_struck(await life.run(Act.UP, faults), faults)
        created = _forget(life, urns)
        again = await life.run(Act.UP, faults)
        refusals += _require_named(again, urns)
        found: list[str] = []
        code = sweep(
            life.stack,
            removing=True,
            yes=True,
            state=life.state.path,
            directory=ROOT,
            clients=clients,
            tell=found.append,
        )
        require(code == 0, f"the sweep leaves something: {found}")
        swept += sum(line.startswith("ap-") for line in found)
        known = {one.urn for one in life.resources()}
        await life.remove_by_hand([one for one in created if one["urn"] not in known])
        life.state.clear_pending_creates()
        pending += len(urns)
    await life.do(Act.UP)
    await undisturbed.require_same(life)
    await life.allow_destroy()
    await life.do(Act.DESTROY)
    await life.require_gone()
    return Interrupted(pending, refusals, swept)


def _require_struck(result: Result, faults: Sequence[Fault]) -> None:
    struck = {one.urn for one in result.failed if one.message == FAULT}
    missed = {one.target for one in faults} ^ struck
    require(not missed, f"an up in which a depth fails: {told(result)}; at {sorted(missed)}")


def _forget(life: Life, urns: set[str]) -> list[dict[str, Any]]:
    """Makes pending creations of what was created, and drops what the engine keeps about them alone."""
    snapshot = life.state.load()
    graph = DependencyGraph(snapshot.resources)
    forgotten = [one for one in snapshot.resources if one.urn in urns]
    behind = {other.urn for one in forgotten for other in graph.depending_on(one)}
    left = [one for one in snapshot.resources if one.urn not in urns | behind]
    creations = [one.copy() for one in forgotten]
    for one in creations:
        one.id, one.outputs = "", None
    # Providers lead to where things are, also after they are forgotten.
    exported = [
        one.export(life.state.vault) for one in [*creations, *(one for one in snapshot.resources if one.is_provider)]
    ]
    life.state.save(Snapshot(left, [PendingOperation(one, CREATING) for one in creations]))
    return exported


def _require_named(result: Result, urns: set[str]) -> int:
    said = "\n".join(one.message for one in result.diagnostics if one.severity == "warning")
    unnamed = [urn for urn in urns if f"{urn}, interrupted while {CREATING}" not in said]
    require(not unnamed, f"the next run does not name what was interrupted: {unnamed}")
    failed = [one for one in result.failed if one.message != FAULT]
    strange = [one for one in failed if one.urn not in urns or not refused(one.message)]
    require(not strange, f"the next run fails at something else than what was interrupted: {strange}")
    return len(failed)


def _clients(endpoint: str) -> Any:
    @cache
    def client(service: str, region: str) -> Any:
        """Leads to the world, whose keys are worth nothing anywhere else."""
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id="rehearsal",
            aws_secret_access_key="rehearsal",  # noqa: S106 - worth nothing anywhere
        )

    return client
