"""A world in the test's process, and a hand that works its `aws` double as an engine would."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from aws_cloud import Cloud


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    made = Cloud()
    yield made
    made.stop()


@pytest.fixture
def clean(cloud: Cloud) -> Iterator[Cloud]:
    """The world of the module; what the test made is deleted after it, newest first."""
    before = list(cloud.resources)
    yield cloud
    for name in reversed([name for name in cloud.resources if name not in before]):
        cloud.delete(name)
