"""The recordings of the real engine, and our engine's acts in the same shape."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from echo_double import Echo

from pokayoke_rehearsal.engine import Act, Engine, Result, Stack, StateFile
from pokayoke_rehearsal.hosts.program import ProgramHost

PROJECT, STACK = "recorded", "rec"
ACTS = {"preview": Act.PREVIEW, "up": Act.UP, "destroy": Act.DESTROY}


@dataclass
class Run:
    """One act as a recording tells it."""

    result: Result
    calls: list[dict[str, Any]]
    state: dict[str, Any]


@dataclass
class Player:
    """Plays acts of one program one after another, over one echo double and one state."""

    echo: Echo
    program: ProgramHost
    directory: Path
    config: dict[str, str] = field(default_factory=dict[str, str])
    secret_keys: set[str] = field(default_factory=set[str])
    plugins: Mapping[str, str] = field(default_factory=dict[str, str])
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    engine: Engine | None = None

    async def play(self, command: str, step: int = 1, *, parallel: int = 8, **secrets: str) -> Run:
        """Does one act, with `step` in the program's config."""
        self.config[f"{PROJECT}:step"] = str(step)
        for key, value in secrets.items():
            self.config[f"{PROJECT}:{key}"] = value
            self.secret_keys.add(f"{PROJECT}:{key}")
        before = len(self.echo.calls)
        stack = Stack(PROJECT, STACK, dict(self.config), frozenset(self.secret_keys))
        self.engine = engine = Engine(
            stack=stack,
            state=StateFile(self.directory),
            plugins={"echo": self.echo.address, **self.plugins},
            program=self.program,
            parallel=parallel,
            **self.options,
        )
        async with engine:
            result = await engine.run(ACTS[command])
        return Run(result, self.echo.calls[before:], self.state())

    def state(self) -> dict[str, Any]:
        path = self.directory / "state.json"
        return json.loads(path.read_text())["deployment"] if path.exists() else {}


def normalised(state: Mapping[str, Any]) -> dict[str, Any]:
    """A state as the recordings have it: sorted, without times, salts and the ids of providers."""
    resources: list[dict[str, Any]] = []
    for resource in state.get("resources") or ():
        kept = {key: value for key, value in resource.items() if key not in ("created", "modified")}
        if kept["type"].startswith("pulumi:providers:"):
            kept["id"] = "<provider id>"
        if "provider" in kept:
            kept["provider"] = kept["provider"].rsplit("::", 1)[0] + "::<provider id>"
        if not kept["custom"]:
            del kept["custom"]
        resources.append(_encrypted(kept))
    resources.sort(key=lambda resource: (resource["urn"], resource.get("id", "")))
    return {"resources": resources, "pending_operations": state.get("pending_operations") or []}


def sorted_dependencies(state: Mapping[str, Any]) -> dict[str, Any]:
    """A normalised state in which the order of dependencies, which means nothing, is settled."""
    return {**state, "resources": [_settled(resource) for resource in state["resources"]]}


def _settled(resource: Mapping[str, Any]) -> dict[str, Any]:
    settled = dict(resource)
    if "dependencies" in settled:
        settled["dependencies"] = sorted(settled["dependencies"])
    if "propertyDependencies" in settled:
        by_property = settled["propertyDependencies"]
        settled["propertyDependencies"] = {key: sorted(urns or ()) for key, urns in by_property.items()}
    return settled


def _encrypted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: "<encrypted>" if key == "ciphertext" else _encrypted(item) for key, item in value.items()}
    return [_encrypted(item) for item in value] if isinstance(value, list) else value
