"""Secrets in messages. An engine marks what is secret, and the SDK (pulumi_policy 1.21) hands it to policies unmarked.
A name, a key or a part of an ARN that a message tells may be one; so what was shown as secret is blanked out of it."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, cast

from google.protobuf import json_format
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY

BLANK = "[secret]"
_SHORTEST = 3
_GUESSED = ("true", "false")
"""These, and what is shorter, stand in every message: one without them would hide nothing and tell nothing."""
_SHOWN = 59
"""As much of a long text as messages show (`rules.finding.shown`, without the quote)."""


class Secrets:
    """All that an engine has shown as secret."""

    def __init__(self) -> None:
        self._texts: set[str] = set()

    def learn(self, properties: Any) -> None:
        """Takes note of the secrets in a resource's properties, as they are on the wire. The keys of a secret mapping
        are none: they are where something stands."""
        if SPECIAL_SECRET_SIG.encode() in properties.SerializeToString():
            for text in _secrets(json_format.MessageToDict(properties)):
                self._texts |= {text, text[:_SHOWN], repr(text)[1:-1][:_SHOWN]}
            self.__dict__.pop("_pattern", None)

    def blanked(self, message: str) -> str:
        """A message without them. They are looked for as words, so that `app` is not blanked in `application`."""
        return self._pattern.sub(BLANK, message) if self._texts else message

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # The longest first, as one secret may be the beginning of another.
        texts = "|".join(re.escape(one) for one in sorted(self._texts, key=len, reverse=True))
        return re.compile(rf"(?<![A-Za-z0-9])(?:{texts})(?![A-Za-z0-9])")


def _secrets(value: Any, *, sealed: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        said = cast("dict[str, Any]", value)
        sealed = sealed or said.get(SPECIAL_SIG_KEY) == SPECIAL_SECRET_SIG
        for key, inner in said.items():
            if key != SPECIAL_SIG_KEY:
                yield from _secrets(inner, sealed=sealed)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _secrets(inner, sealed=sealed)
    elif sealed and isinstance(value, (str, float)):
        text = value if isinstance(value, str) else f"{value:.15g}"
        if len(text) >= _SHORTEST and text not in _GUESSED:
            yield text
