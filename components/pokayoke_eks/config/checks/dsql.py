"""Checks on the regions of Aurora DSQL."""

# ruff: noqa: ARG001 - all checks share one signature, whether the day matters to them or not

from collections.abc import Iterator, Sequence
from datetime import date
from ipaddress import IPv4Network

from ...rules import cidrs, dsql_regions
from ..errors import ConfigError
from ..reading import Partial


def regions_can_be_peered(config: Partial, today: date) -> Iterator[ConfigError]:
    """The regions of one cluster, or of two peers and their witness."""
    regions = [region for _, region in config.items("regions", str)]
    if len(regions) == len(config.part("regions").paths):
        yield from of_regions(regions, config, config.path("regions"))


def clients_can_come(config: Partial, today: date) -> Iterator[ConfigError]:
    """Ranges of clients are ones from which a connection to a public endpoint can come."""
    yield from of_clients(config)


def of_clients(said: Partial) -> Iterator[ConfigError]:
    """The same where the fields of `Dsql` stand elsewhere."""
    for path, cidr in said.items("clients", IPv4Network):
        finding = cidrs.not_routed(cidr)
        if finding:
            yield ConfigError.at(path, finding)


def of_regions(regions: Sequence[str], said: Partial, path: str) -> Iterator[ConfigError]:
    """The same where the regions stand elsewhere, at `path`; `said` are the fields of `Dsql`."""
    finding = dsql_regions.bad_number_of_regions(regions)
    if finding:
        yield ConfigError.at(path, finding)
        return
    if "witness" not in said.values:
        return
    witness = said.get("witness", str)
    finding = dsql_regions.bad_witness(regions, witness)
    if finding:
        yield ConfigError.at(said.path("witness"), finding)
        return
    finding = dsql_regions.regions_apart(regions, witness, [one for _, one in said.items("region_set", str)])
    if finding:
        yield ConfigError.at(path, finding)
