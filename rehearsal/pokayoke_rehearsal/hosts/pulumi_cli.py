"""A real Pulumi CLI over the same doubles: throw-away home, backend and project, no credentials and no plugins."""

import asyncio
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pokayoke_rehearsal.hosts.dynamic import aws_environment
from pokayoke_rehearsal.hosts.environment import scrubbed
from pokayoke_rehearsal.hosts.errors import HostError
from pokayoke_rehearsal.hosts.world import World
from pokayoke_rehearsal.project import Project, StackConfig

if TYPE_CHECKING:
    from pokayoke_rehearsal.engine.events import Act, Event, Result
    from pokayoke_rehearsal.hosts.pulumi_events import EventLog

# What the CLI needs beside itself to run Python programs, packs and dynamic resources.
_COMPANIONS = (
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
    "pulumi-analyzer-policy-python",
)
_ORGANIZATION = "organization"
_POLL_SECONDS = 0.1


class PulumiCli:
    """Runs the acts of a stack by `pulumi preview`, `up`, `refresh` and `destroy` in a temporary folder.

    Every package that the world does not stand for is out of reach: the CLI may not get plugins, its home is empty, and
    whatever folder of the PATH holds plugins is left out. So a program that needs one is refused by the CLI itself.
    """

    def __init__(
        self,
        folder: Path,
        *,
        project: Project,
        stack: str,
        world: World,
        packs: Sequence[Path],
        pack_configs: Sequence[Path] = (),
        pulumi: str,
    ) -> None:
        self._folder = folder
        self._project = project
        self._stack = f"{_ORGANIZATION}/{project.name}/{stack}"
        self._packs = packs
        self._pack_configs = pack_configs
        self._file = folder / "project" / f"Pulumi.{stack}.yaml"
        self._environment = _environment(folder, world, pulumi)
        self._running: asyncio.subprocess.Process | None = None

    async def prepare(self, config: StackConfig) -> None:
        """Makes the project, a copy that names our own interpreter, and the stack.

        Raises:
            HostError: the CLI does not start, or makes no stack.
        """
        project = self._folder / "project"
        for name in ("home", "state", "project"):
            (self._folder / name).mkdir()
        main = self._project.directory / self._project.entry
        described = {
            "name": self._project.name,
            "main": str(main.resolve()),
            "runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": sys.prefix}},
        }
        (project / "Pulumi.yaml").write_text(yaml.safe_dump(described), encoding="utf-8")
        await self._call("stack", "init", self._stack)
        for key in sorted(config.secret_keys):
            await self._call("config", "set", "--secret", key, config.values[key])
        self.configure({key: value for key, value in config.values.items() if key not in config.secret_keys})

    def configure(self, values: Mapping[str, str]) -> None:
        """Writes config into the stack's file, beside what is there already."""
        said: dict[str, Any] = yaml.safe_load(self._file.read_text(encoding="utf-8")) if self._file.exists() else {}
        config: dict[str, Any] = (said or {}).setdefault("config", {}) or {}
        config.update({key: _structured(value) for key, value in values.items()})
        self._file.write_text(yaml.safe_dump({**(said or {}), "config": config}), encoding="utf-8")

    async def run(self, act: "Act", observe: "Callable[[Event], None]") -> "Result":
        """Performs an act; a destroy is previewed first, as people do, and refused by that preview if by any."""
        from pokayoke_rehearsal.engine.events import Act

        packs = [option for pack in self._packs for option in ("--policy-pack", str(pack))]
        packs += [option for file in self._pack_configs for option in ("--policy-pack-config", str(file))]
        if act is Act.PREVIEW:
            return await self._act(act, observe, "preview", *packs)
        if act is Act.UP:
            return await self._act(act, observe, "up", "--yes", "--skip-preview", *packs)
        if act is Act.REFRESH:
            return await self._act(act, observe, "refresh", "--yes", "--skip-preview")
        previewed = await self._act(act, _unheard, "destroy", "--preview-only")
        if not previewed.ok:
            return previewed
        return await self._act(act, observe, "destroy", "--yes", "--skip-preview")

    async def resources(self) -> list[dict[str, Any]]:
        """The resources of the state."""
        exported = json.loads(await self._call("stack", "export"))
        return exported["deployment"].get("resources") or []

    def cancel(self) -> None:
        """Ctrl-C for the CLI: what is under way ends."""
        if self._running is not None and self._running.returncode is None:
            self._running.send_signal(signal.SIGINT)

    async def close(self) -> None:
        """Ends the CLI if it still runs."""
        if self._running is not None and self._running.returncode is None:
            self._running.kill()
            await self._running.wait()

    async def _act(self, act: "Act", observe: "Callable[[Event], None]", *arguments: str) -> "Result":
        from pokayoke_rehearsal.hosts.pulumi_events import EventLog

        log = EventLog(act, observe, time.perf_counter)
        file = self._folder / "events.jsonl"
        file.unlink(missing_ok=True)
        self._running = process = await self._process(*arguments, "--event-log", str(file), "--suppress-progress")
        following = asyncio.ensure_future(_follow(file, log, process))
        printed, errors = await process.communicate()
        await following
        self._running = None
        ok = process.returncode == 0
        if not ok and not log.has_errors:
            log.error((errors or printed).decode(errors="replace").strip() or f"pulumi ended with {process.returncode}")
        resources = await self.resources()
        return log.result(ok=ok, resources=len(resources), outputs=await self._outputs())

    async def _outputs(self) -> dict[str, Any]:
        return json.loads(await self._call("stack", "output", "--json"))

    async def _call(self, *arguments: str) -> str:
        process = await self._process(*arguments)
        printed, errors = await process.communicate()
        if process.returncode:
            raise HostError(f"pulumi {' '.join(arguments[:2])}: {errors.decode(errors='replace').strip()}")
        return printed.decode()

    async def _process(self, *arguments: str) -> asyncio.subprocess.Process:
        stack = () if arguments[:2] == ("stack", "init") else ("--stack", self._stack)
        return await asyncio.create_subprocess_exec(
            *("pulumi", *arguments, *stack, "--non-interactive", "--color", "never"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=self._folder / "project",
            env=self._environment,
            start_new_session=True,
        )


def find_pulumi() -> str:
    """The CLI on the PATH.

    Raises:
        HostError: there is none.
    """
    found = shutil.which("pulumi")
    if found is None:
        raise HostError("--engine pulumi needs a `pulumi` on the PATH; the embedded engine needs nothing")
    return found


def _environment(folder: Path, world: World, pulumi: str) -> dict[str, str]:
    doubles = {package: address for package, address in world.plugins.items() if package != "world"}
    base = scrubbed(os.environ)
    return {
        **base,
        **aws_environment(world.aws_endpoint),
        "PATH": _path(folder / "bin", pulumi, base.get("PATH", "")),
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_DEBUG_PROVIDERS": ",".join(f"{name}:{where.rpartition(':')[2]}" for name, where in doubles.items()),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DISABLE_REGISTRY_RESOLVE": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        # With it comes --event-log.
        "PULUMI_DEBUG_COMMANDS": "true",
    }


def _path(links: Path, pulumi: str, path: str) -> str:
    """A PATH with the CLI and its Python companions, and without any folder that holds Pulumi plugins."""
    links.mkdir()
    (links / "pulumi").symlink_to(pulumi)
    for name in _COMPANIONS:
        found = shutil.which(name, path=os.pathsep.join([str(Path(pulumi).parent), path]))
        if found is not None:
            (links / name).symlink_to(found)
    clean = [entry for entry in path.split(os.pathsep) if entry and not any(Path(entry).glob("pulumi*"))]
    return os.pathsep.join([str(links), *clean])


async def _follow(file: Path, log: "EventLog", process: asyncio.subprocess.Process) -> None:
    """Feeds the log's lines as they are written, to its end after the CLI's."""
    pending = ""
    position = 0
    ended = False
    while True:
        with suppress(FileNotFoundError), file.open(encoding="utf-8") as written:
            written.seek(position)
            pending += written.read()
            position = written.tell()
        *lines, pending = pending.split("\n")
        for line in filter(None, lines):
            log.feed(line)
        if ended:
            return
        ended = process.returncode is not None
        await asyncio.sleep(0 if ended else _POLL_SECONDS)


def _structured(value: str) -> Any:
    """A JSON object or list as such; the CLI hands it to the program as the same text again."""
    with suppress(ValueError):
        parsed: Any = json.loads(value)
        if isinstance(parsed, dict | list):
            return parsed  # pyright: ignore[reportUnknownVariableType]
    return value


def _unheard(event: "Event") -> None:
    del event
