"""What every room's tests share."""

from collections.abc import Generator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
SHARED = REPOSITORY.parent / "shared"


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The upstream data and facts beside the checkout; comparisons with them skip, and say so, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("no upstream data beside the checkout: the comparison was not made")
    return SHARED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where the upstream data is there, a comparison with it that skips is a failure: nobody would see it missing."""
    report = yield
    if report.skipped and item.get_closest_marker("upstream") and SHARED.is_dir():
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} skipped its comparison with the upstream data although that is there"
    return report
