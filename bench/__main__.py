"""Measures rehearsals of 1, 2, 5 and 10 copies of the platform, then the policy pack (`pack.py`): `make bench`, or
`python -m bench [COPIES ...]`.

Prints a row a rehearsal: resources, seconds of each act, milliseconds a resource and act, and what is fixed (the whole
command's time less that of its acts). The promise is at most 25 ms a resource and act plus 8 s fixed, on 2 cores.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

from bench import pack

PROGRAM = Path(__file__).parent / "platform"
ACTS = ("preview", "up", "second up", "destroy")
HEADS = ("copies", "resources", *ACTS, "ms/resource/act", "fixed s", "total s", "promised s")


def main(copies: list[int]) -> int:
    print("  ".join(f"{head:>9}" for head in HEADS))
    kept = max(_row(count) for count in copies)
    print()
    return max(kept, pack.main(pack.SIZES))


def _row(copies: int) -> int:
    started = time.perf_counter()
    command = [
        Path(sys.executable).with_name("pokayoke"),
        "rehearse",
        f"copies-{copies}",
        "--program",
        PROGRAM,
        "--json",
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    total = time.perf_counter() - started
    if run.returncode:
        print(run.stderr or run.stdout, file=sys.stderr)
        return 1
    acts = {act["name"]: act for act in json.loads(run.stdout)["acts"]}
    seconds = [acts[name]["seconds"] for name in ACTS]
    resources = acts["up"]["resources"]
    promised = 8 + 0.025 * resources * len(ACTS)
    figures = [
        f"{copies}",
        f"{resources}",
        *(f"{one:.2f}" for one in seconds),
        f"{1000 * sum(seconds) / resources / len(ACTS):.1f}",
        f"{total - sum(seconds):.2f}",
        f"{total:.2f}",
        f"{promised:.2f}",
    ]
    print("  ".join(f"{figure:>{max(9, len(head))}}" for figure, head in zip(figures, HEADS, strict=True)))
    return int(total > promised)


if __name__ == "__main__":
    sys.exit(main([int(argument) for argument in sys.argv[1:]] or [1, 2, 5, 10]))
