"""The program of the repository, under mocks, with whatever its stack's config says."""

import json
import runpy
from pathlib import Path

from registrations import Registered, record
from zones import COMPUTED, LOOKUPS


def run(repository: Path, platform: object) -> Registered:
    """What it registers; `platform` as a stack file says it, as text, or None for no config at all."""
    written = platform if isinstance(platform, str) else json.dumps(platform)
    return record(
        lambda: runpy.run_path(str(repository / "infra"), run_name="__main__"),
        config={"pokayoke-eks:platform": written} if platform is not None else {},
        lookups=LOOKUPS,
        computed={**COMPUTED, "aws:dsql/cluster:Cluster": lambda _: {"identifier": "abc"}},
    )
