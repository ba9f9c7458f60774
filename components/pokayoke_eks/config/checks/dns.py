"""Checks on domains."""

# ruff: noqa: ARG001 - all checks share one signature, whether the day matters to them or not

from collections.abc import Iterator
from datetime import date

from ...rules import domains
from ..errors import ConfigError
from ..reading import Partial


def parent_can_delegate(config: Partial, today: date) -> Iterator[ConfigError]:
    """A zone delegates what is below it, and nothing else."""
    domain, parent = config.get("domain", str), config.get("parent_zone", str)
    finding = domains.not_below(domain, parent) if domain and parent else None
    if finding:
        yield ConfigError.at(config.path("parent_zone"), finding)
