"""Runs a module as `python -m MODULE ARGUMENTS...` would, but not longer than whoever holds the other end of its stdin.

`python -u tether.py WARM MODULE`, run by its path, since the interpreter may be another one than ours. The modules WARM
(with commas) are imported at once; MODULE runs after one line on stdin: `{"environment": {...}, "arguments": [...]}`.
"""

import gc
import importlib
import json
import os
import runpy
import sys
import threading
from contextlib import suppress

_RARELY = (5_000, 20, 20)
"""As in `pokayoke_rehearsal.garbage`, which a foreign interpreter does not find."""


def main() -> None:
    """Ties this process to its stdin, then becomes the module."""
    warm, module = sys.argv[1:3]
    # As for `python -m`: the working folder leads the path, not the folder of this file.
    sys.path[0] = str(os.getcwd())  # noqa: PTH109 - this runs in foreign interpreters as well
    # Of what is imported nothing is ever garbage, and looking for some in it takes long.
    gc.disable()
    for name in warm.split(","):
        # What is missing is missed again, and told, when the module runs.
        with suppress(ImportError):
            importlib.import_module(name)
    gc.freeze()
    gc.set_threshold(*_RARELY)
    gc.enable()
    rest = json.loads(_line())
    os.environ.update(rest["environment"])
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    sys.argv = [module, *rest["arguments"]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _line() -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            sys.exit(0)
        line += byte
    return line


def _end_with_stdin() -> None:
    while os.read(0, 1 << 12):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
