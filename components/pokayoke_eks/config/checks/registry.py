"""Checks on repositories of images."""

# ruff: noqa: ARG001 - all checks share one signature, whether the day matters to them or not

from collections.abc import Iterator
from datetime import date

from ...rules import registries
from ...rules.finding import Finding
from ..errors import ConfigError
from ..fields import Lifecycle
from ..reading import Partial


def repositories_are_named_once(config: Partial, today: date) -> Iterator[ConfigError]:
    """There is a repository, and none is named twice."""
    yield from named_once(config)


def replication_stays(config: Partial, today: date) -> Iterator[ConfigError]:
    """Whoever owns what the whole account shares is not torn down at will."""
    yield from owner_stays(config, config.get("lifecycle", Lifecycle))


def named_once(said: Partial) -> Iterator[ConfigError]:
    """`said` are the fields of `Images`."""
    if "repositories" in said.values and not said.part("repositories").paths:
        yield ConfigError.at(said.path("repositories"), Finding("it names no repository", "Write e.g. [shop/orders]."))
    seen: set[str] = set()
    for path, name in said.items("repositories", str):
        if name in seen:
            yield ConfigError.at(path, Finding("this repository is named twice", "Leave one out."))
        seen.add(name)


def owner_stays(said: Partial, lifecycle: Lifecycle | None) -> Iterator[ConfigError]:
    """`said` are the fields of `Images` in an environment of this lifecycle."""
    if said.get("replication", str) and lifecycle is Lifecycle.DISPOSABLE:
        yield ConfigError.at(said.path("replication"), registries.OWNED_BY_WHAT_STAYS)
