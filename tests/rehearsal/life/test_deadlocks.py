"""What can go on, goes on; what cannot ends at once and says what waits for what."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from pokayoke_rehearsal.doubles.base import Call, Created, Difference, Double, Inputs, ProviderError, difference
from pokayoke_rehearsal.doubles.server import serve
from pokayoke_rehearsal.engine import Act, Engine, Result, Stack, StateFile
from pokayoke_rehearsal.hosts.dynamic import PACKAGE, DynamicHost
from pokayoke_rehearsal.hosts.lookout import WorldLookout
from pokayoke_rehearsal.hosts.program import ProgramHost
from pokayoke_rehearsal.world.double import WorldDouble
from pokayoke_rehearsal.world.model import World

HEADER = """
import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

class Thing(pulumi.CustomResource):
    def __init__(self, name, *needs, **inputs):
        super().__init__("knot:index:Thing", name, inputs, pulumi.ResourceOptions(depends_on=needs))
"""


class Knot(Double):
    """Things that are well once the one named by `wants` is there, and gone once the one named by `until` is."""

    package = "knot"

    def __init__(self, world: World) -> None:
        self.world, self.there = world, set[str]()

    def answered(self) -> None:
        self.world.waits.happened()

    def knows_type(self, token: str) -> bool:
        return True

    async def check_resource(self, call: Call, olds: Inputs | None, news: Inputs) -> Inputs:
        return news

    async def diff_resource(self, call: Call, old_inputs: Inputs, olds: Inputs, news: Inputs) -> Difference:
        return difference(old_inputs, news)

    async def create_resource(self, call: Call, inputs: Inputs) -> Created:
        wanted = inputs.get("wants", "")
        self.there.add(f"{call.name}-id")
        await self._wait(lambda: not wanted or wanted in self.there, f"{call.name} waits until {wanted} is there")
        return Created(f"{call.name}-id", inputs)

    async def delete_resource(self, call: Call, old_inputs: Inputs, olds: Inputs) -> None:
        self.there.discard(call.resource_id)
        other = old_inputs.get("until", "")
        await self._wait(lambda: other not in self.there, f"{call.name} is DELETING until {other} is deleted")

    async def _wait(self, done: Callable[[], bool], words: str) -> None:
        if not await self.world.waits.until(done, lambda: words):
            raise ProviderError(f"timeout: {words}")


class Player:
    """Runs programs over a knot; a wait that nobody ends would last for ever."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        (directory / "program").mkdir()
        self._write("")
        self._host = ProgramHost(directory / "program")
        self._runner = asyncio.Runner()
        self._count = 0

    def play(self, program: str, *acts: Act, parallel: int = 16) -> list[Result]:
        self._write(program)
        self._count += 1
        return self._runner.run(self._play(self._directory / str(self._count), acts, parallel))

    def close(self) -> None:
        self._runner.run(self._host.close())
        self._runner.close()

    async def _play(self, state: Path, acts: tuple[Act, ...], parallel: int) -> list[Result]:
        world = World()
        world.waits.patience = 600
        knot = Knot(world)
        served = {double.package: await serve(double) for double in (knot, WorldDouble(world, [knot]))}
        plugins = {package: address for package, (_, address) in served.items()}
        dynamic = DynamicHost(self._directory / "program", project="knots")
        await dynamic.start()
        lookout = WorldLookout(plugins["world"], self._host.pulse)
        try:
            plugins[PACKAGE] = await dynamic.serve("http://127.0.0.1:1", plugins["world"])
            engine = Engine(
                stack=Stack("knots", "dev"),
                state=StateFile(state),
                plugins=plugins,
                program=self._host,
                parallel=parallel,
                lookout=lookout,
            )
            async with engine:
                return [await engine.run(act) for act in acts]
        finally:
            await lookout.close()
            await dynamic.close()
            for server, _ in served.values():
                await server.stop(grace=None)

    def _write(self, program: str) -> None:
        (self._directory / "program" / "__main__.py").write_text(HEADER + program)


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Generator[Player]:
    made = Player(tmp_path_factory.mktemp("knots"))
    yield made
    made.close()


def test_a_deletion_that_waits_for_what_must_go_after_it_is_told_with_both_ends(player: Player) -> None:
    program = 'first = Thing("first")\nmiddle = Thing("middle", first)\nThing("last", middle, until="first-id")'
    up, destroy = player.play(program, Act.UP, Act.DESTROY)
    assert up.ok
    assert not destroy.ok
    assert destroy.deadlock == (
        "delete of knot:index:Thing last waits: last is DELETING until first-id is deleted",
        "delete of knot:index:Thing first has not started: first goes knot:index:Thing last, which depends on it"
        " by way of knot:index:Thing middle",
    )
    assert [failure.message for failure in destroy.failed] == ["timeout: last is DELETING until first-id is deleted"]


def test_the_same_deletions_beside_one_another_are_no_deadlock(player: Player) -> None:
    program = 'Thing("first", until="last-id")\nThing("last", until="first-id")'
    assert all(result.ok and not result.deadlock for result in player.play(program, Act.UP, Act.DESTROY))


def test_a_creation_for_which_there_is_no_room_is_told(player: Player) -> None:
    program = 'Thing("a", wants="b-id")\nThing("b", wants="a-id")'
    assert player.play(program, Act.UP)[0].ok
    (alone,) = player.play(program, Act.UP, parallel=1)
    one, other = ("a", "b") if " a waits" in alone.deadlock[0] else ("b", "a")
    assert alone.deadlock == (
        f"create of knot:index:Thing {one} waits: {one} waits until {other}-id is there",
        f"create of knot:index:Thing {other} has not started: all that may run at a time waits",
    )


@pytest.mark.parametrize("work", ["time.sleep(1)", "await asyncio.to_thread(time.sleep, 1)"], ids=["itself", "thread"])
def test_a_program_that_works_meanwhile_is_waited_for(player: Player, work: str) -> None:
    program = f"""
import asyncio, time
Thing("first", wants="second-id")
async def slowly(urn):
    {work}
    Thing("second")
pulumi.export("made", Thing("quick").urn.apply(slowly))
"""
    (up,) = player.play(program, Act.UP)
    assert up.ok
    assert not up.deadlock


DYNAMIC = """
import time
class Sleeper(ResourceProvider):
    def __init__(self, seconds, rounds):
        self.seconds, self.rounds = seconds, rounds
    def create(self, props):
        end = time.monotonic() + self.seconds
        while self.rounds and time.monotonic() < end:
            time.sleep(1)
        if not self.rounds:
            time.sleep(self.seconds)
        return CreateResult("slept", {})
class Nap(Resource):
    pass
"""


@pytest.mark.parametrize("rounds", [True, False], ids=["polls", "sleeps"])
def test_time_passes_for_whoever_sleeps_and_what_follows_ends_the_waits(player: Player, rounds: bool) -> None:
    program = f"""{DYNAMIC}
Thing("first", wants="second-id")
Thing("second", Nap(Sleeper(3000, {rounds}), "nap", {{}}))
"""
    (up,) = player.play(program, Act.UP)
    assert up.ok, up.diagnostics


def test_many_that_sleep_keep_nobody_from_their_threads(player: Player) -> None:
    naps = ", ".join(f'Nap(Sleeper(3000, True), "nap-{number}", {{}})' for number in range(6))
    (up,) = player.play(f'{DYNAMIC}\nThing("first", wants="second-id")\nThing("second", {naps})', Act.UP)
    assert up.ok, up.diagnostics


def test_who_would_sleep_for_ever_is_told(player: Player) -> None:
    program = """
import time
class Never(ResourceProvider):
    def create(self, props):
        while True:
            time.sleep(1)
class Forever(Resource):
    pass
Forever(Never(), "never", {})
"""
    (up,) = player.play(program, Act.UP)
    (failure,) = up.failed
    assert "nothing can happen any more that this resource could wait for" in failure.message
