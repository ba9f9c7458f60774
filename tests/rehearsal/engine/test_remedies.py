"""The pack at level `remediate`, in acts: what a provider is asked to make, and what the state holds."""

from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from datetime import date
from typing import Any

import grpc
from pulumi.runtime.proto import analyzer_pb2_grpc
from pulumi_policy import EnforcementLevel
from recordings import Player
from theatre import Theatre

from pokayoke_policies.analyzer import Analyzer
from pokayoke_policies.pack import policies
from pokayoke_rehearsal.engine import Diagnostic, Remediation
from pokayoke_rehearsal.engine.urns import name_of
from pokayoke_rehearsal.engine.values import from_struct
from pokayoke_rehearsal.pack_config import Setting

PROGRAM = """
class Repository(pulumi.CustomResource):
    def __init__(self, name, **props):
        super().__init__("aws:ecr/repository:Repository", name, props)

tags = {"lifecycle": "disposable", "key": pulumi.Output.secret("hush")}
Repository("mended", tags=tags, fixed=min(step, 2), code=pulumi.StringAsset("x"))
Repository("right", tags=tags, forceDelete=True)
"""
EMPTYING = "registry-not-empty"


@contextmanager
def served() -> Iterator[str]:
    """The pack's address."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=2))
    pack = Analyzer("pack", "0", policies(date(2026, 11, 21)), EnforcementLevel.MANDATORY)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(pack, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None)


def inputs(player: Player) -> dict[str, Any]:
    """What the state holds of each repository."""
    return {name_of(one["urn"]): one["inputs"] for one in player.state()["resources"] if "Repository" in one["type"]}


def remediated(events: list[object]) -> list[tuple[str, str]]:
    """What was told since, by policy and resource."""
    told = [(one.policy, name_of(one.urn)) for one in events if isinstance(one, Remediation)]
    events.clear()
    return told


def test_what_the_pack_mends_is_told_made_and_kept_in_state(theatre: Theatre) -> None:
    async def play() -> None:
        events: list[object] = []
        with served() as pack:
            async with theatre.player(PROGRAM) as player:
                player.plugins = {"aws": player.echo.address}
                player.options = {
                    "analyzers": [pack],
                    "policy_settings": [{EMPTYING: Setting("remediate")}],
                    "observe": events.append,
                }
                assert (await player.play("preview")).result.ok
                assert remediated(events) == [(EMPTYING, "mended")]
                assert player.echo.alive == {}

                up = await player.play("up")
                assert up.result.ok
                assert remediated(events) == [(EMPTYING, "mended")]
                made = [from_struct(one.properties) for call, one in player.echo.requests if call == "Create"]
                assert [one["forceDelete"] for one in made] == [True] * 4  # twice in the previews
                assert inputs(player)["mended"].pop("forceDelete") is True
                assert inputs(player)["mended"]["code"]["text"] == "x"
                assert "hush" not in str(inputs(player))

                again = await player.play("up")
                assert {call["call"] for call in again.calls} == {"Configure"}

                # As Pulumi does, the engine makes a replacement of what the program says.
                assert (await player.play("up", 2)).result.ok
                assert "forceDelete" not in inputs(player)["mended"]
                assert (await player.play("up", 3)).result.ok
                assert inputs(player)["mended"]["forceDelete"] is True

    theatre.run(play())


def test_a_level_that_is_not_for_a_policy_ends_the_act_before_anything_is_asked(theatre: Theatre) -> None:
    async def play() -> None:
        events: list[object] = []
        with served() as pack:
            async with theatre.player(PROGRAM) as player:
                player.options = {
                    "analyzers": [pack],
                    "policy_settings": [{"no-egress": Setting("remediate")}],
                    "observe": events.append,
                }
                assert not (await player.play("up")).result.ok
                (told,) = [one.message for one in events if isinstance(one, Diagnostic)]
                assert "enforcementLevel remediate: there is no remedy for no-egress. Say mandatory" in told

    theatre.run(play())
