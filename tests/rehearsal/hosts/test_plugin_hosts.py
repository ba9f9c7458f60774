"""Policy packs, dynamic resources and the world run in processes of their own."""

import asyncio
import json
import os
import signal
import socket
import sys
from contextlib import suppress

import grpc
import pytest
from google.protobuf import empty_pb2
from program_listener import Heard, listening
from pulumi.runtime.proto import analyzer_pb2_grpc, provider_pb2_grpc

from pokayoke_rehearsal.engine.program import Stack
from pokayoke_rehearsal.hosts import world, world_process
from pokayoke_rehearsal.hosts.analyzer import AnalyzerHost
from pokayoke_rehearsal.hosts.dynamic import DynamicHost, aws_environment
from pokayoke_rehearsal.hosts.errors import HostError
from pokayoke_rehearsal.hosts.lock import locked
from pokayoke_rehearsal.hosts.world import WorldHost

PACK = """
import json, os, pulumi
from pulumi_policy import PolicyPack, ResourceValidationPolicy
seen = {
    "folder": os.getcwd(),
    "stack": [pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack(), pulumi.runtime.is_dry_run()],
    "config": pulumi.Config("shop").get("color"),
    "leaked": [name for name, value in os.environ.items() if value == "theirs"],
}
PolicyPack("seen", [ResourceValidationPolicy("see", json.dumps(seen), lambda args, report: None)])
"""


@pytest.fixture
def pack(tmp_path):
    """Writes a pack and gives its folder."""

    def write(main, description="runtime: python\n"):
        (tmp_path / "PulumiPolicy.yaml").write_text(description)
        (tmp_path / "__main__.py").write_text(main)
        return tmp_path

    return write


def serve(host, *, dry_run=True, ask=None):
    """Runs a pack as far as it comes; gives what was asked of it."""

    async def run():
        async with listening(Heard()) as engine:
            await host.start()
            try:
                stack = Stack("shop", "dev", {"shop:color": "green"})
                address = await host.serve(engine, stack, dry_run=dry_run)
                async with grpc.aio.insecure_channel(address) as channel:
                    return await ask(analyzer_pb2_grpc.AnalyzerStub(channel)) if ask else None
            finally:
                await host.close()

    return asyncio.run(run())


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_pack_runs_in_its_folder_and_knows_stack_config_and_act(pack, monkeypatch, dry_run):
    monkeypatch.setenv("AWS_PROFILE", "theirs")
    folder = pack(PACK)
    info = serve(AnalyzerHost(folder), dry_run=dry_run, ask=lambda stub: stub.GetAnalyzerInfo(empty_pb2.Empty()))
    assert json.loads(info.policies[0].description) == {
        "folder": str(folder),
        "stack": ["organization", "shop", "dev", dry_run],
        "config": "green",
        "leaked": [],
    }


def test_a_pack_that_does_not_start_is_told_with_what_it_wrote(pack):
    host = AnalyzerHost(pack("raise ValueError('no such rule')"))
    with pytest.raises(HostError, match=r"the policy pack in .* did not start: (.|\n)*ValueError: no such rule"):
        serve(host)


def test_a_pack_that_prints_before_it_serves_is_told_as_under_pulumi(pack):
    with pytest.raises(HostError, match="did not start: loading"):
        serve(AnalyzerHost(pack("print('loading')\n" + PACK)))


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ("runtime: nodejs\n", "only packs with the runtime `python` can be rehearsed, not `nodejs`"),
        ("runtime: {name: opa}\n", "not `opa`"),
        ("- x", "not `None`"),
        ("a: [", "is no YAML"),
    ],
)
def test_a_pack_in_another_language_is_refused(pack, description, told):
    folder = pack("", description)
    with pytest.raises(HostError, match=told):
        AnalyzerHost(folder)


def test_a_folder_without_a_pack_is_refused(tmp_path):
    with pytest.raises(HostError, match=r"it has no PulumiPolicy\.yaml"):
        AnalyzerHost(tmp_path)


def test_a_pack_runs_in_the_virtual_environment_that_it_names(pack, tmp_path):
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexport CHOSEN=yes\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    folder = pack(
        "import os; raise SystemExit(os.environ['CHOSEN'])", "runtime: {name: python, options: {virtualenv: venv}}"
    )
    with pytest.raises(HostError, match="yes"):
        serve(AnalyzerHost(folder))


def test_dynamic_resources_are_served_and_end_with_the_command(tmp_path):
    async def run():
        host = DynamicHost(tmp_path, project="shop")
        await host.start()
        address = await host.serve("http://127.0.0.1:9")
        async with grpc.aio.insecure_channel(address) as channel:
            info = await provider_pb2_grpc.ResourceProviderStub(channel).GetPluginInfo(empty_pb2.Empty())
        process = host._process
        # As when the command's process ends in any way: its ends of the pipes close.
        process._transport.get_pipe_transport(0).close()
        code = await process.wait()
        await host.close()
        return info.version, code

    assert asyncio.run(run()) == ("0.1.0", 0)


def test_boto3_finds_the_world_with_credentials_that_are_worth_nothing():
    said = aws_environment("http://127.0.0.1:1234")
    assert said["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1234"
    assert "AWS_REGION" not in said
    assert "AWS_DEFAULT_REGION" not in said


WORLD = """
import argparse, json, os, pathlib, signal
from concurrent.futures import ThreadPoolExecutor
import grpc
parser = argparse.ArgumentParser()
parser.add_argument("--directory", type=pathlib.Path)
folder = parser.parse_args().directory
server = grpc.server(ThreadPoolExecutor(1))
address = "127.0.0.1:%d" % server.add_insecure_port("127.0.0.1:0")
server.start()
line = json.dumps({"pid": os.getpid(), "plugins": {"aws": address}, "aws_endpoint": "http://" + address})
(folder / "world.json").write_text(line)
print(line, flush=True)
signal.pause()
"""
COMMAND = [sys.executable, "-c", WORLD]


@pytest.fixture
def worlds():
    """Ends the worlds that a test leaves."""
    left = []
    yield left
    for living in left:
        with suppress(ProcessLookupError):
            os.kill(living.pid, signal.SIGKILL)


def test_a_world_outlives_the_command_and_the_next_one_finds_it(tmp_path, worlds):
    first = asyncio.run(WorldHost(tmp_path, command=COMMAND).start())
    worlds.append(first)
    found = asyncio.run(WorldHost(tmp_path, command=COMMAND).attach())
    assert found == first


def test_a_world_that_was_stopped_is_not_found(tmp_path, worlds):
    async def run():
        host = WorldHost(tmp_path, command=COMMAND)
        worlds.append(await host.start())
        await host.stop()
        return await WorldHost(tmp_path).attach()

    assert asyncio.run(run()) is None
    with pytest.raises(ProcessLookupError):
        os.kill(worlds[0].pid, 0)


def test_a_process_that_took_a_dead_worlds_number_is_not_taken_for_it(tmp_path):
    said = {"pid": os.getpid(), "plugins": {"aws": "127.0.0.1:1"}, "aws_endpoint": "http://127.0.0.1:1"}
    (tmp_path / "world.json").write_text(json.dumps(said))
    assert asyncio.run(WorldHost(tmp_path).attach()) is None
    assert not (tmp_path / "world.json").exists()


def test_a_world_whose_port_still_takes_connections_but_never_answers_is_none(tmp_path, monkeypatch):
    monkeypatch.setattr(world, "_ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as dying:
        address = f"127.0.0.1:{dying.getsockname()[1]}"
        said = {"pid": os.getpid(), "plugins": {"aws": address}, "aws_endpoint": f"http://{address}"}
        (tmp_path / "world.json").write_text(json.dumps(said))
        assert asyncio.run(WorldHost(tmp_path).attach()) is None


@pytest.mark.parametrize("text", ["", "{}", "[]", "no json"])
def test_a_broken_note_of_a_world_is_none(tmp_path, text):
    (tmp_path / "world.json").write_text(text)
    assert asyncio.run(WorldHost(tmp_path).attach()) is None


def test_a_world_that_does_not_start_is_told_with_what_it_wrote(tmp_path):
    broken = WorldHost(tmp_path, command=[sys.executable, "-c", "raise OSError('no more ports')"])
    with pytest.raises(HostError, match=r"world did not start:\n(.|\n)*no more ports"):
        asyncio.run(broken.start())


def test_a_stack_is_rehearsed_once_at_a_time(tmp_path):
    lock = tmp_path / "dev" / "lock"
    with (
        locked(lock),
        pytest.raises(HostError, match="another rehearsal of this stack is running"),
        locked(lock),
    ):
        pass
    with locked(lock):
        pass


@pytest.mark.parametrize("end", [lambda note: note.unlink(), lambda note: note.write_text('{"pid": 1}')])
def test_a_kept_world_ends_when_its_note_is_gone_or_is_anothers(tmp_path, monkeypatch, end):
    note = tmp_path / "world.json"
    nothing, told = (lambda: None), []
    steps = iter([nothing, lambda: note.write_text(json.dumps({"pid": os.getpid()})), nothing, lambda: end(note)])
    monkeypatch.setattr(world_process.os, "kill", lambda pid, number: told.append((pid, number)))
    world_process.watch(note, 0, lambda: next(steps)())
    assert told == [(os.getpid(), signal.SIGTERM)]
    assert list(steps) == []


def test_an_owned_world_ends_with_its_owner(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(world_process.os, "kill", lambda pid, number: told.append((pid, number)))
    living = iter([True, True, False])
    monkeypatch.setattr(world_process, "runs", lambda pid: pid == 4711 and next(living))
    world_process.watch(tmp_path / "world.json", 4711, lambda: None)
    assert told == [(os.getpid(), signal.SIGTERM)]
