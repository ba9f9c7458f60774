"""What a wrong config is answered with: every error at once, each on one line."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..rules.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ConfigError:
    """One thing that is wrong: where, what, the documented failure behind it (or `config`), and how to fix it."""

    path: str
    problem: str
    slug: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}: {self.problem} [{self.slug}]. {self.remedy}"

    @classmethod
    def at(cls, path: str, finding: Finding) -> ConfigError:
        """A rule's finding, located."""
        return cls(path or "platform", finding.problem, finding.slug, finding.remedy)


class ConfigErrors(Exception):  # noqa: N818 - the plural says it: all of them at once
    """Everything that is wrong with a config. `str()` prints one error a line."""

    def __init__(self, errors: Iterable[ConfigError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))


class Refused(ValueError):  # noqa: N818 - never seen by a user
    """A field's value is refused; carries the finding through pydantic."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(str(finding))


def refusal(problem: str, remedy: str) -> Refused:
    """To raise for a field that no documented failure stands behind."""
    return Refused(Finding(problem, remedy))


def checked(finding: Finding | None) -> None:
    """Raises `Refused` where there is a finding."""
    if finding:
        raise Refused(finding)


def join(path: str, key: str | int) -> str:
    """The path of a member: `regions.eu-west-1`, `admins[0]`; keys with other characters are quoted and shortened."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    if not _PLAIN_KEY.fullmatch(key):
        key = json.dumps(key if len(key) <= 60 else f"{key[:60]}...")
    return f"{path}.{key}" if path else key
