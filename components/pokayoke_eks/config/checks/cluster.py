"""Checks on versions, access and protection."""

# ruff: noqa: ARG001 - all checks share one signature, whether the day matters to them or not

from collections.abc import Iterator
from datetime import date
from ipaddress import IPv4Network

from ...rules import arns, cidrs, kubernetes_versions, regions, releases, system_nodes
from ...rules.finding import Finding
from ..errors import ConfigError
from ..fields import Lifecycle
from ..reading import Partial, regional


def version_is_in_standard_support(config: Partial, today: date) -> Iterator[ConfigError]:
    """Extended support is billed extra; no cluster is born into it."""
    version = config.get("kubernetes", str)
    yield from _at(
        config.path("kubernetes"), kubernetes_versions.outside_standard_support(version, today) if version else None
    )


def versions_fit_kubernetes(config: Partial, today: date) -> Iterator[ConfigError]:
    """kube-proxy is of the cluster's minor, and the Bottlerocket release has an image for it."""
    version = config.get("kubernetes", str)
    if version is None:
        return
    addons, release = config.part("addons"), config.get("bottlerocket", str)
    kube_proxy = addons.get("kube_proxy", str)
    if kube_proxy:
        yield from _at(addons.path("kube_proxy"), releases.kube_proxy_of_another_minor(kube_proxy, version))
    if release:
        yield from _at(config.path("bottlerocket"), releases.bottlerocket_without_variant(release, version))


def api_access_is_narrow(config: Partial, today: date) -> Iterator[ConfigError]:
    """The internet is let in only on purpose; every other range is one from which a request can come."""
    access = config.part("api_access")
    ranges = access.items("public", IPv4Network)
    path, reason = access.path("public"), access.get("open_reason", str)
    if cidrs.covers_the_internet(cidr for _, cidr in ranges):
        if reason is None:
            opened = Finding(
                "the whole internet would reach the API server",
                "State the ranges from which you come, or add a `reason` beside them.",
            )
            yield ConfigError.at(path, opened)
        return
    for at, cidr in ranges:
        yield from _at(at, cidrs.not_routed(cidr))
    if len(ranges) > cidrs.MOST_API_RANGES:
        yield ConfigError.at(
            path, Finding(f"EKS takes {cidrs.MOST_API_RANGES} ranges, these are {len(ranges)}", "Join some of them.")
        )
    if reason is not None and ranges and len(ranges) == len(access.part("public").paths):
        yield ConfigError.at(
            access.path("open_reason"),
            Finding("a reason opens the API server to everybody, these ranges do not ask for it", "Leave it out."),
        )


def somebody_administers(config: Partial, today: date) -> Iterator[ConfigError]:
    """There is an administrator, no principal has two access entries, and all are of the regions' partition."""
    if "admins" in config.values and not config.part("admins").paths:
        nobody = Finding("nobody could administer the cluster, its creator included", "Name at least one role's ARN.")
        yield ConfigError.at(config.path("admins"), nobody)
    seen: set[str] = set()
    partitions = {regions.REGIONS[name].partition for view in regional(config) if (name := view.get("region", str))}
    for path, arn in config.items("admins", str):
        if arn in seen:
            twice = Finding(
                "this role is named twice, and a second access entry for one principal is refused by EKS",
                "Leave one out.",
                "duplicate-node-role",
            )
            yield ConfigError.at(path, twice)
        seen.add(arn)
        if partitions and arns.partition_of(arn) not in partitions:
            elsewhere = Finding(
                f"the role is of the partition {arns.partition_of(arn)}, the regions are of {', '.join(partitions)}",
                "Name a role of the account that the cluster is in.",
            )
            yield ConfigError.at(path, elsewhere)


def protection_means_something(config: Partial, today: date) -> Iterator[ConfigError]:
    """Only what is retained has a protection that can be lifted."""
    if config.get("allow_destroy", bool) and config.get("lifecycle", Lifecycle) is Lifecycle.DISPOSABLE:
        always = Finding("a disposable environment can always be destroyed", "Leave it out.")
        yield ConfigError.at(config.path("allow_destroy"), always)


def system_nodes_hold_the_platform(config: Partial, today: date) -> Iterator[ConfigError]:
    """A stated instance type holds the platform's own pods, with one node down."""
    stated = config.get("system_instance", str)
    yield from _at(config.path("system_instance"), system_nodes.unfit_type(stated) if stated else None)


def _at(path: str, finding: Finding | None) -> Iterator[ConfigError]:
    if finding:
        yield ConfigError.at(path, finding)
