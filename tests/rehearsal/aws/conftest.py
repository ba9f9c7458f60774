"""A world in the test's process, and a hand that works its `aws` double as an engine would."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from aws_cloud import WORKER_POLICIES, Cloud, cluster, network, role


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


@pytest.fixture(scope="module")
def subnets(cloud: Cloud) -> list[str]:
    return network(cloud)


@pytest.fixture(scope="module")
def worker(cloud: Cloud) -> str:
    return role(cloud, "worker", "ec2.amazonaws.com", *WORKER_POLICIES)


@pytest.fixture
def demo(clean: Cloud, subnets: list[str]) -> Iterator[str]:
    return cluster(clean, "demo", subnets)
