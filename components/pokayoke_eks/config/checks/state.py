"""Checks on where states are kept."""

# ruff: noqa: ARG001 - all checks share one signature, whether the day matters to them or not

from collections.abc import Iterator
from datetime import date

from ...rules import states
from ...rules.finding import Finding
from ..errors import ConfigError
from ..reading import Partial


def bucket_can_be_named(config: Partial, today: date) -> Iterator[ConfigError]:
    """The bucket's name, with account and region in it, is within S3's limit."""
    name, region = config.get("name", str), config.get("region", str)
    finding = states.bucket_name_too_long(name, region) if name and region else None
    if finding:
        yield ConfigError.at(config.path("name"), finding)


def each_environment_is_named_once(config: Partial, today: date) -> Iterator[ConfigError]:
    """There is an environment, and no two share a folder."""
    if "environments" in config.values and not config.part("environments").paths:
        yield ConfigError.at(config.path("environments"), Finding("it names no environment", "Write e.g. [dev, prod]."))
    seen: set[str] = set()
    for path, name in config.items("environments", str):
        if name in seen:
            twice = Finding("this environment is named twice", "Leave one out.", "environment-isolation")
            yield ConfigError.at(path, twice)
        seen.add(name)


def word_is_this_backend_s(config: Partial, today: date) -> Iterator[ConfigError]:
    """Whoever removes all states names the backend that they mean."""
    word, name = config.get("empty_and_remove", str), config.get("name", str)
    finding = states.wrong_word(word, name) if word is not None and name else None
    if finding:
        yield ConfigError.at(config.path("empty_and_remove"), finding)
