"""Checks on names, tags and the combination of versions."""

# ruff: noqa: ARG001 - all checks share one signature, whether the day matters to them or not

from collections.abc import Iterator
from datetime import date

from ...rules import combinations, kubernetes_versions, names, tags
from ...rules.finding import Finding
from ...rules.text import literal_id, unresolved_placeholder
from ..errors import ConfigError
from ..reading import Partial, regional


def names_fit(config: Partial, today: date) -> Iterator[ConfigError]:
    """The longest name that this config makes is within AWS's limit."""
    name = config.get("name", str)
    places = tuple(place for view in regional(config) if (place := view.get("region", str)))
    finding = names.name_too_long(name, places) if name else None
    if finding:
        yield ConfigError.at(config.path("name"), finding)


def tags_are_legal(config: Partial, today: date) -> Iterator[ConfigError]:
    """AWS takes every tag, and none is one that the platform sets."""
    part = config.part("tags")
    for key, value in part.values.items():
        finding = (
            unresolved_placeholder(key)
            or literal_id(key)
            or (tags.bad_tag(key, value) if isinstance(value, str) else None)
        )
        if finding:
            yield ConfigError.at(part.path(key), finding)
    repeated = tags.same_but_for_case(part.paths)
    if repeated is not None:
        again = Finding("IAM does not tell this key from another that differs only in case", "Keep one spelling.")
        yield ConfigError.at(part.path(repeated), again)
    if len(part.paths) > tags.MOST_TAGS:
        many = Finding(
            f"these are {len(part.paths)} tags; AWS takes 50 a resource and the platform sets some itself",
            f"Keep at most {tags.MOST_TAGS}.",
        )
        yield ConfigError.at(config.path("tags"), many)


def there_is_a_region(config: Partial, today: date) -> Iterator[ConfigError]:
    """At least one region is named."""
    if "regions" in config.values and not config.part("regions").paths:
        none = Finding("it names no region", "State one, e.g. `ap-northeast-2: {cidr: 10.0.0.0/16, zones: [a, b, c]}`.")
        yield ConfigError.at(config.path("regions"), none)


def versions_are_known_to_work(config: Partial, today: date) -> Iterator[ConfigError]:
    """The stated versions are one of the combinations that were tried."""
    kubernetes = config.get("kubernetes", str)
    found = combinations.unknown_combination(kubernetes, _stated(config)) if kubernetes else None
    if found:
        part, finding = found
        yield ConfigError.at(config.part("versions").path(part), finding)


def support_ends(config: Partial, today: date) -> Iterator[str]:
    """Warns before standard support ends."""
    kubernetes = config.get("kubernetes", str)
    warning = kubernetes_versions.standard_support_ends_soon(kubernetes, today) if kubernetes else None
    if warning:
        yield f"{config.path('kubernetes')}: {warning}."


def versions_are_past_the_table(config: Partial, today: date) -> Iterator[str]:
    """Warns about what is newer than anything tried."""
    kubernetes = config.get("kubernetes", str)
    if kubernetes:
        for warning in combinations.past_the_table(kubernetes, _stated(config)):
            yield f"{config.path('versions')}: {warning}."


def _stated(config: Partial) -> dict[str, str]:
    versions = config.part("versions")
    return {part: version for part in combinations.PARTS if (version := versions.get(part, str))}
