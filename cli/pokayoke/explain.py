"""What is known of a failure, or of the failures that an error text, a log or a few words tell of."""

import sys
import textwrap
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from pokayoke.failing import FELL_SHORT, CommandError
from pokayoke_eks.catalogue import FAILURES, Failure, Match, State, search

STANDARD_INPUT = "-"
_WIDTH = 100


def explain(slug: str | None, text: str | None, *, korean: bool) -> int:
    """Tell what is known of the slug, or find what a text (`-`: standard input) tells of. Exit code 1:
    nothing is known by it. Titles and symptoms are in English or in Korean."""
    if (slug is None) == (text is None):
        raise CommandError("give a slug, `-` to read a log from a pipe, or --search with a text")
    if slug is not None and slug != STANDARD_INPUT:
        _print(_whole(_known(slug), korean=korean))
        return 0
    found = search(text) if text is not None else search(sys.stdin.buffer.read().decode(errors="replace"), log=True)
    if not found:
        _print(["No documented failure is known by this text. Paste the line that holds the error itself."])
        return FELL_SHORT
    _print(_found(found, korean=korean))
    return 0


def _known(slug: str) -> Failure:
    if slug in FAILURES:
        return FAILURES[slug]
    near = [*get_close_matches(slug, FAILURES, n=3), *(it.failure.slug for it in search(slug.replace("-", " ")))]
    hint = f"; did you mean {', '.join(dict.fromkeys(near))}?" if near else "; try --search"
    raise CommandError(f"no documented failure is called {slug}{hint}")


def _found(found: tuple[Match, ...], *, korean: bool) -> Iterator[str]:
    """One failure as a whole; of several, each with what tells it from the others."""
    if len(found) == 1:
        if not found[0].named:
            yield from ("Likeliest, though nothing in the text names it:", "")
        yield from _whole(found[0].failure, korean=korean)
        return
    several = "failures are named in this text" if found[0].named else "failures fit, likeliest first"
    yield f"{len(found)} {several}; `pokayoke explain SLUG` tells all of one:"
    for match in found:
        one = match.failure
        yield ""
        yield _heading(one, korean=korean)
        yield from (f"  found: {text}" for text in match.texts)
        yield from _paragraph("look at", one.clue or one.cause)


def _whole(one: Failure, *, korean: bool) -> Iterator[str]:
    yield _heading(one, korean=korean)
    if korean:
        yield from _paragraph("증상", one.korean[1])
    yield from (f"  seen: {symptom.text}" for symptom in one.symptoms)
    for name, text in (("cause", one.cause), ("look at", one.clue), ("remedy", one.remedy)):
        if text:
            yield from _paragraph(name, text)
    if one.state is State.OPEN:
        yield from _paragraph("open", one.missing)
    for level, references in one.holders.items():
        yield from _paragraph(f"held by {level}", ", ".join(references))
    if one.to_come and one.state is State.HELD:
        yield from _paragraph("to come", ", ".join(one.to_come))


def _heading(one: Failure, *, korean: bool) -> str:
    return f"{one.slug}: {one.korean[0] if korean else one.title}"


def _paragraph(name: str, text: str) -> list[str]:
    return textwrap.wrap(
        f"{name}: {text}",
        _WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _print(lines: Iterable[str]) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write("\n".join(lines).encode(encoding, "replace").decode(encoding) + "\n")
