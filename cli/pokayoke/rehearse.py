"""`pokayoke rehearse`: from options to a request, and from its outcome to an exit code."""

import asyncio
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pokayoke.acts import REFRESH, acts_of
from pokayoke.failing import FELL_SHORT, INTERRUPTED, CommandError
from pokayoke.faults import fault
from pokayoke_rehearsal.embedded import EmbeddedStage
from pokayoke_rehearsal.hosts.errors import HostError
from pokayoke_rehearsal.pack_config import PackConfig, PackConfigError
from pokayoke_rehearsal.project import Project, ProjectError
from pokayoke_rehearsal.rehearse import Observer, Rehearsal, Request, Stage, Tell
from pokayoke_rehearsal.requirements import RequirementError, require

if TYPE_CHECKING:
    from pokayoke_rehearsal.plan import Outcome

STATE_FOLDER = ".pokayoke"


@dataclass(frozen=True)
class Options:
    """What was typed."""

    stack: str
    until: str | None = None
    keep: bool = False
    fresh: bool = False
    json: bool = False
    packs: Sequence[Path] | None = None
    pack_configs: Sequence[Path] = ()
    faults: Sequence[str] = ()
    program: Path | None = None
    secrets: Sequence[str] = ()
    drift: bool = False
    clear_pending_creates: bool = False


def run(options: Options, make_stage: Callable[[Request, Tell], Stage] = EmbeddedStage) -> int:
    """Rehearses and reports; gives the exit code.

    Raises:
        CommandError: wrong options, project or config; or a process that did not start.
    """
    # gRPC reads it when it is imported: no log of connections that end with our own processes.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    try:
        require()
        request = request_of(options, Path.cwd())
        _greet(request, options)
        rehearsal = Rehearsal(request, make_stage, Tell(lambda: _observer(options)))
        outcome = asyncio.run(_rehearse(rehearsal))
    except (ProjectError, RequirementError) as error:
        raise CommandError(str(error)) from error
    except HostError as error:
        raise CommandError(str(error), code=FELL_SHORT) from error
    report(outcome, as_json=options.json)
    return exit_code(outcome)


def request_of(options: Options, here: Path) -> Request:
    """The rehearsal that the options ask for, seen from a folder.

    Raises:
        CommandError: an option is wrong.
        ProjectError: the project or the stack's config is.
    """
    faults = tuple(map(fault, options.faults))
    project = Project.at(options.program) if options.program is not None else Project.around(here)
    config = project.config_of(options.stack, secrets=dict(map(_secret, options.secrets)))
    packs = _packs(options, project)
    return Request(
        project=project,
        stack=options.stack,
        config=config,
        plan=(
            *((REFRESH,) if options.clear_pending_creates else ()),
            *acts_of(config.values, until=options.until, drift=options.drift),
        ),
        directory=project.root / STATE_FOLDER / options.stack,
        packs=packs,
        pack_configs=_pack_configs(options, packs),
        faults=faults,
        keep=options.keep,
        fresh=options.fresh,
        clear_pending_creates=options.clear_pending_creates,
    )


def report(outcome: "Outcome", *, as_json: bool) -> None:
    """Writes the summary, and as the only thing on stdout the document where asked."""
    from rich.console import Console

    from pokayoke_rehearsal.report.document import document
    from pokayoke_rehearsal.report.summary import show

    show(outcome, Console(stderr=as_json))
    if as_json:
        sys.stdout.write(json.dumps(document(outcome), indent=2, ensure_ascii=False) + "\n")


def exit_code(outcome: "Outcome") -> int:
    """0 when all went as it must, 130 after a Ctrl-C, else 1."""
    if outcome.interrupted:
        return INTERRUPTED
    return 0 if outcome.ok else FELL_SHORT


async def _rehearse(rehearsal: Rehearsal) -> "Outcome":
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, rehearsal.interrupt)
        except NotImplementedError:  # Windows
            with suppress(ValueError):
                signal.signal(number, lambda _number, _frame: loop.call_soon_threadsafe(rehearsal.interrupt))
    return await rehearsal.run()


def _greet(request: Request, options: Options) -> None:
    """Says at once what begins: until the first act there is nothing to see."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    acts = ", ".join(planned.name for planned in request.plan)
    _write(sys.stderr if options.json else sys.stdout, f"{request.project.name} {request.stack}: {acts}")


def _observer(options: Options) -> Observer:
    from rich.console import Console

    console = Console(stderr=options.json)
    moving = console.is_terminal and not console.is_dumb_terminal and not {"NO_COLOR", "CI"} & set(os.environ)
    if moving:
        from pokayoke_rehearsal.report.live import LiveTree

        return LiveTree(console)
    from pokayoke_rehearsal.report.plain import PlainLines

    stream = console.file

    return PlainLines(lambda line: _write(stream, line))


def _write(stream: IO[str], line: str) -> None:
    # A reader that has gone away (`| head`) must not end the rehearsal half way.
    with suppress(BrokenPipeError):
        stream.write(f"{line}\n")
        stream.flush()


def _packs(options: Options, project: Project) -> Sequence[Path]:
    for pack in options.packs or ():
        if not (pack / "PulumiPolicy.yaml").is_file():
            raise CommandError(f"--policy-pack {pack}: it is no policy pack, it has no PulumiPolicy.yaml")
    if options.packs is not None:
        return tuple(pack.resolve() for pack in options.packs)
    beside = project.root / "policies"
    return (beside,) if (beside / "PulumiPolicy.yaml").is_file() else ()


def _pack_configs(options: Options, packs: Sequence[Path]) -> Sequence[PackConfig]:
    if len(options.pack_configs) not in (0, len(packs)):
        given = f"{len(options.pack_configs)} for {len(packs)} policy packs"
        raise CommandError(f"--policy-pack-config: {given}; each takes one, in their order")
    try:
        return tuple(PackConfig.read(file.absolute()) for file in options.pack_configs)
    except PackConfigError as error:
        raise CommandError(f"--policy-pack-config {error}") from error


def _secret(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not key or not separator:
        raise CommandError(f"--secret {text}: KEY=VALUE is needed")
    return key, value
