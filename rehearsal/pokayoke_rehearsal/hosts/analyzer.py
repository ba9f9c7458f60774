"""A policy pack in its own process, as Pulumi's Python language host runs it (facts of pulumi 3.260, `RunPlugin`)."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import yaml

from pokayoke_rehearsal.hosts.environment import scrubbed
from pokayoke_rehearsal.hosts.errors import HostError
from pokayoke_rehearsal.hosts.plugin import PluginProcess

if TYPE_CHECKING:
    from pokayoke_rehearsal.engine.program import Stack


class AnalyzerHost(PluginProcess):
    """`python -u -m pulumi.policy ENGINE PACK`, with the pack's folder as working folder.

    A process knows by its environment whether it serves a preview, so a preview and an update need one each.

    Raises:
        HostError: the folder holds no Python policy pack.
    """

    def __init__(self, pack: Path, *, output: Callable[[str], None] = lambda _: None) -> None:
        self.pack = pack.resolve()
        super().__init__(
            f"the policy pack in {self.pack}",
            "pulumi.policy",
            warm=["pulumi_policy"],
            folder=self.pack,
            environment=scrubbed(os.environ),
            python=_interpreter(self.pack),
            output=output,
        )

    async def serve(self, engine: str, stack: "Stack", *, dry_run: bool) -> str:
        """Serves for a stack; gives the address.

        Raises:
            HostError: the pack did not start.
        """
        environment = {
            "PULUMI_ORGANIZATION": stack.organization,
            "PULUMI_PROJECT": stack.project,
            "PULUMI_STACK": stack.name,
            "PULUMI_DRY_RUN": "true" if dry_run else "false",
            "PULUMI_CONFIG": json.dumps(dict(stack.config)),
        }
        return await self.release(engine, str(self.pack), environment=environment)


def _interpreter(pack: Path) -> str:
    """The pack's own virtual environment where it names one that exists, else the one that runs us."""
    file = pack / "PulumiPolicy.yaml"
    if not file.is_file():
        raise HostError(f"{pack} is no policy pack: it has no PulumiPolicy.yaml")
    try:
        loaded: object = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise HostError(f"{file} is no YAML: {error}") from error
    said = cast("dict[str, Any]", loaded) if isinstance(loaded, dict) else {}
    runtime: object = said.get("runtime")
    options: dict[str, Any] = {}
    if isinstance(runtime, dict):
        described = cast("dict[str, Any]", runtime)
        runtime, options = described.get("name"), described.get("options") or {}
    if runtime != "python":
        raise HostError(f"{file}: only packs with the runtime `python` can be rehearsed, not `{runtime}`")
    if environment := options.get("virtualenv"):
        python = pack / str(environment) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        if python.is_file():
            return str(python)
    return sys.executable
