"""Text on the terminal: named paragraphs, and lines in whatever encoding it has."""

import sys
import textwrap
from collections.abc import Iterable
from contextlib import suppress


def paragraph(name: str, text: str, width: int) -> list[str]:
    """`name: text`, wrapped so that texts of logs and options stay whole. Nothing of nothing."""
    if not text:
        return []
    return textwrap.wrap(
        f"{name}: {text}",
        width,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def tell(lines: Iterable[str]) -> None:
    """Writes lines at once; what the terminal's encoding lacks becomes a question mark."""
    encoding = sys.stdout.encoding or "utf-8"
    # A reader that has gone away (`| head`) must not end what tells on.
    with suppress(BrokenPipeError):
        sys.stdout.write("\n".join(lines).encode(encoding, "replace").decode(encoding) + "\n")
        sys.stdout.flush()
