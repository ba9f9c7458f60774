"""The state of a stack that was brought up in a rehearsal."""

import asyncio
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pokayoke_rehearsal.engine import Act, Engine, Stack, StateFile
from pokayoke_rehearsal.hosts.company import Company
from pokayoke_rehearsal.project import Project

_STACK = "dev"


def resources(repository: Path) -> Sequence[Mapping[str, Any]]:
    """What the state of dev holds after `up`. Raises RuntimeError when that failed."""
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(_up(repository, Path(directory)))
        return json.loads((Path(directory) / "state.json").read_text())["deployment"]["resources"]


async def _up(repository: Path, directory: Path) -> None:
    project = Project.around(repository)
    company = Company(project, directory, packs=(), output=lambda _: None)
    config = project.config_of(_STACK, secrets={})
    try:
        await company.start()
        async with Engine(
            stack=Stack(project=project.name, name=_STACK, config=config.values),
            state=StateFile(directory),
            plugins=await company.plugins(),
            program=company.program,
        ) as engine:
            result = await engine.run(Act.UP)
    finally:
        await company.close(keep_world=False)
    if not result.ok:
        raise RuntimeError("\n".join(str(one) for one in result.failed))
