"""An engine in a process of its own that is killed in the middle: PROGRAM STATE ECHO started|ended NAME."""

import asyncio
import os
import sys
from pathlib import Path

from pokayoke_rehearsal.engine import Act, Engine, Event, Stack, StateFile, StepEnded, StepStarted
from pokayoke_rehearsal.engine.urns import name_of
from pokayoke_rehearsal.hosts.program import ProgramHost


async def main(program: Path, state: Path, echo: str, moment: str, name: str) -> None:
    kind = StepStarted if moment == "started" else StepEnded

    def observe(event: Event) -> None:
        if isinstance(event, kind) and name_of(event.urn) == name:
            os._exit(9)

    engine = Engine(
        stack=Stack("recorded", "rec", {"recorded:step": "1"}),
        state=StateFile(state),
        plugins={"echo": echo},
        program=ProgramHost(program),
        observe=observe,
        parallel=1,
    )
    async with engine:
        await engine.run(Act.UP)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]))
