"""Runs a module as `python -m MODULE ARGUMENTS...` would, but not longer than whoever holds the other end of its stdin.

`python -u tether.py [--late] MODULE ARGUMENTS...`, run by its path, since the interpreter may be another one than ours.
With `--late` the SDK is imported first and the module runs after one line on stdin: a JSON object of more environment.
"""

import importlib
import json
import os
import runpy
import sys
import threading


def main() -> None:
    """Ties this process to its stdin, then becomes the module."""
    arguments = sys.argv[1:]
    # As for `python -m`: the working folder leads the path, not the folder of this file.
    sys.path[0] = str(os.getcwd())  # noqa: PTH109 - this runs in foreign interpreters as well
    if arguments[0] == "--late":
        arguments = arguments[1:]
        importlib.import_module("pulumi")
        os.environ.update(json.loads(_line()))
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    sys.argv = arguments
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


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
