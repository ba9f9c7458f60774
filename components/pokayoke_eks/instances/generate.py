"""Writes `types.json`, the table of instance types: `python -m pokayoke_eks.instances.generate MOTO FACTS`.

MOTO is moto's catalogue (`moto/ec2/resources/instance_types.json.gz`): architecture, vCPUs, memory. FACTS holds the
ENI limits and the prices in us-east-1 of the generated tables of aws/karpenter-provider-aws. In the table is every type
that both know and that Kubernetes can run on, which leaves out Macs.
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

ARCHITECTURES = ("arm64", "x86_64")
TABLE = Path(__file__).with_name("types.json")


def table(moto: Path, facts: Path) -> str:
    """The text of `types.json`: one type a line, in the order of `_COLUMNS` of `pokayoke_eks.instances`."""
    catalogue: dict[str, Any] = json.loads(gzip.decompress(moto.read_bytes()))
    known: dict[str, Any] = json.loads(facts.read_text())
    rows: list[str] = []
    for name in sorted(catalogue.keys() & known.keys()):
        kind, limits = catalogue[name], known[name]
        supported = kind["ProcessorInfo"]["SupportedArchitectures"]
        architecture = next((one for one in ARCHITECTURES if one in supported), None)
        if architecture is None:
            continue
        row = [
            architecture,
            kind["VCpuInfo"]["DefaultVCpus"],
            kind["MemoryInfo"]["SizeInMiB"],
            limits["enis"],
            limits["ipv4_per_eni"],
            limits.get("usd_per_hour"),
        ]
        rows.append(f"{json.dumps(name)}: {json.dumps(row, separators=(',', ':'))}")
    return "{\n" + ",\n".join(rows) + "\n}\n"


if __name__ == "__main__":
    TABLE.write_text(table(Path(sys.argv[1]), Path(sys.argv[2])))
