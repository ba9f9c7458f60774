"""What the engine's tests share."""

from collections.abc import Iterator

import pytest
from theatre import Theatre


@pytest.fixture(scope="session")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    made = Theatre(tmp_path_factory.mktemp("theatre"))
    yield made
    made.close()
