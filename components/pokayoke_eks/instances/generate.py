"""Writes the tables of instance types: `python -m pokayoke_eks.instances.generate MOTO FACTS`.

MOTO is moto's folder `moto/ec2/resources`, whose catalogue has architecture, vCPUs, memory, and the regions that offer
a type. FACTS holds the ENI limits and the prices in us-east-1 of the generated tables of aws/karpenter-provider-aws. In
the tables is every type that both know and that Kubernetes can run on, which leaves out Macs.
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

ARCHITECTURES = ("arm64", "x86_64")
TABLE = Path(__file__).with_name("types.json")
REGIONS = Path(__file__).with_name("regions.json")


def table(moto: Path, facts: Path) -> str:
    """The text of `types.json`: one type a line, in the order of `_COLUMNS` of `pokayoke_eks.instances`."""
    catalogue: dict[str, Any] = _read(moto / "instance_types.json.gz")
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


def offers(moto: Path, types: str) -> str:
    """The text of `regions.json`: the regions, and for each of `types` (the text of `types.json`) a hexadecimal number
    whose lowest bit says whether the first region offers it, and so on."""
    files = sorted((moto / "instance_type_offerings" / "region").glob("*.json.gz"))
    there = [{offer["InstanceType"] for offer in _read(file)} for file in files]
    places = {name: sum(1 << bit for bit, names in enumerate(there) if name in names) for name in json.loads(types)}
    rows = [f"{json.dumps(name)}: {json.dumps(f'{bits:x}')}" for name, bits in places.items()]
    regions = json.dumps([file.name.removesuffix(".json.gz") for file in files])
    return f'{{\n"regions": {regions},\n"types": {{\n' + ",\n".join(rows) + "\n}\n}\n"


def _read(file: Path) -> Any:
    return json.loads(gzip.decompress(file.read_bytes()))


if __name__ == "__main__":
    text = table(Path(sys.argv[1]), Path(sys.argv[2]))
    TABLE.write_text(text)
    REGIONS.write_text(offers(Path(sys.argv[1]), text))
