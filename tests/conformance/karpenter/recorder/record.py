"""Asks the API server's own code for its answer to every case, and writes recorded_answers.json.

Needs Go and the upstream CRDs: `python tests/conformance/karpenter/recorder/record.py ../shared/data/crds/karpenter`.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from karpenter_answers import ANSWERS, FILES, digest  # noqa: E402
from karpenter_cases import generated_cases  # noqa: E402
from karpenter_handpicked import handpicked_cases  # noqa: E402
from karpenter_oracle import Oracle  # noqa: E402


def main(folder: Path) -> None:
    """Writes the recording anew."""
    oracles = {kind: Oracle(YAML(typ="safe").load(folder / name)) for kind, name in FILES.items()}
    cases = [*handpicked_cases(), *(case for kind, oracle in oracles.items() for case in generated_cases(kind, oracle))]
    asked = "".join(json.dumps({"object": case.object, "old": case.before}) + "\n" for case in cases)
    if len({case.name for case in cases}) != len(cases):
        raise ValueError("two cases have one name")
    answers = _answers(asked, [str((folder / name).resolve()) for name in FILES.values()])
    recorded = {
        case.name: {"case": digest(case), **answer, "errors": sorted(answer.get("errors", ()))}
        for case, answer in zip(cases, answers, strict=True)
    }
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(answer)}" for name, answer in recorded.items())
    ANSWERS.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


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
    main(Path(sys.argv[1]))
