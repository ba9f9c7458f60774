"""What acts do beyond the recordings: half-made resources, faults, what nobody knows, what is refused by name."""

import asyncio
import json

import pytest
from theatre import Theatre
from world_double import World

from pokayoke_rehearsal.engine import Fault, Result
from pokayoke_rehearsal.engine.urns import name_of


def errors(result: Result) -> list[str]:
    return [item.message for item in result.diagnostics if item.severity == "error"]


def test_a_resource_that_was_made_but_is_not_ready_is_kept_and_updated_by_the_next_run(theatre: Theatre) -> None:
    body = 'a = Thing("a", **({"fail": "init"} if step == 1 else {}))\nb = Thing("b", source=a.computed)'

    async def play() -> None:
        async with theatre.player(body) as player:
            first = await player.play("up", 1)
            assert not first.result.ok
            assert "echo: not ready" in errors(first.result)[0]
            (half,) = [one for one in first.state["resources"] if name_of(one["urn"]) == "a"]
            assert (half["id"], half["initErrors"]) == ("a-1", ["echo: not ready"])
            second = await player.play("up", 2)
            assert second.result.ok
            assert dict(second.result.changes) == {"same": 1, "update": 1, "create": 1}
            assert all("initErrors" not in one for one in second.state["resources"])

    theatre.run(play())


def test_a_failed_update_that_changed_something_keeps_the_old_inputs_and_the_new_state(theatre: Theatre) -> None:
    body = 'a = Thing("a", value=step, **({"fail": "init"} if step == 2 else {}))'

    async def play() -> None:
        async with theatre.player(body) as player:
            await player.play("up", 1)
            broken = await player.play("up", 2)
            (half,) = [one for one in broken.state["resources"] if name_of(one["urn"]) == "a"]
            assert half["inputs"] == {"value": 1}
            assert half["outputs"]["value"] == 2

    theatre.run(play())


def test_a_fault_is_told_from_one_that_meets_nothing(theatre: Theatre) -> None:
    async def play() -> None:
        async with theatre.player('a = Thing("a", value=1)') as player:
            met, missed, later = Fault("echo:index:Thing", "create"), Fault("nobody"), Fault("a", "delete")
            player.options = {"faults": [met, missed, later]}
            preview = (await player.play("preview")).result
            assert preview.ok
            assert preview.unmatched == (missed, later)
            result = (await player.play("up")).result
            assert not result.ok
            assert result.unmatched == (missed, later)

    theatre.run(play())


def test_an_urn_names_one_resource_for_a_fault(theatre: Theatre) -> None:
    async def play() -> None:
        async with theatre.player('a = Thing("a")\nb = Thing("b", source=a.computed)') as player:
            player.options = {
                "faults": [Fault("urn:pulumi:rec::recorded::echo:index:Thing::b", message="no more disks")]
            }
            result = (await player.play("up")).result
            assert [(name_of(item.urn), item.message) for item in result.failed] == [("b", "no more disks")]

    theatre.run(play())


def test_secrets_are_nowhere_in_plain_text(theatre: Theatre) -> None:
    body = """
token = pulumi.Config().require_secret("token")
a = Thing("a", token=token, deep={"list": [token]})
b = Thing("b", source=a.computed, opts=ResourceOptions(additional_secret_outputs=["computed"]))
pulumi.export("token", token)
pulumi.export("b", {"in": b.computed})
"""

    async def play() -> None:
        async with theatre.player(body) as player:
            journals: list[str] = []
            journal = player.directory / "journal.jsonl"
            player.options = {"observe": lambda _: journals.append(journal.read_text() if journal.exists() else "")}
            result = (await player.play("up", token="hush-hush")).result
            assert dict(result.outputs) == {"token": "[secret]", "b": {"in": "[secret]"}}
            kept = (player.directory / "state.json").read_text()
            assert max(map(len, journals)) > 0
            for text in (kept, "".join(journals), repr(result)):
                assert "hush-hush" not in text
                assert "b-1-computed" not in text
            inputs = next(request for kind, request in player.echo.requests if kind == "Create").properties
            assert "hush-hush" in str(inputs)

    theatre.run(play())


def test_a_provider_that_knows_no_secrets_gets_plain_values_and_they_stay_secret(theatre: Theatre) -> None:
    async def play() -> None:
        body = 'a = Thing("a", token=pulumi.Output.secret("hush"), open="o")'
        async with theatre.player(body, accepts_secrets=False) as player:
            assert (await player.play("up")).result.ok
            created = next(request for kind, request in player.echo.requests if kind == "Create")
            assert created.properties.fields["token"].string_value == "hush"
            assert "hush" not in json.dumps(player.state())
            assert dict((await player.play("up")).result.changes) == {"same": 2}

    theatre.run(play())


def test_a_preview_tells_all_that_nobody_knows_at_once(theatre: Theatre) -> None:
    body = """
class Any(pulumi.CustomResource):
    def __init__(self, kind, name, **props):
        super().__init__(kind, name, {**props, "out": None})

a = Thing("a", value="v")
b = Any("echo:index:Nothing", "b", source=a.computed)
c = Any("absent:index:Thing", "c", source=b.out)
d = Thing("d", source=c.out)
found = pulumi.runtime.invoke_output("echo:index:nobody", {})
e = Thing("e", source=found.apply(lambda value: value["x"]))
"""

    async def play() -> None:
        async with World({"echo:index:Thing"}) as world, theatre.player(body, world=world.address) as player:
            preview = (await player.play("preview")).result
            assert not preview.ok
            (message,) = errors(preview)
            for unknown in ("absent", "absent:index:Thing", "echo:index:Nothing", "echo:index:nobody"):
                assert unknown in message
            assert "echo:index:Thing" not in message
            asked = list(world.asked)
            assert len(asked) == len(set(asked))
            up = (await player.play("up")).result
            assert not up.ok
            assert "no double knows" in errors(up)[0]

    theatre.run(play())


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ('Thing("a", opts=ResourceOptions(import_="x"))', "import_"),
        ('Thing("a", opts=ResourceOptions(hooks=pulumi.ResourceHookBinding(before_create=[print])))', "hooks"),
        ('pulumi.StackReference("other")', "StackReference"),
        ('pulumi.runtime.register_invoke_transform(lambda args: None)\nThing("a")', "ransform"),
    ],
)
def test_what_the_engine_does_not_support_it_refuses_by_name(body: str, named: str, theatre: Theatre) -> None:
    async def play() -> None:
        async with theatre.player(body) as player:
            result = (await player.play("preview")).result
            assert not result.ok
            assert any(named in message for message in errors(result)), errors(result)
            assert player.echo.alive == {}

    theatre.run(play())


def test_a_program_may_be_gone_when_its_stack_is_destroyed(theatre: Theatre) -> None:
    async def play() -> None:
        async with theatre.player('a = Thing("a")') as player:
            await player.play("up")
            (theatre.program / "__main__.py").unlink()
            result = (await player.play("destroy")).result
            assert result.ok
            assert result.resources == 0

    theatre.run(play())


def test_independent_resources_are_made_side_by_side_but_no_more_than_allowed(theatre: Theatre) -> None:
    body = "things = [Thing(f't{i}', value=i) for i in range(12)]"

    async def play() -> None:
        async with theatre.player(body) as player:
            player.echo.slow = asyncio.Event()
            act = asyncio.create_task(player.play("up", parallel=4))
            await player.echo.until_busy(4)
            await asyncio.sleep(0)
            assert player.echo.busy == 4
            player.echo.slow.set()
            assert (await act).result.ok
            assert player.echo.busiest == 4

    theatre.run(play())
