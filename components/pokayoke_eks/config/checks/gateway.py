"""Checks on what serves gateways."""

# ruff: noqa: ARG001 - all checks share one signature, whether the day matters to them or not

from collections.abc import Callable, Iterator
from datetime import date

from ...rules import combinations, domains, load_balancers
from ...rules.finding import Finding, shown
from ..errors import ConfigError
from ..reading import Partial


def known_to_work(**fields: str) -> Callable[[Partial, date], Iterator[ConfigError]]:
    """A check that the versions that are installed are known to work with Kubernetes and with each other; `fields` are
    those that state them, by part."""

    def versions_are_known_to_work(config: Partial, today: date) -> Iterator[ConfigError]:
        kubernetes = config.get("kubernetes", str)
        stated = {part: version for part, name in fields.items() if (version := config.get(name, str))}
        found = combinations.unknown_combination(kubernetes, stated) if kubernetes else None
        if found:
            yield ConfigError.at(config.path(fields[found[0]]), found[1])

    return versions_are_known_to_work


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


def hosts_fit_a_gateway(config: Partial, today: date) -> Iterator[ConfigError]:
    """One certificate and one route can be for all hosts of a gateway."""
    if "hosts" in config.values:
        hosts = [host for _, host in config.items("hosts", str)]
        finding = domains.unfit_for_one_certificate(hosts) or load_balancers.too_many_hosts(hosts)
        if finding:
            yield ConfigError.at(config.path("hosts"), finding)
