"""Asks the API server's own code for its answer to every case, and writes what it says to recorded/.

Needs Go and the upstream CRDs: `python tests/conformance/crds/recorder/record.py ../shared/data/crds [FAMILY...]`.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from crd_answers import FAMILIES, digest, recording  # noqa: E402
from crd_cases import Case, generated_cases  # noqa: E402
from crd_handpicked import handpicked_cases  # noqa: E402
from crd_oracle import oracle_of  # noqa: E402


def main(folder: Path, families: list[str]) -> None:
    """Writes the recordings anew."""
    for family in families or FAMILIES:
        files = FAMILIES[family]
        oracles = {kind: oracle_of(folder / name, kind) for kind, name in files.items()}
        cases = [case for case in handpicked_cases() if case.kind in files]
        cases += [case for kind, oracle in oracles.items() for case in generated_cases(kind, oracle)]
        _record(family, cases, {kind: folder / name for kind, name in files.items()})


def _record(family: str, cases: list[Case], files: Mapping[str, Path]) -> None:
    if len({case.name for case in cases}) != len(cases):
        raise ValueError("two cases have one name")
    asked = "".join(json.dumps({"object": case.object, "old": case.before}) + "\n" for case in cases)
    answers = _answers(asked, [str(path.resolve()) for path in files.values()])
    recorded = {
        case.name: {"case": digest(case), **answer, "errors": sorted(answer.get("errors", ()))}
        for case, answer in zip(cases, answers, strict=True)
    }
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(answer)}" for name, answer in recorded.items())
    recording(family).write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def _answers(asked: str, crds: list[str]) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as place:
        for name in ("go.mod", "main.go"):
            shutil.copy(HERE / name, place)
        subprocess.run(["go", "mod", "tidy"], cwd=place, check=True)
        told = subprocess.run(
            ["go", "run", ".", *crds], cwd=place, input=asked, stdout=subprocess.PIPE, text=True, check=True
        )
    return [json.loads(line) for line in told.stdout.splitlines()]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
