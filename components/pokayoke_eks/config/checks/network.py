"""Checks on ranges, zones and endpoints."""

# ruff: noqa: ARG001 - all checks share one signature, whether the day matters to them or not

from collections.abc import Iterable, Iterator
from datetime import date
from ipaddress import IPv4Network

from ...rules import cidrs, regions, subnets
from ...rules.finding import Finding
from ..errors import ConfigError
from ..reading import Partial, regional

FEWEST_ZONES = 2
"""EKS refuses a cluster whose subnets are in fewer zones (EKS user guide, network requirements)."""


def zones_exist(config: Partial, today: date) -> Iterator[ConfigError]:
    """Each zone is one of its region's, stated once, and there are two at least."""
    for view in regional(config):
        region = view.get("region", str)
        zones = view.items("zones", str)
        for path, zone in zones:
            finding = regions.unknown_zone(zone, region) if region else None
            if finding:
                yield ConfigError.at(path, finding)
        yield from _repeated(zones)
        if "zones" in view.values and len(view.part("zones").paths) < FEWEST_ZONES:
            few = Finding("a cluster needs two zones at least", "State two or three, e.g. [a, b, c].")
            yield ConfigError.at(view.path("zones"), few)


def ranges_fit(config: Partial, today: date) -> Iterator[ConfigError]:
    """Every range has a legal size and place, and none overlaps another or the Services' range."""
    service = config.get("service_cidr", IPv4Network)
    if service:
        yield from _at(config.path("service_cidr"), subnets.bad_service_range(service))
    named: list[tuple[str, IPv4Network]] = [(config.path("service_cidr"), service)] if service else []
    for view in regional(config):
        cidr = view.get("cidr", IPv4Network)
        if cidr:
            yield from _at(view.path("cidr"), subnets.bad_vpc_range(cidr))
            named.append((view.path("cidr"), cidr))
    for path, other in cidrs.overlaps(named):
        yield ConfigError.at(
            path, Finding(f"the range overlaps that of {other}", "Give each its own, e.g. 10.0.0.0/16, 10.1.0.0/16.")
        )


def endpoints_are_stated_once(config: Partial, today: date) -> Iterator[ConfigError]:
    """No service has two interface endpoints, and S3 keeps its gateway endpoint alone."""
    for view in regional(config):
        endpoints = view.items("interface_endpoints", str)
        yield from _repeated(endpoints)
        for path, service in endpoints:
            if service == "s3":
                always = Finding("every network has a gateway endpoint for S3, which costs nothing", "Leave it out.")
                yield ConfigError.at(path, always)


def _repeated(items: Iterable[tuple[str, str]]) -> Iterator[ConfigError]:
    seen: set[str] = set()
    for path, item in items:
        if item in seen:
            yield ConfigError.at(path, Finding(f"{item} is stated twice", "Leave one out."))
        seen.add(item)


def _at(path: str, finding: Finding | None) -> Iterator[ConfigError]:
    if finding:
        yield ConfigError.at(path, finding)
