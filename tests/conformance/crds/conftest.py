"""The upstream definitions that these tests compare with."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from crd_answers import FILES
from crd_oracle import Oracle, oracle_of


class _Oracles(Mapping[str, Oracle]):
    """Each made when it is first asked for: the largest takes a second to read."""

    def __init__(self, folder: Path) -> None:
        self._made = cache(lambda kind: oracle_of(folder / FILES[kind], kind))

    def __getitem__(self, kind: str) -> Oracle:
        return self._made(kind)

    def __iter__(self):
        return iter(FILES)

    def __len__(self) -> int:
        return len(FILES)


@pytest.fixture(scope="session")
def oracles(shared: Path) -> Mapping[str, Oracle]:
    """A judge of each kind, by its upstream CustomResourceDefinition."""
    return _Oracles(shared / "data" / "crds")
