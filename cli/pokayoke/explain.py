"""What is known of a failure, or of the failures that an error text, a log or a few words tell of."""

import sys
from collections.abc import Iterator
from difflib import get_close_matches

from pokayoke.explain_words import ENGLISH, KOREAN, Words
from pokayoke.failing import FELL_SHORT, CommandError
from pokayoke.telling import paragraph, tell
from pokayoke_eks.catalogue import FAILURES, Failure, Match, State, Told, search

STANDARD_INPUT = "-"


def explain(slug: str | None, text: str | None, *, korean: bool) -> int:
    """Tell what is known of the slug, or find what a text (`-`: standard input) tells of. Exit code 1:
    nothing is known by it. In Korean, names, commands and logged texts stay as they are."""
    if (slug is None) == (text is None):
        raise CommandError("give a slug, `-` to read a log from a pipe, or --search with a text")
    words = KOREAN if korean else ENGLISH
    if slug is not None and slug != STANDARD_INPUT:
        tell(_whole(_known(slug), words))
        return 0
    found = search(text) if text is not None else search(sys.stdin.buffer.read().decode(errors="replace"), log=True)
    if not found:
        tell([words.nothing])
        return FELL_SHORT
    tell(_found(found, words))
    return 0


def _known(slug: str) -> Failure:
    if slug in FAILURES:
        return FAILURES[slug]
    near = [*get_close_matches(slug, FAILURES, n=3), *(it.failure.slug for it in search(slug.replace("-", " ")))]
    hint = f"; did you mean {', '.join(dict.fromkeys(near))}?" if near else "; try --search"
    raise CommandError(f"no documented failure is called {slug}{hint}")


def _found(found: tuple[Match, ...], words: Words) -> Iterator[str]:
    """One failure as a whole; of several, each with what tells it from the others."""
    if len(found) == 1:
        if not found[0].named:
            yield from (words.likeliest, "")
        yield from _whole(found[0].failure, words)
        return
    several = (words.named if found[0].named else words.fit).format(len(found))
    yield f"{several}; {words.each}"
    for match in found:
        told = _told(match.failure, words)
        yield ""
        yield f"{match.failure.slug}: {told.title}"
        yield from (f"  {words.found}: {text}" for text in match.texts)
        yield from paragraph(words.look_at, told.clue or told.cause, words.width)


def _whole(one: Failure, words: Words) -> Iterator[str]:
    told = _told(one, words)
    yield f"{one.slug}: {told.title}"
    yield from paragraph(words.symptom, told.symptom, words.width)
    yield from (f"  {words.seen}: {text.text}" for text in one.symptoms)
    yield from paragraph(words.cause, told.cause, words.width)
    yield from paragraph(words.look_at, told.clue, words.width)
    yield from paragraph(words.remedy, told.remedy, words.width)
    yield from paragraph(words.open, told.missing, words.width)
    for level, references in one.holders.items():
        names = [name for name in references if name not in one.by_design]
        yield from paragraph(words.held_by[level], ", ".join(names), words.width)
    yield from (f"  {words.by_design}: {test}" for test in one.by_design)
    if one.state is State.HELD:
        yield from paragraph(words.to_come, ", ".join(one.to_come), words.width)


def _told(one: Failure, words: Words) -> Told:
    """What an entry says in the language of these words. English tells the symptom by the texts that were seen."""
    if words is KOREAN:
        return one.korean
    return Told(one.title, cause=one.cause, remedy=one.remedy, clue=one.clue, missing=one.missing)
