"""The eks double, served as the world serves it."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from eks_monitor import RecordingMonitor
from eks_recording import Record, children, run
from eks_vocabulary import Program

from pokayoke_rehearsal.doubles.eks import EksDouble
from pokayoke_rehearsal.doubles.server import serve


@pytest.fixture(scope="session")
def double() -> Iterator[str]:
    """The double's address."""
    started: list[Any] = []
    ready = threading.Event()

    async def live() -> None:
        server, address = await serve(EksDouble())
        ended = asyncio.Event()
        started.extend([address, asyncio.get_running_loop(), ended])
        ready.set()
        await ended.wait()
        await server.stop(None)

    thread = threading.Thread(target=asyncio.run, args=(live(),))
    thread.start()
    ready.wait()
    address, loop, ended = started
    yield address
    loop.call_soon_threadsafe(ended.set)
    thread.join()


Built = dict[str, Record]


@pytest.fixture
def build(double: str) -> Callable[..., Built]:
    """Builds a program with the double and answers what it registered, by name."""

    def built(program: Program, *, preview: bool = False, **options: Any) -> Built:
        with RecordingMonitor(preview=preview) as monitor:
            run(double, program, monitor, **options)
            return {record["name"]: record for record in children(monitor, program).values()}

    return built
