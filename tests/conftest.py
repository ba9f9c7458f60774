"""What every room's tests share."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pokayoke_rehearsal.garbage import look_rarely

if TYPE_CHECKING:
    from rehearsed import Stage
    from replayed import Replays

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


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Plays small programs; warmed up once for every room."""
    from rehearsed import Stage

    made = Stage(tmp_path_factory.mktemp("stage"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def replays(stage: Stage) -> Replays:
    """Lives the naive programs of the replays, changed."""
    from replayed import Replays

    return Replays(stage)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Of what is imported nothing is ever garbage: looking for some in it takes half of the whole collection."""
    gc.disable()
    try:
        return (yield)
    finally:
        look_rarely()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where the upstream data is there, a comparison with it that skips is a failure: nobody would see it missing."""
    report = yield
    if report.skipped and item.get_closest_marker("upstream") and SHARED.is_dir():
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} skipped its comparison with the upstream data although that is there"
    return report


def pytest_itemcollected(item: pytest.Item) -> None:
    """Refuses a name in which a function left an escape: pytest keeps what the function told, escapes it once more when
    it collects again, and does not find the test by its name. Mutation asks so, and would take that for a failure."""
    if "\\" in item.name and any(callable(mark.kwargs.get("ids")) for mark in item.iter_markers("parametrize")):
        raise pytest.UsageError(f"{item.nodeid}: a name that a function makes (ids=) may hold no escape")
