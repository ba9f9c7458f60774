"""Runs `pokayoke rehearse` in this process, over a world that echoes."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pokayoke.app import app
from pokayoke_rehearsal.hosts import world

HEAD = """
import json, os, pulumi
from pulumi import ResourceOptions, export

class Thing(pulumi.CustomResource):
    computed: pulumi.Output[str]
    def __init__(self, name, opts=None, **props):
        super().__init__("echo:index:Thing", name, {**props, "computed": None}, opts)

class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("shop:index:Group", name, None, opts)
"""


@dataclass
class Ran:
    """What a call of the command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    def act(self, name: str) -> Any:
        return next(act for act in self.document["acts"] if act["name"] == name)


class Shop:
    """A project `shop` with a program of echoing things, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / ".pokayoke" / "dev"
        (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")

    def program(self, body: str) -> None:
        (self.folder / "__main__.py").write_text(HEAD + body)

    def config(self, **values: object) -> None:
        said = {key.replace("__", ":"): value for key, value in values.items()}
        (self.folder / "Pulumi.dev.yaml").write_text(json.dumps({"config": said}))

    def rehearse(self, *options: str) -> Ran:
        result = CliRunner().invoke(app, ["rehearse", "dev", "--program", str(self.folder), *options])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    @property
    def world(self) -> int:
        """The number of the process of the world that was kept."""
        return json.loads((self.state / "world.json").read_text())["pid"]

    @property
    def ids(self) -> dict[str, str]:
        """Name and id of the things in the state that was kept."""
        resources = json.loads((self.state / "state.json").read_text())["deployment"]["resources"]
        return {r["urn"].split("::")[3]: r["id"] for r in resources if r["type"] == "echo:index:Thing"}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The shop; a world that it leaves is ended."""
    monkeypatch.setattr(world, "COMMAND", (sys.executable, str(Path(__file__).with_name("echo_world.py"))))
    made = Shop(tmp_path)
    yield made
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(made.world, signal.SIGKILL)
