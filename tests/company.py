"""Programs through the very processes of a rehearsal, one program after the other: the processes start once."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3

import pokayoke_eks
from pokayoke_rehearsal.engine import Act, Engine, Result, Stack, StateFile
from pokayoke_rehearsal.hosts.company import Company
from pokayoke_rehearsal.project import Project

CONFIG = {"aws:region": "ap-northeast-2"}
"""What the stack files of programs that lean on the default provider say."""

WARMING = f"""
import pulumi_aws, pulumi_eks, pulumi_kubernetes
from pokayoke_eks import {", ".join(pokayoke_eks.__all__)}
"""
"""A program that imports what any program of ours does: the parent of all runs imports it once, ahead of them."""

Step = Act | Mapping[str, str] | Callable[[], object]
"""An act, what the stack files say from then on, or something that others do in the account."""


class Performers:
    """The processes that `pokayoke rehearse` starts, for programs that take turns.

    A program must leave nothing in the world, which the next one shares; `state` is each one's own.
    """

    def __init__(self, directory: Path) -> None:
        self._program = directory / "program"
        self._program.mkdir()
        (self._program / "__main__.py").write_text(WARMING)
        self._directory = directory
        self._runner = asyncio.Runner()
        self._company = Company(Project.at(self._program), directory, packs=(), output=lambda _: None)
        self._plugins: dict[str, str] = {}
        self._started = False
        self._count = 0

    def perform(self, program: Path, acts: Sequence[Step], *, config: Mapping[str, str] = CONFIG) -> list[Result]:
        """The acts of the program in this folder."""
        self._runner.run(self._start())
        # What is compiled of a text as long, of the same second, would pass for this one.
        shutil.rmtree(self._program / "__pycache__", ignore_errors=True)
        shutil.copytree(program, self._program, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        self._count += 1
        return self._runner.run(self._perform(program.name, acts, config))

    def client(self, service: str, region: str = CONFIG["aws:region"]) -> Any:
        """A boto3 client of the world, for what others do in the account."""
        self._runner.run(self._start())
        world = self._company.world
        assert world is not None
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=world.aws_endpoint,
            aws_access_key_id="of-the-world",
            aws_secret_access_key="of-the-world",
        )

    def left(self) -> list[str]:
        """What the world still holds."""
        self._runner.run(self._start())
        return [str(one) for one in self._runner.run(self._company.leftovers()).world]

    @property
    def state(self) -> Path:
        """The state of the program that is or was performed last, as an export of it."""
        return StateFile(self._directory / f"state-{self._count}").path

    def close(self) -> None:
        self._runner.run(self._company.close(keep_world=False))
        self._runner.close()

    async def _start(self) -> None:
        if not self._started:
            await self._company.start()
            await self._company.program.warm()
            self._plugins.update(await self._company.plugins())
            self._started = True

    async def _perform(self, name: str, acts: Sequence[Step], config: Mapping[str, str]) -> list[Result]:
        stack = Stack(name, "dev", dict(config))
        state = StateFile(self._directory / f"state-{self._count}")
        results: list[Result] = []
        lookout = self._company.lookout()
        engine = Engine(stack=stack, state=state, plugins=self._plugins, program=self._company.program, lookout=lookout)
        async with contextlib.AsyncExitStack() as held:
            held.push_async_callback(lookout.close)
            await held.enter_async_context(engine)
            for act in acts:
                if isinstance(act, Act):
                    results.append(await engine.run(act))
                elif isinstance(act, Mapping):
                    engine.stack = Stack(name, "dev", dict(act))
                else:
                    act()
        return results
