"""One run of a Pulumi program in this process, as Pulumi's Python language host runs it.

Exit codes and the two kinds of message (a `RunError` without, any other exception with a traceback) are those of
`pulumi-language-python-exec` (pulumi/pulumi, sdk/python/cmd, v3.260).
"""

import asyncio
import json
import logging
import os
import runpy
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pulumi
import pulumi.runtime

from pokayoke_rehearsal.hosts.pulse import Beating, BusyThreads
from pokayoke_rehearsal.hosts.run import Run
from pokayoke_rehearsal.stack_lines import tell_lines_alone

_FAILED = 1
_FAILED_AND_SAID_SO = 32


def execute(run: Run, *, pulse: int | None = None) -> int:
    """Runs the program and gives its exit code; a `SystemExit` of the program passes through.

    `pulse` is the descriptor of the `Pulse` to which it shows whether it works.
    """
    # Threads without a context fall back to these two variables.
    os.environ["PULUMI_CONFIG"] = json.dumps(run.config)
    os.environ["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps(run.secret_keys)
    pulumi.runtime.set_all_config(run.config, run.secret_keys)
    pulumi.runtime.configure(
        pulumi.runtime.Settings(
            monitor=run.monitor,
            engine=run.engine,
            project=run.project,
            stack=run.stack,
            parallel=run.parallel,
            dry_run=run.dry_run,
            organization=run.organization,
            root_directory=run.root,
        )
    )
    # The SDK sends several debug messages per resource, each a call of its own, and nobody here shows them.
    pulumi.log.debug = _no_debug
    tell_lines_alone()
    os.chdir(run.directory)
    sys.argv = [run.entry]
    # A program that fails leaves futures behind on purpose; asyncio would complain of each.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    loop = asyncio.new_event_loop() if pulse is None else asyncio.SelectorEventLoop(Beating(pulse))
    asyncio.set_event_loop(loop)
    threads = max(run.parallel, 1) * 4
    executor = ThreadPoolExecutor(max_workers=threads) if pulse is None else BusyThreads(pulse, threads)
    loop.set_default_executor(executor)
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(lambda: _program(run.entry)))
    except _NoProgramError as error:
        pulumi.log.error(str(error))
        return _FAILED_AND_SAID_SO
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return _FAILED
    except Exception:
        pulumi.log.error(f"Program failed with an unhandled exception:\n{_users_traceback(run.entry)}")
        return _FAILED_AND_SAID_SO
    finally:
        executor.shutdown(wait=True)
        loop.close()
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _no_debug(*_arguments: object, **_options: object) -> None:
    pass


class _NoProgramError(Exception):
    pass


def _program(entry: str) -> None:
    path = Path(entry)
    if path.is_dir() and not (path / "__main__.py").is_file():
        raise _NoProgramError(f"there is no Python program in {path.resolve()}: it has no __main__.py")
    runpy.run_path(entry, run_name="__main__")


def _users_traceback(entry: str) -> str:
    """The traceback from the first frame of the user's main module on."""
    main = Path(entry).resolve()
    main = main / "__main__.py" if main.is_dir() else main
    frames = traceback.extract_tb(sys.exc_info()[2])
    for index, frame in enumerate(frames):
        if Path(frame.filename).resolve() == main:
            return traceback.format_exc(limit=index - len(frames))
    return traceback.format_exc()
