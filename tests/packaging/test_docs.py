"""Pages that follow from the code cannot go stale."""

import runpy
from pathlib import Path

import pytest


@pytest.mark.parametrize("page", ["failures.md", "config.md", "policies.md", "platform.schema.json"])
def test_a_generated_page_is_as_new_as_the_code(repository: Path, page: str) -> None:
    pages = runpy.run_path(str(repository / "docs" / "generate.py"))["pages"]()
    assert (repository / "docs" / page).read_text() == pages[page], "run `make docs`"
