"""The world process: `python -m pokayoke_rehearsal.world --directory DIR`.

Prints one line of JSON when it is ready and writes the same to DIR/world.json: `pid`, `plugins` (package -> address)
and `aws_endpoint`. It ends on SIGTERM.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from pokayoke_rehearsal.doubles.base import Double
from pokayoke_rehearsal.doubles.server import serve
from pokayoke_rehearsal.garbage import look_rarely
from pokayoke_rehearsal.world.double import WorldDouble
from pokayoke_rehearsal.world.model import World

DOUBLES = {"aws": "AwsDouble", "kubernetes": "KubernetesDouble", "eks": "EksDouble"}


def main() -> None:
    """Runs the world until it is told to end."""
    parser = argparse.ArgumentParser(prog="python -m pokayoke_rehearsal.world")
    parser.add_argument("--directory", type=Path, required=True, help="where world.json goes")
    # Of what is loaded nothing is ever garbage: looking for some in it takes a third of the whole start.
    gc.disable()
    asyncio.run(run(parser.parse_args().directory))


async def run(directory: Path) -> None:
    """Serves the doubles, announces them and waits for SIGTERM (or Ctrl-C, where the world is run by hand)."""
    from pokayoke_rehearsal.world.moto_aws import MotoAws, forget_the_account, listen

    forget_the_account()
    world = World()
    listener = listen()
    world.aws_endpoint = "http://{}:{}".format(*listener.getsockname())
    doubles = _doubles(world)
    served = {double.package: await serve(double) for double in (*doubles, WorldDouble(world, doubles))}
    _announce(directory, {package: address for package, (_, address) in served.items()}, world.aws_endpoint)
    # Only now: importing moto would hold up what is to be announced by half.
    world.start(lambda started: MotoAws(started, listener))
    meanwhile = [asyncio.create_task(world.waits.keep_time()), asyncio.create_task(_collect_once_started(world))]
    await _told_to_end()
    for task in meanwhile:
        task.cancel()
    for server, _ in served.values():
        await server.stop(grace=None)


async def _collect_once_started(world: World) -> None:
    # What kept AWS from starting is told to whoever asks for it.
    with suppress(Exception):
        await world.started()
    look_rarely()


def _doubles(world: World) -> list[Double]:
    found: list[Double] = []
    for package, name in DOUBLES.items():
        module = importlib.import_module(f"pokayoke_rehearsal.doubles.{package}")
        found.append(getattr(module, name)(world))
    return found


def _announce(directory: Path, plugins: dict[str, str], aws_endpoint: str) -> None:
    line = json.dumps({"pid": os.getpid(), "plugins": plugins, "aws_endpoint": aws_endpoint})
    directory.mkdir(parents=True, exist_ok=True)
    partial = directory / "world.json.new"
    partial.write_text(line + "\n", encoding="utf-8")
    partial.replace(directory / "world.json")
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def _told_to_end() -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(name, ended.set)
        except NotImplementedError:  # Windows: the default handler ends the process
            break
    await ended.wait()


if __name__ == "__main__":
    main()
