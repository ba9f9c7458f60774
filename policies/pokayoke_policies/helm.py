"""Helm releases as raw resources."""

from collections.abc import Mapping
from typing import Any

from pokayoke_eks.rules import charts

from .raw import mapping_at, stated


def host_of(release: Mapping[str, Any]) -> str | None:
    """The registry that a release's chart comes from, if any is stated."""
    return charts.registry_host(str(stated(release, "chart")), _repository(release))


def known_chart(release: Mapping[str, Any]) -> charts.KnownChart | None:
    """What is known of a release's chart."""
    return charts.known(str(stated(release, "chart")), _repository(release))


def values_of(release: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a release states itself. Raises `NotKnownError` where they are unknown."""
    return mapping_at(release, "values")


def has_more_values(release: Mapping[str, Any]) -> bool:
    """Whether values come from files too, which are not to be seen here."""
    return bool(release.get("valueYamlFiles"))


def _repository(release: Mapping[str, Any]) -> str:
    # One that is not stated or not known yet is no address.
    return str(mapping_at(release, "repositoryOpts").get("repo"))
