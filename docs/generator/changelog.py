"""The changelog, which lies outside of docs/."""

from pathlib import Path


def pages(repository: Path) -> dict[str, str]:
    """`changelog.md`."""
    return {"changelog.md": (repository / "CHANGELOG.md").read_text()}
