"""Components, dynamic resources and policy packs: other processes that take part in an act."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from recordings import Player
from theatre import Theatre

from pokayoke_rehearsal.engine import Remediation, Result
from pokayoke_rehearsal.engine.urns import name_of

HERE = Path(__file__).parent


@asynccontextmanager
async def serving(*command: str) -> AsyncIterator[str]:
    """A process that says its port on its first line; gives its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-u", *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert process.stdout is not None
    try:
        port = (await process.stdout.readline()).decode().strip()
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()


def made(player: Player) -> list[str]:
    return [call["name"] for call in player.echo.calls if call["call"] == "Create"]


def errors(result: Result) -> list[str]:
    return [item.message for item in result.diagnostics if item.severity == "error"]


def test_a_remote_component_registers_its_children_while_it_is_constructed(theatre: Theatre) -> None:
    body = """
a = Thing("a", value="a")
pairs = [Pair(f"p{i}", value=a.computed) for i in range(6)]
after = Thing("after", value="x", opts=ResourceOptions(depends_on=[pairs[0]]))
use = Thing("use", source=pairs[1].second, secret=Pair("s", value=pulumi.Output.secret("hush")).second)
pulumi.export("second", pairs[1].second)
"""

    async def play() -> None:
        component = str(HERE / "component_provider.py")
        async with serving(component) as address, theatre.player(body, comp=address) as player:
            preview = (await player.play("preview")).result
            assert preview.ok, errors(preview)
            assert preview.changes["create"] == 25
            # Fewer may work at once than components wait for their children.
            up = (await player.play("up", parallel=2)).result
            assert up.ok, errors(up)
            assert up.outputs == {"second": "p1-second-1-computed"}
            order = made(player)
            assert order.index("p0-second") < order.index("after")
            assert order.index("p1-second") < order.index("use")
            children = {
                name_of(one["urn"]): name_of(one.get("parent", "::::::-")) for one in player.state()["resources"]
            }
            assert children["p3-first"] == "p3"
            assert dict((await player.play("up")).result.changes) == {"same": 25}
            assert (await player.play("destroy")).result.ok
            gone = [call["name"] for call in player.echo.calls if call["call"] == "Delete"]
            assert gone.index("after") < gone.index("p0-second") < gone.index("p0-first")

    theatre.run(play())


def test_transforms_options_and_providers_reach_the_children_of_a_remote_component(theatre: Theatre) -> None:
    body = """
e = Echo("e", region="here")

def stamp(args):
    if args.type_ == "echo:index:Thing":
        return pulumi.ResourceTransformResult(props={**args.props, "stamp": args.name}, opts=args.opts)

p = Pair("p", value="v", opts=ResourceOptions(providers={"echo": e}, protect=True, transforms=[stamp]))
"""

    async def play() -> None:
        component = str(HERE / "component_provider.py")
        async with serving(component) as address, theatre.player(body, comp=address) as player:
            up = (await player.play("up")).result
            assert up.ok, errors(up)
            (first,) = [one for one in player.state()["resources"] if name_of(one["urn"]) == "p-first"]
            assert first["inputs"] == {"value": "v", "stamp": "p-first"}
            assert first["protect"] is True
            assert "providers:echo::e::" in first["provider"]

    theatre.run(play())


def test_a_component_that_cannot_be_constructed_ends_the_act_with_its_own_words(theatre: Theatre) -> None:
    async def play() -> None:
        component = str(HERE / "component_provider.py")
        body = 'a = Thing("a", value="a")\nPair("p", fail=True, opts=ResourceOptions(depends_on=[a]))'
        async with serving(component) as address, theatre.player(body, comp=address) as player:
            up = (await player.play("up")).result
            assert not up.ok
            assert errors(up)[0].startswith("comp:index:Pair resource 'p' has a problem")
            assert "pair: refused" in errors(up)[0]
            assert "a" in [name_of(one["urn"]) for one in player.state()["resources"]]

    theatre.run(play())


def test_a_component_of_a_provider_that_is_not_configured_yet_stands_alone_in_the_preview(theatre: Theatre) -> None:
    body = """
class Comp(pulumi.ProviderResource):
    def __init__(self, name, opts=None, **props):
        super().__init__("comp", name, props, opts)

a = Thing("a", value="a")
p = Pair("p", value="v", opts=ResourceOptions(provider=Comp("c", endpoint=a.computed)))
b = Thing("b", value=p.second)
"""

    async def play() -> None:
        component = str(HERE / "component_provider.py")
        async with serving(component) as address, theatre.player(body, comp=address) as player:
            preview = (await player.play("preview")).result
            assert preview.ok, errors(preview)
            names = {name_of(step.urn) for step in preview.steps}
            assert "p" in names
            assert "p-first" not in names
            assert (await player.play("up")).result.ok
            assert "p-first" in made(player)

    theatre.run(play())


def test_dynamic_resources_are_resources_of_a_plugin_like_any_other(theatre: Theatre) -> None:
    body = """
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult


class Provider(ResourceProvider):
    def create(self, props):
        return CreateResult("made-" + props["n"], {**props, "told": "created"})

    def update(self, id, olds, news):
        return UpdateResult({**news, "told": "updated"})

    def diff(self, id, olds, news):
        return DiffResult(changes=olds["n"] != news["n"])


class Dynamic(Resource, module="m", name="D"):
    told: pulumi.Output[str]

    def __init__(self, name, props):
        super().__init__(Provider(), name, {**props, "told": None})


d = Dynamic("d", {"n": f"n{min(step, 2)}", "secret": pulumi.Output.secret("hush")})
pulumi.export("told", d.told)
"""

    async def play() -> None:
        async with (
            serving("-m", "pulumi.dynamic") as address,
            theatre.player(body, **{"pulumi-python": address}) as player,
        ):
            assert (await player.play("preview")).result.ok
            assert (await player.play("up")).result.outputs == {"told": "created"}
            assert "hush" not in str(player.state())
            assert dict((await player.play("up")).result.changes) == {"same": 2}
            assert (await player.play("up", 2)).result.outputs == {"told": "updated"}
            assert (await player.play("destroy", 2)).result.ok

    theatre.run(play())


def test_a_mandatory_policy_fails_a_preview_and_keeps_an_update_from_making_the_resource(theatre: Theatre) -> None:
    body = 'a = Thing("a", value="fine")\nb = Thing("b", value="forbidden", opts=ResourceOptions(depends_on=[a]))'

    async def play() -> None:
        async with (
            serving("-m", "pulumi.policy", "127.0.0.1:1", str(HERE / "pack")) as pack,
            theatre.player(body) as player,
        ):
            player.options = {"analyzers": [pack]}
            preview = (await player.play("preview")).result
            assert not preview.ok
            assert preview.changes["create"] == 3
            (found,) = preview.violations
            assert (found.policy, found.level, name_of(found.urn)) == ("forbidden", "mandatory", "b")
            assert "preview failed" in errors(preview)
            up = (await player.play("up")).result
            assert not up.ok
            assert made(player) == ["a"]
            assert "a" in [name_of(one["urn"]) for one in player.state()["resources"]]

    theatre.run(play())


def test_advice_fails_nothing_and_a_remediation_changes_the_inputs(theatre: Theatre) -> None:
    body = 'a = Thing("a", value="advised against")\nb = Thing("b", value="stamp me", s=pulumi.Output.secret("hush"))'

    async def play() -> None:
        async with (
            serving("-m", "pulumi.policy", "127.0.0.1:1", str(HERE / "pack")) as pack,
            theatre.player(body) as player,
        ):
            events: list[object] = []
            player.options = {"analyzers": [pack], "observe": events.append}
            up = (await player.play("up")).result
            assert up.ok, errors(up)
            assert [(item.policy, item.level) for item in up.violations] == [("advised", "advisory")]
            assert [item.policy for item in events if isinstance(item, Remediation)] == ["stamped"]
            (b,) = [one for one in player.state()["resources"] if name_of(one["urn"]) == "b"]
            assert b["inputs"]["stamp"] == "stamped"
            assert "hush" not in str(b)

    theatre.run(play())


def test_a_policy_on_the_stack_is_asked_when_all_is_made(theatre: Theatre) -> None:
    async def play() -> None:
        async with (
            serving("-m", "pulumi.policy", "127.0.0.1:1", str(HERE / "pack")) as pack,
            theatre.player("for i in range(1 + step): Thing(f't{i}', value=i)") as player,
        ):
            player.options = {"analyzers": [pack]}
            assert (await player.play("up", 1)).result.ok
            result = (await player.play("up", 2)).result
            assert not result.ok
            (found,) = result.violations
            assert "3 things are too many" in found.message
            assert sorted(made(player)) == ["t0", "t1", "t2"]

    theatre.run(play())
