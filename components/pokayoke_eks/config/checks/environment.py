"""Checks on a whole environment: what several of its parts must agree on."""

# ruff: noqa: ARG001 - all checks share one signature, whether the day matters to them or not

from collections.abc import Iterator
from datetime import date

from ...rules import arns, external_dns, load_balancers, system_nodes
from ...rules.finding import Finding
from ..errors import ConfigError
from ..fields import Lifecycle
from ..reading import Partial
from . import dns, dsql, gateway, registry


def admins_are_of_the_account(config: Partial, today: date) -> Iterator[ConfigError]:
    """A role of another account would administer this one's clusters."""
    account = config.get("account", str)
    for path, arn in config.items("admins", str):
        if account and arns.account_of(arn) != account:
            other = Finding(
                f"the role is of account {arns.account_of(arn)}, the platform of {account}",
                "Name a role of the platform's own account, which others may assume.",
                "environment-isolation",
            )
            yield ConfigError.at(path, other)


def edge_can_be_served(config: Partial, today: date) -> Iterator[ConfigError]:
    """The zone's parent can delegate it, and the controllers of the edge take what the platform says."""
    edge = config.part("edge")
    if not edge.paths:
        return
    if "pools" in config.values and not config.part("pools").paths:
        nowhere = Finding(
            "no node takes what stands behind the gateway: the system nodes are the platform's alone",
            "State a pool, e.g. {name: general, instances: [m7g.large], limits: {cpu: 32, memory: 64Gi}}.",
            "incompatible-requirements",
        )
        yield ConfigError.at(config.path("pools"), nowhere)
    yield from dns.parent_can_delegate(edge, today)
    yield from gateway.tags_fit_on_a_command_line(config, today)
    stated = config.get("system_instance", str)
    if stated and edge.get("gateway", str) == load_balancers.ISTIO:
        finding = system_nodes.unfit_type(stated, system_nodes.WITH_MESH)
        if finding and not system_nodes.unfit_type(stated):
            yield ConfigError.at(config.path("system_instance"), finding)
    versions = config.part("versions")
    chart = versions.get("external_dns", str)
    finding = external_dns.too_old(chart) if chart else None
    if finding:
        yield ConfigError.at(versions.path("external_dns"), finding)


def databases_can_be_peered(config: Partial, today: date) -> Iterator[ConfigError]:
    """Aurora DSQL spans the platform's regions, and its clients can come."""
    said = config.part("dsql")
    if said.values:
        yield from dsql.of_regions(list(config.part("regions").paths), said, config.path("regions"))
        yield from dsql.of_clients(said)


def images_have_repositories(config: Partial, today: date) -> Iterator[ConfigError]:
    """Each repository is named once, and replication has somewhere to go."""
    images = config.part("registry")
    if images.values:
        yield from registry.named_once(images)
        yield from registry.owner_stays(images, config.get("lifecycle", Lifecycle))


ALL = (admins_are_of_the_account, edge_can_be_served, databases_can_be_peered, images_have_repositories)
