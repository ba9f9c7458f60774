"""The world as a process: what it announces, what it answers, how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import grpc
import pytest
from pulumi.runtime import proto
from pulumi.runtime.proto import provider_pb2_grpc

from pokayoke_rehearsal.doubles.wire import decode, encode


@dataclass
class Process:
    running: subprocess.Popen[str]
    directory: Path
    announced: dict[str, Any]

    def invoke(self, function: str, **args: Any) -> dict[str, Any]:
        with grpc.insecure_channel(self.announced["plugins"]["world"]) as channel:
            world: Any = provider_pb2_grpc.ResourceProviderStub(channel)
            answer = world.Invoke(proto.InvokeRequest(tok=f"world:index:{function}", args=encode(args)))
        return decode(getattr(answer, "return"))[0]


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    directory = tmp_path_factory.mktemp("world")
    command = [sys.executable, "-m", "pokayoke_rehearsal.world", "--directory", str(directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        yield Process(running, directory, json.loads(running.stdout.readline()))
        running.kill()


def test_it_announces_itself_in_one_line_and_in_a_file(process: Process) -> None:
    assert process.announced["pid"] == process.running.pid
    assert process.announced["plugins"].keys() == {"aws", "kubernetes", "eks", "world"}
    assert process.announced["aws_endpoint"].startswith("http://127.0.0.1:")
    assert json.loads((process.directory / "world.json").read_text()) == process.announced


def test_it_is_announced_before_anything_loads_moto() -> None:
    """moto takes longer to load than all doubles together, and twice as long where it is not hastened before."""
    code = (
        "import sys; from pokayoke_rehearsal.world import __main__ as world, model; world._doubles(model.World());"
        "print('moto' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_it_tells_what_none_of_its_doubles_knows(process: Process) -> None:
    types = ["aws:ec2/vpc:Vpc", "aws:lambda/function:Function", "kubernetes:core/v1:ConfigMap", "eks:index:Cluster"]
    functions = ["aws:index/getRegion:getRegion", "gcp:index/x:x"]
    assert process.invoke("knows", types=types, functions=functions) == {
        "unknownTypes": ["aws:lambda/function:Function"],
        "unknownFunctions": ["gcp:index/x:x"],
    }


def test_what_is_left_over_is_told_with_its_place(process: Process) -> None:
    assert process.invoke("leftovers") == {"leftovers": [], "pending": [], "presumed": []}
    session = boto3.session.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name="eu-west-1")
    logs = session.client("logs", endpoint_url=process.announced["aws_endpoint"])
    logs.create_log_group(logGroupName="/outside")
    place = {"service": "logs", "kind": "log group", "id": "/outside", "region": "eu-west-1", "note": "/outside"}
    assert process.invoke("leftovers")["leftovers"] == [place]


def test_it_ends_when_told(process: Process) -> None:
    process.running.send_signal(signal.SIGTERM)
    assert process.running.wait(timeout=20) == 0
