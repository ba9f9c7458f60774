"""Writes the pages that follow from the code: `make docs`. A test fails when a page is older than its source."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from generator import architecture, catalogue, changelog, components, config, policies  # noqa: E402


def pages() -> dict[str, str]:
    """Every page that follows from the sources alone: file name in docs/ to text."""
    return {
        **catalogue.pages(HERE.parent),
        **changelog.pages(HERE.parent),
        **components.pages(),
        **config.pages(),
        **policies.pages(HERE.parent),
    }


def main() -> None:
    for name, text in pages().items():
        (HERE / name).write_text(text)
    # The diagram follows from a rehearsal, which takes some seconds.
    from generator.rehearsed import resources

    page = HERE / "architecture.md"
    page.write_text(architecture.with_diagram(page.read_text(), resources(HERE.parent)))


if __name__ == "__main__":
    main()
