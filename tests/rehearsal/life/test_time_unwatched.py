"""Where no engine of ours watches, as under a real Pulumi CLI, time passes for controllers all the same."""

import asyncio

from pokayoke_rehearsal.world.waits import Waits


def waits() -> Waits:
    made = Waits()
    made.patience = 0.0
    return made


def test_what_comes_with_a_controller_s_interval_ends_a_wait() -> None:
    made, records = waits(), ["shop.dev.example.com"]

    def interval() -> None:
        if records:
            records.clear()
            made.happened()

    made.timers.append(interval)
    assert asyncio.run(made.until(lambda: not records, lambda: "the record is there"))


def test_a_wait_that_no_interval_ends_is_given_up() -> None:
    made, looked = waits(), list[int]()
    made.timers.append(lambda: looked.append(1))
    assert not asyncio.run(made.until(lambda: False, lambda: "nobody"))
    assert looked == [1]


def test_time_passes_for_those_who_look_from_outside() -> None:
    made, records = waits(), ["shop.dev.example.com"]
    made.timers.append(records.clear)

    async def look() -> None:
        keeping = asyncio.create_task(made.keep_time())
        while records:
            await asyncio.sleep(0)
        keeping.cancel()

    asyncio.run(asyncio.wait_for(look(), 10))
    assert not records


def test_where_somebody_watches_time_is_theirs() -> None:
    made, looked = waits(), list[int]()
    made.watched = True
    made.timers.append(lambda: looked.append(1))

    async def look() -> None:
        keeping = asyncio.create_task(made.keep_time())
        for _ in range(5):
            await asyncio.sleep(0)
        keeping.cancel()

    asyncio.run(look())
    assert not looked
