"""Records what the real component provider registers for eks_programs.py: `python eks_record.py ADDRESS [--old]`.

ADDRESS is where it listens: nodejs/eks of pulumi-eks, built with its dependencies (`npm install && npx tsc`), started
as `node bin/cmd/provider/index.js 127.0.0.1:1`, with an `aws` on the PATH that prints a version. With --old, for a
build with @pulumi/pulumi 3.173, the programs that newer ones cannot build are recorded into the same file.
"""

import json
import sys
from pathlib import Path
from typing import Any

from eks_monitor import RecordingMonitor
from eks_programs import CASES, UNSERVED_BY_NEWER_SDKS
from eks_recording import children, functions, run

FILE = Path(__file__).parent / "eks_recorded.json"
ABOUT = (
    "What the real component provider (pulumi-eks 7bf0c1b1, that is 4.4.0, over @pulumi/aws 7.25.0 and "
    "@pulumi/kubernetes 4.21.1) registers for each program of eks_programs.py, in `up` and in preview, over the clouds "
    "of eks_clouds.py; made by eks_record.py. Each case lists the numbers of its children and functions."
)


def main(address: str, old: bool) -> None:
    kept = json.loads(FILE.read_text()) if FILE.exists() else {"children": [], "functions": [], "cases": {}}
    results = {name: _expand(case, kept) for name, case in kept["cases"].items() if name in CASES}
    for name, program in CASES.items():
        if (name in UNSERVED_BY_NEWER_SDKS) == old:
            results[name] = {mode: _record(address, program, mode == "preview") for mode in ("up", "preview")}
    _write({name: results[name] for name in CASES if name in results})


def _record(address: str, program: list[Any], preview: bool) -> dict[str, Any]:
    with RecordingMonitor(preview=preview) as monitor:
        run(address, program, monitor)
        return {"children": list(children(monitor, program).values()), "functions": functions(monitor)}


def _expand(case: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    return {
        mode: {part: [kept[part][index] for index in parts[part]] for part in parts} for mode, parts in case.items()
    }


def _write(results: dict[str, Any]) -> None:
    """Each record once, on a line of its own; cases refer to them by number."""
    pools: dict[str, dict[str, int]] = {"children": {}, "functions": {}}
    cases = {
        name: {
            mode: {
                part: sorted(
                    pools[part].setdefault(json.dumps(item, sort_keys=True), len(pools[part])) for item in items
                )
                for part, items in parts.items()
            }
            for mode, parts in case.items()
        }
        for name, case in results.items()
    }
    lines = ["{", f'"about": {json.dumps(ABOUT)},']
    for part, pool in pools.items():
        lines += [f'"{part}": [', ",\n".join(pool), "],"]
    lines += [
        '"cases": {',
        ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases.items()),
        "}",
        "}",
    ]
    FILE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], "--old" in sys.argv)
