"""Finds the failures that a pasted text, a log or a few words of one's own tell of, best first.

Three ways, strongest first. A text that only one failure gives names it. Otherwise states and texts that several
failures share, and the words that a text has in common with an entry, are weighed together: rare words count for more,
English words count whatever their ending, Korean by pairs of syllables, as particles cling to it.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from .failure import Failure, Symptom

A_QUERY = 40
"""Up to so many words a text is somebody's question, in which every word counts; beyond, it is a log, line by line."""
ENOUGH = 0.4
"""The share of a text's weight that an entry must have words for."""
CLOSE = 0.6
"""The share of the best one's weight that others must reach to be shown beside it."""
MOST = 5
_UNKNOWN = 1.0
_ASIDE = 0.6
_IN_A_LOG = 0.7
_WORDS_IN_A_LOG = 6
_KOREAN = re.compile("[가-힣]")
_TOKEN = re.compile(r"[A-Za-z]+|[가-힣]+|\b\d{3,5}\b")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ions?|ed|es|e|ly|(?<!s)s)$")
_DOUBLED = re.compile(r"([^ls])\1$")
_HASH = re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])\w{6,}\b|<[a-z ]+>")
_SILENT = frozenset(
    re.findall(
        r"\w+",
        "a all also an and any are as at be been but by can cannot could did do does for from get got had has have how "
        "i if in into is it its me my no not of on or our so still such that the their them then there they this to "
        "too very was we well what when where which while who why will with won you your",
    )
)


@dataclass(frozen=True)
class Match:
    """One failure that a text tells of."""

    failure: Failure
    weight: float
    texts: tuple[str, ...]
    """The entry's texts that were found as they stand; empty when only words are shared."""
    named: bool
    """Whether a text was found that names the failure by itself."""


class Index:
    """The words and texts of a catalogue."""

    def __init__(self, failures: Iterable[Failure]) -> None:
        self._failures = tuple(failures)

    def search(self, text: str, *, log: bool = False) -> tuple[Match, ...]:
        """The failures that the text tells of, best first; in the catalogue's order where they are equal."""
        found = {one.slug: [it for it in one.symptoms if it.is_in(text)] for one in self._failures}
        named = [
            Match(one, float(sum(_length(it) for it in hits)), tuple(it.text for it in found[one.slug]), named=True)
            for one in self._failures
            if (hits := [it for it in found[one.slug] if it.decisive])
        ]
        # No system logs in Korean: a few Korean words are somebody's, by whatever way they come.
        asked = len(text.split()) <= A_QUERY and (not log or _KOREAN.search(text) is not None)
        return tuple(sorted(named or self._alike(text, found, log=not asked), key=lambda it: -it.weight))

    def _alike(self, text: str, found: Mapping[str, list[Symptom]], *, log: bool) -> list[Match]:
        lines = {frozenset(words_of(line)) for line in (text.splitlines() if log else [text])}
        weighed = [it for line in lines if (it := self._weighed(line)) and (not log or len(line) >= _WORDS_IN_A_LOG)]
        enough = _IN_A_LOG if log else ENOUGH
        matches: list[Match] = []
        for one in self._failures:
            hits = found[one.slug]
            words = max((self._covered(it, one) for it in weighed), default=0.0)
            if hits or words >= enough:
                length = max((_length(it) for it in hits), default=0)
                shown = length / (length + 1 if log else len(text.split()))
                matches.append(Match(one, min(1.0, shown) + words, tuple(it.text for it in hits), named=False))
        best = max((it.weight for it in matches), default=0.0)
        by_words = sorted((it for it in matches if not it.texts), key=lambda it: -it.weight)[:MOST]
        return [it for it in matches if it.weight >= best * CLOSE and (it.texts or it in by_words)]

    def _weighed(self, words: Iterable[str]) -> dict[str, float]:
        """Each word's rarity; a number that is in no entry is a time or a count."""
        return {
            word: self._rarity.get(word, _UNKNOWN) for word in words if word in self._rarity or not word.isdecimal()
        }

    def _covered(self, words: Mapping[str, float], one: Failure) -> float:
        """The share of the words' weight that an entry has; what it says aside of title and texts counts for less."""
        own, aside = self._words[one.slug]
        covered = sum(
            weight * (1.0 if word in own else _ASIDE) for word, weight in words.items() if word in own or word in aside
        )
        return covered / sum(words.values())

    @cached_property
    def _words(self) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        return {one.slug: (frozenset(words_of(_own(one))), frozenset(words_of(_aside(one)))) for one in self._failures}

    @cached_property
    def _rarity(self) -> dict[str, float]:
        counted = Counter(word for own, aside in self._words.values() for word in own | aside)
        return {word: math.log(1 + len(self._failures) / count) for word, count in counted.items()}


def _own(one: Failure) -> str:
    """What an entry is called and how it shows itself."""
    korean = one.korean
    return " ".join((one.slug, one.title, korean.title, korean.symptom, *(it.text for it in one.symptoms)))


def _aside(one: Failure) -> str:
    """What is said of why, and of what to do."""
    korean = one.korean
    return " ".join((one.cause, one.remedy, one.clue, korean.cause, korean.remedy, korean.clue))


def words_of(text: str) -> set[str]:
    """The words of a text that say something, by their stems; names that machines made up are none."""
    words: set[str] = set()
    for token in _TOKEN.findall(_HASH.sub(" ", text)):
        if token[0] >= "가":
            words |= {token[at : at + 2] for at in range(len(token) - 1)}
        else:
            words |= {_stem(part.lower()) for part in (token, *_PART.findall(token)) if part.lower() not in _SILENT}
    return {word for word in words if len(word) > 1}


def _stem(word: str) -> str:
    """Refuse, refuses, refused and refusing are one word."""
    return _DOUBLED.sub(r"\1", _ENDING.sub("", re.sub(r"ies$", "y", word)))


def _length(symptom: Symptom) -> int:
    return len(symptom.text.split())
