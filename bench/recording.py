"""Records what a released version made of the checked-in dev stack: `make recorded`, once at each release.

Writes tests/recorded/VERSION.json: the state after an `up`, without what differs from run to run and what no preview
asks for. A test previews the program of today over each: nothing may be replaced or deleted.
"""

import asyncio
import json
import os
import sys
import tomllib
from typing import Any

os.environ.setdefault("GRPC_VERBOSITY", "NONE")

from pokayoke_rehearsal.engine import Act

from .torture.life import ROOT, Life, life_of

_DROPPED = frozenset({"created", "modified", "dependencies", "propertyDependencies"})
_DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"


def main() -> int:
    """Records the version of pyproject.toml."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    file = ROOT / "tests" / "recorded" / f"{version}.json"
    if file.exists():
        print(f"{file.relative_to(ROOT)} is there: what a release made does not change any more")
        return 1
    state = asyncio.run(_state())
    lines = ",\n".join(json.dumps(one, sort_keys=True, separators=(",", ":")) for one in state)
    file.write_text(f'{{"version":3,"deployment":{{"resources":[\n{lines}\n]}}}}\n')
    print(f"{file.relative_to(ROOT)}: {len(state)} resources, {file.stat().st_size // 1024} KiB")
    return 0


async def _state() -> list[dict[str, Any]]:
    async with life_of("dev") as life:
        await life.do(Act.UP)
        recorded = [_recorded(life, one) for one in life.resources()]
        await life.do(Act.DESTROY)
    return recorded


def _recorded(life: Life, resource: Any) -> dict[str, Any]:
    kept = {key: value for key, value in resource.export(life.state.vault).items() if key not in _DROPPED}
    if kept["type"] == _DEFINITION:
        # Two thirds of a state are schemas; a definition is known by its names.
        spec = {key: kept["inputs"]["spec"][key] for key in ("group", "names", "scope")}
        kept["inputs"] = {**kept["inputs"], "spec": spec}
        kept["outputs"] = {**kept["inputs"], "metadata": {"name": kept["inputs"]["metadata"]["name"]}}
    return kept


if __name__ == "__main__":
    sys.exit(main())
