"""What our own programs register is refused nothing and advised of nothing, with every practice of the pack."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from registrations import Registered, Registration

from pokayoke_policies.checking import Found, check
from pokayoke_policies.stack import Member

TODAY = date(2026, 11, 22)


def judged(made: Registered, stack: str) -> tuple[list[Found], int]:
    """What is said of it as the stack of this name, and how often a value was missing."""
    members = _members(made, stack)
    found = check(members, TODAY, whole=True)
    return [one for one in found if one.judged], len(found) - len([one for one in found if one.judged])


def _members(made: Iterable[Registration], stack: str) -> list[Member]:
    by_urn = {one.urn: one for one in made}

    def named(urn: str) -> str:
        return f"urn:pulumi:{stack}::{urn.partition('::')[2]}" if urn else ""

    return [
        Member(
            urn=named(one.urn),
            type=one.type,
            tell=lambda one=one: one.inputs,
            parent=named(one.parent) or None,
            dependencies=tuple(map(named, one.depends_on)),
            sources={key: tuple(map(named, urns)) for key, urns in one.by_property.items()},
            provider=named(urn := one.provider.rpartition("::")[0]) or None,
            provider_properties=lambda urn=urn: by_urn[urn].inputs if urn in by_urn else {},
            protected=one.protect,
        )
        for one in by_urn.values()
    ]


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_platform_s_own_stacks(stack: str, request: pytest.FixtureRequest) -> None:
    found, unknown = judged(request.getfixturevalue(stack), stack)
    assert found == []
    assert unknown == 0


def test_what_is_asked_of_production_alone_is_asked_of_it(dev: Registered) -> None:
    """One way out is enough for dev, and nothing of it is to be restored."""
    found, _ = judged(dev, "prod")
    assert {one.policy for one in found} == {"nat-per-zone", "dsql-backed-up"}
