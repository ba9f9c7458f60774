"""A policy's configuration: how hard it bites, and what it passes over, for a reason and until a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from analyzing import TODAY, Pack, Resource

from pokayoke_policies.exemptions import Exemption, told

CLUSTER = "aws:eks/cluster:Cluster"
SLUG = "extended-support"


def refusals(*exemptions: dict[str, Any], level: str = "MANDATORY") -> dict[str, list[str]]:
    """What is said of a cluster `x` that leaves its support type out."""
    pack = Pack()
    pack.configure(SLUG, level, {"exemptions": list(exemptions)})
    return pack.refusals(CLUSTER, {"name": "demo", "version": "1.36"})


def exemption(resource: str = "x", days: int = 10, until: str = "") -> dict[str, Any]:
    stated = until or (TODAY + timedelta(days=days)).isoformat()
    return {"resource": resource, "reason": "moves to 1.36 in December", "until": stated}


@pytest.mark.parametrize("resource", ["x", "*", "x*", f"{CLUSTER}::x", "aws:eks/*::x"])
def test_an_exemption_passes_over_the_resources_of_its_pattern(resource: str) -> None:
    assert SLUG not in refusals(exemption(resource))


@pytest.mark.parametrize("resource", ["y", "X", "?", "[x]", "x*x", "aws:ec2/*::x", f"{CLUSTER}::y", ""])
def test_and_no_other(resource: str) -> None:
    (message,) = refusals(exemption(resource))[SLUG]
    assert "run out" not in message


def test_brackets_stand_for_themselves_as_names_of_programs_have_them() -> None:
    urn = f"urn:pulumi:dev::demo::{CLUSTER}::zone[0]-a?"
    assert Exemption("zone[0]-a?", "why", "2026-12-31").covers(urn)
    assert Exemption("zone[0]*", "why", "2026-12-31").covers(urn)


@pytest.mark.parametrize(("days", "held"), [(0, False), (-1, True)])
def test_past_its_day_the_policy_bites_again_and_says_so(days: int, held: bool) -> None:
    found = refusals(exemption(days=days)).get(SLUG, [])
    assert bool(found) == held
    assert all("moves to 1.36 in December" in message and "has run out" in message for message in found)


def test_a_day_that_is_none_exempts_nothing() -> None:
    assert SLUG in refusals(exemption(until="2026-02-31"))


def test_of_several_exemptions_one_that_holds_is_enough() -> None:
    assert SLUG not in refusals(exemption(days=-1), exemption())


def test_what_shows_between_resources_is_exempt_by_the_resource_that_it_is_told_of() -> None:
    roles = [Resource("aws:iam/role:Role", name, {"name": "nodes", "assumeRolePolicy": "{}"}) for name in ("a", "b")]
    pack = Pack()
    told = {name for name, _ in pack.of_stack(*roles)["duplicate-node-role"]}
    pack.configure("duplicate-node-role", "MANDATORY", {"exemptions": [exemption(name) for name in told]})
    assert "duplicate-node-role" not in pack.of_stack(*roles)


def test_a_level_may_be_lowered_a_policy_at_a_time() -> None:
    assert refusals(level="ADVISORY") == {"unknown": [SLUG]}


def test_every_policy_tells_the_engine_what_its_configuration_may_say() -> None:
    """The engine holds a configuration to the schema before anything is judged (pulumi 3.260,
    pkg/resource/analyzer/config.go)."""
    info = Pack().info()
    assert len(info) > 20
    for policy in info:
        assert "exemptions" in policy.configSchema.properties, policy.name


@pytest.mark.parametrize(
    ("resource", "covered"),
    [("x", True), (f"{CLUSTER}::x", True), ("my:index:Holder::x", False), (f"my:index:Holder${CLUSTER}::x", False)],
    ids=["name", "type", "parents-type", "whole"],
)
def test_the_type_in_a_pattern_is_the_resources_own(resource: str, covered: bool) -> None:
    urn = f"urn:pulumi:dev::demo::my:index:Holder${CLUSTER}::x"
    assert Exemption(resource, "why", "2026-12-31").covers(urn) == covered


def test_each_exemption_that_has_run_out_is_told_with_its_day_and_reason() -> None:
    said = [{"resource": "x", "reason": why, "until": f"2026-01-0{day}"} for day, why in ((1, "one"), (2, "two"))]
    assert told({"exemptions": said}, "a::x", "It is so.", TODAY) == (
        "It is so. The exemption until '2026-01-01' ('one') has run out."
        " The exemption until '2026-01-02' ('two') has run out."
    )
