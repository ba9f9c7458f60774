"""A run that broke off goes on where it was: the same end, and nothing made twice."""

import asyncio
import sys
from collections import Counter
from pathlib import Path

import pytest
from programs import FIFTEEN, FIFTEEN_NAMES
from recordings import Player, normalised, sorted_dependencies
from theatre import Theatre

from pokayoke_rehearsal.engine import Event, Fault, StateFile, StepEnded, StepStarted
from pokayoke_rehearsal.engine.urns import name_of

HELPER = Path(__file__).with_name("engine_process.py")


def end_of(player: Player) -> object:
    """What the state says, but for the numbers that the double counts up."""
    return sorted_dependencies(normalised(player.state()))


def created(player: Player) -> Counter[str]:
    return Counter(call["name"] for call in player.echo.calls if call["call"] == "Create")


def test_a_failed_create_of_any_resource_is_made_up_for_by_the_next_run(theatre: Theatre) -> None:
    async def play() -> None:
        async with theatre.player(FIFTEEN) as player:
            assert (await player.play("up")).result.ok
            wanted = end_of(player)
        for name in FIFTEEN_NAMES:
            async with theatre.player(FIFTEEN) as player:
                player.options = {"faults": [Fault(name, "create", "the cloud is full")]}
                broken = (await player.play("up")).result
                assert [(item.operation, name_of(item.urn)) for item in broken.failed] == [("create", name)]
                assert "the cloud is full" in [item.message for item in broken.diagnostics]
                assert player.state()["pending_operations"] == []
                player.options = {}
                assert (await player.play("up")).result.ok
                assert end_of(player) == wanted
                assert created(player) == Counter(FIFTEEN_NAMES)

    theatre.run(play())


def test_a_failed_update_of_any_resource_is_made_up_for_by_the_next_run(theatre: Theatre) -> None:
    async def play() -> None:
        async with theatre.player(FIFTEEN) as player:
            wanted: dict[int, object] = {}
            for step in (1, 2, 1):
                await player.play("up", step)
                wanted[step] = end_of(player)
        async with theatre.player(FIFTEEN) as player:
            await player.play("up", 1)
            for turn, name in enumerate(FIFTEEN_NAMES):
                step = 1 + (turn + 1) % 2
                player.options = {"faults": [Fault(name, "update")]}
                broken = (await player.play("up", step)).result
                assert [(item.operation, name_of(item.urn)) for item in broken.failed] == [("update", name)]
                player.options = {}
                assert (await player.play("up", step)).result.ok
                assert end_of(player) == wanted[step]
            assert created(player) == Counter(FIFTEEN_NAMES)

    theatre.run(play())


def test_a_failed_delete_of_any_resource_is_made_up_for_by_the_next_run(theatre: Theatre) -> None:
    async def play() -> None:
        for name in FIFTEEN_NAMES:
            async with theatre.player(FIFTEEN) as player:
                await player.play("up")
                player.options = {"faults": [Fault(name, "delete")]}
                broken = (await player.play("destroy")).result
                assert [(item.operation, name_of(item.urn)) for item in broken.failed] == [("delete", name)]
                left = {name_of(resource["urn"]) for resource in player.state()["resources"]}
                assert name in left
                player.options = {}
                assert (await player.play("destroy")).result.ok
                assert player.state()["resources"] == []
                assert player.echo.alive == {}

    theatre.run(play())


def test_what_was_running_when_a_run_is_canceled_ends_and_the_next_run_goes_on(theatre: Theatre) -> None:
    async def play() -> None:
        async with theatre.player(FIFTEEN) as player:
            await player.play("up")
            wanted = end_of(player)
        for name in ("root-2", "middle-1", "leaf-3", "last"):
            async with theatre.player(FIFTEEN) as player:

                def interrupt(event: Event, name: str = name, player: Player = player) -> None:
                    if isinstance(event, StepStarted) and name_of(event.urn) == name:
                        assert player.engine is not None
                        player.engine.cancel()

                player.options = {"observe": interrupt}
                broken = (await player.play("up")).result
                assert not broken.ok
                assert "update canceled" in [item.message for item in broken.diagnostics]
                made = created(player)
                assert made[name] == 1
                left = {name_of(resource["urn"]) for resource in player.state()["resources"]}
                assert set(made) <= left
                player.options = {}
                assert (await player.play("up")).result.ok
                assert end_of(player) == wanted
                assert created(player) == Counter(FIFTEEN_NAMES)

    theatre.run(play())


def test_what_takes_longer_ends_later_and_changes_nothing_else(theatre: Theatre) -> None:
    async def play() -> None:
        ends: list[list[str]] = []
        states: list[object] = []
        for slow in ("root-1", "root-3"):
            async with theatre.player(FIFTEEN) as player:
                ended: list[str] = []

                def note(event: Event, ended: list[str] = ended) -> None:
                    if isinstance(event, StepEnded):
                        ended.append(name_of(event.urn))

                def latency(urn: str, operation: str, slow: str = slow) -> float:
                    return 0.2 if name_of(urn) == slow and operation == "create" else 0.0

                player.options = {"observe": note, "latency": latency}
                assert (await player.play("up")).result.ok
                ends.append([name for name in ended if name in ("root-1", "root-2", "root-3")])
                states.append(end_of(player))
        assert [order[-1] for order in ends] == ["root-1", "root-3"]
        assert states[0] == states[1]

    theatre.run(play())


@pytest.mark.parametrize(("name", "unsure"), [("root-1", False), ("middle-3", False), ("leaf-2", True), ("last", True)])
def test_a_killed_engine_is_resumed_from_its_journal(name: str, unsure: bool, theatre: Theatre) -> None:
    async def play() -> None:
        async with theatre.player(FIFTEEN) as player:
            await player.play("up")
            wanted = end_of(player)
        async with theatre.player(FIFTEEN) as player:
            moment = "started" if unsure else "ended"
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, str(HELPER), str(theatre.program), str(player.directory)),
                *(player.echo.address, moment, name),
            )
            assert await process.wait() == 9
            assert (player.directory / "journal.jsonl").exists()
            resumed = (await player.play("up")).result
            assert resumed.ok
            warnings = [item.message for item in resumed.diagnostics if item.severity == "warning"]
            if unsure:
                assert f"{name}, interrupted while creating" in warnings[0]
                assert [item["type"] for item in player.state()["pending_operations"]] == ["creating"]
                assert [name_of(urn) for urn in StateFile(player.directory).clear_pending_creates()] == [name]
                again = (await player.play("up")).result
                assert [item.message for item in again.diagnostics if item.severity == "warning"] == []
            else:
                assert warnings == []
                assert end_of(player) == wanted
            assert created(player) == Counter(FIFTEEN_NAMES)

    theatre.run(play())
