"""Pages that follow from the code cannot go stale."""

import runpy
from pathlib import Path

import pytest
import yaml


@pytest.fixture(scope="module")
def pages(repository: Path) -> dict[str, str]:
    return runpy.run_path(str(repository / "docs" / "generate.py"))["pages"]()


def test_a_generated_page_is_as_new_as_the_code(repository: Path, pages: dict[str, str]) -> None:
    written = {page: (repository / "docs" / page).read_text() for page in pages}
    assert [page for page in pages if written[page] != pages[page]] == [], "run `make docs`"


def test_no_page_is_left_of_a_component_that_is_gone(repository: Path, pages: dict[str, str]) -> None:
    there = {f"components/{file.name}" for file in (repository / "docs" / "components").iterdir()}
    assert there == {page for page in pages if page.startswith("components/")}


def test_what_a_component_creates_is_shown_as_a_list(pages: dict[str, str]) -> None:
    told = {name: page.partition("\n## ")[0] for name, page in pages.items() if "components/" in name}
    assert told
    assert not [name for name, text in told.items() if "\n    - " in text]


def test_the_site_shows_every_page_once(repository: Path) -> None:
    docs = repository / "docs"
    text = (repository / "mkdocs.yml").read_text().replace("!!python/name:", "")
    shown = list(_files(yaml.safe_load(text)["nav"]))
    assert sorted(shown) == sorted(str(page.relative_to(docs)) for page in docs.rglob("*.md"))


def test_the_site_asks_nobody_for_anything_while_it_is_built(repository: Path) -> None:
    site = yaml.safe_load((repository / "mkdocs.yml").read_text().replace("!!python/name:", ""))
    assert site["plugins"] == ["search"]
    assert site["theme"]["font"] is False


def _files(nav: object) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ()
    return [file for part in parts for file in _files(part)]
