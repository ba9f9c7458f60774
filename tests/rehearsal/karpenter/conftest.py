"""A stage for small programs, warmed up once."""

from collections.abc import Iterator

import pytest

from rehearsed import Stage


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("stage"))
    yield made
    made.close()
