"""Checks on what names a network of somebody else's."""

# ruff: noqa: ARG001 - all checks share one signature, whether the day matters to them or not

from collections.abc import Iterator
from datetime import date

from ...rules.finding import Finding
from ..errors import ConfigError
from ..reading import Partial


def vpc_is_said_once(config: Partial, today: date) -> Iterator[ConfigError]:
    """The VPC is meant by its id or by its tags; public subnets are not stated for a network that has none."""
    by_id, by_tags = config.get("vpc", str), config.part("vpc_tags").paths
    read = "vpc" in config.values and "vpc_tags" in config.values
    if read and bool(by_id) == bool(by_tags):
        problem = "it is said twice which VPC is meant" if by_id else "it is not said which VPC is meant"
        yield ConfigError.at(config.path("vpc"), Finding(problem, "State either vpc, its id, or vpc_tags."))
    if config.get("internal", bool) and config.part("public_subnets").paths:
        both = Finding("an internal network has no public subnets", "Leave out one of the two.")
        yield ConfigError.at(config.path("public_subnets"), both)
