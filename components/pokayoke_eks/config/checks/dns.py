"""Checks on domains."""

# ruff: noqa: ARG001 - all checks share one signature, whether the day matters to them or not

from collections.abc import Iterator
from datetime import date

from ...rules import domains, external_dns
from ...rules.finding import Finding
from ..errors import ConfigError
from ..reading import Partial


def parent_can_delegate(config: Partial, today: date) -> Iterator[ConfigError]:
    """A zone delegates what is below it, and nothing else."""
    domain, parent = config.get("domain", str), config.get("parent_zone", str)
    finding = domains.not_below(domain, parent) if domain and parent else None
    if finding:
        yield ConfigError.at(config.path("parent_zone"), finding)


def routes_are_read(config: Partial, today: date) -> Iterator[ConfigError]:
    """The chart's program reads the routes, and the annotations, that the platform writes."""
    version = config.get("version", str)
    finding = external_dns.too_old(version) if version else None
    if finding:
        yield ConfigError.at(config.path("version"), finding)


def something_is_followed(config: Partial, today: date) -> Iterator[ConfigError]:
    """There is a source, and each is named once."""
    sources = config.part("sources")
    if "sources" in config.values and not sources.paths and not sources.values:
        yield ConfigError.at(config.path("sources"), Finding("no record could follow anything", "Name a source."))
    named = [source for _, source in config.items("sources", str)]
    if len(set(named)) < len(named):
        yield ConfigError.at(config.path("sources"), Finding("a source is named twice", "Name each once."))
