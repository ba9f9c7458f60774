"""The pack's rules over a stack, without an engine between: what is refused, by policy."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from analyzing import UNKNOWN as ON_THE_WIRE
from analyzing import Resource

from pokayoke_policies.checking import check
from pokayoke_policies.raw import UNKNOWN
from pokayoke_policies.stack import Member

TODAY = date(2026, 11, 21)


def refused(*resources: Resource) -> dict[str, set[str]]:
    """By documented failure, the names of what is refused."""
    names: dict[str, set[str]] = {}
    for one in check(members(resources), TODAY, whole=True):
        if one.judged and not one.advice:
            names.setdefault(one.policy, set()).add(one.urn.rpartition("::")[2])
    return names


def members(resources: tuple[Resource, ...]) -> list[Member]:
    urns = {one.name: f"urn:pulumi:s::p::{one.type}::{one.name}" for one in resources}
    settings = {one.name: one.properties for one in resources}

    def member(one: Resource) -> Member:
        named = {key: (said,) if isinstance(said, str) else said for key, said in one.sources.items()}
        before = (*one.after, *(name for names in named.values() for name in names))
        return Member(
            urns[one.name],
            one.type,
            lambda: _plain({**one.properties, **(one.outputs or {})}),
            parent=urns.get(one.parent),
            dependencies=tuple(urns[name] for name in before),
            sources={key: tuple(urns[name] for name in names) for key, names in named.items()},
            provider=urns.get(one.provider),
            provider_properties=lambda: _plain(settings.get(one.provider, {})),
            protected=one.protect,
        )

    return [member(one) for one in resources]


def in_one_line(value: object) -> str:
    """A test's name for what has several lines: pytest finds no test again by a name with an escape in it, and
    mutation asks for tests by name."""
    return " ".join(str(value).replace("\\n", " ").replace("\\", "").split())


def _plain(value: Any) -> Any:
    """As the engine's messages are read."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return UNKNOWN if value == ON_THE_WIRE else value
