"""A real Pulumi CLI as a stage, over the same world."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pokayoke_rehearsal.hosts.pulumi_cli import PulumiCli, find_pulumi
from pokayoke_rehearsal.hosts.world import WorldHost
from pokayoke_rehearsal.plan import PlannedAct, Remains, Story
from pokayoke_rehearsal.rehearse import Request, Tell

if TYPE_CHECKING:
    from pokayoke_rehearsal.engine.events import Result


class PulumiStage:
    """`pulumi` from the PATH, with home, backend and project in a temporary folder that goes in the end."""

    def __init__(self, request: Request, tell: Tell) -> None:
        self.resumed = False
        self.destroy_unfinished = False
        self._request = request
        self._tell = tell
        self._pulumi = find_pulumi()
        self._folder = Path(tempfile.mkdtemp(prefix="pokayoke-"))
        self._world = WorldHost(self._folder / "world", owned=True)
        self._cli: PulumiCli | None = None

    async def start(self) -> None:
        """Starts the world and makes the stack.

        Raises:
            HostError: the world or the CLI does not start.
        """
        request = self._request
        world = await self._world.start()
        self._cli = PulumiCli(
            self._folder,
            project=request.project,
            stack=request.stack,
            world=world,
            packs=request.packs,
            pack_configs=[config.file for config in request.pack_configs],
            pulumi=self._pulumi,
        )
        await self._cli.prepare(request.config)

    async def run(self, planned: PlannedAct) -> "Result":
        """Performs an act."""
        from pokayoke_rehearsal.engine.events import Act

        assert self._cli is not None  # noqa: S101 - started
        if planned.config:
            self._cli.configure(planned.config)
        return await self._cli.run(Act(planned.act), self._tell.event)

    def cancel(self) -> None:
        """Ends the act that runs."""
        if self._cli is not None:
            self._cli.cancel()

    async def resources(self) -> Sequence[Mapping[str, Any]]:
        """The state's resources."""
        assert self._cli is not None  # noqa: S101 - started
        return await self._cli.resources()

    async def leftovers(self) -> Remains:
        """What the world still holds."""
        from pokayoke_rehearsal.hosts.leftovers import leftovers

        assert self._world.world is not None  # noqa: S101 - started
        return await leftovers(self._world.world.plugins["world"])

    async def operate(self) -> Story:
        """Has the world tell what lives in it."""
        from pokayoke_rehearsal.hosts.operate import operate

        assert self._world.world is not None  # noqa: S101 - started
        return await operate(self._world.world.plugins["world"])

    async def change_by_hand(self) -> Mapping[str, str]:
        """Has the world change something."""
        from pokayoke_rehearsal.hosts.by_hand import change_by_hand

        assert self._world.world is not None  # noqa: S101 - started
        return await change_by_hand(self._world.world.plugins["world"], await self.resources())

    async def close(self, *, failed: bool) -> Path | None:  # noqa: ARG002 - nothing of a throw-away stack is kept
        """Ends CLI and world and removes the folder."""
        if self._cli is not None:
            await self._cli.close()
        await self._world.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
        return None
