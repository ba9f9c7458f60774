"""Checks on what serves gateways."""

# ruff: noqa: ARG001 - all checks share one signature, whether the day matters to them or not

from collections.abc import Iterator
from datetime import date

from ...rules import combinations
from ...rules.finding import Finding, shown
from ..errors import ConfigError
from ..reading import Partial


def versions_are_known_to_work(config: Partial, today: date) -> Iterator[ConfigError]:
    """Gateway API, the controller and Kubernetes are known to work together."""
    field = {"load_balancer_controller": "version"}
    if "controller_version" in config.paths:
        field = {"gateway_api": "version", "load_balancer_controller": "controller_version"}
    kubernetes = config.get("kubernetes", str)
    stated = {part: version for part, name in field.items() if (version := config.get(name, str))}
    found = combinations.unknown_combination(kubernetes, stated) if kubernetes else None
    if found:
        yield ConfigError.at(config.path(field[found[0]]), found[1])


def kinds_have_one_source(config: Partial, today: date) -> Iterator[ConfigError]:
    """What the cluster has already is not applied from a file as well."""
    for field in ("manifest", "controller_manifest"):
        if config.get("installed", bool) and config.get(field, str):
            both = Finding("the cluster has these kinds already, says `installed`", "Keep one of the two.")
            yield ConfigError.at(config.path(field), both)


def tags_fit_on_a_command_line(config: Partial, today: date) -> Iterator[ConfigError]:
    """The controller gets the tags as `key=value,key=value`."""
    part = config.part("tags")
    for key in part.values:
        if "=" in key:
            finding = Finding(f"the controller of load balancers takes no tag key with =: {shown(key)}", "Rename it.")
            yield ConfigError.at(part.path(key), finding)
