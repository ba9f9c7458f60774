"""The pack's rules over resources that no engine shows: what is told where a value is not known."""

from datetime import date
from typing import Any

from pokayoke_policies.checking import Found, check
from pokayoke_policies.raw import UNKNOWN
from pokayoke_policies.stack import Member
from pokayoke_policies.workloads import RULE as WORKLOADS

TODAY = date(2026, 11, 21)
ROLE = "aws:iam/role:Role"


def one(urn: str, kind: str, said: dict[str, Any], **more: Any) -> Member:
    return Member(urn, kind, lambda: said, **more)


def told(*members: Member, policy: str, whole: bool = True) -> list[Found]:
    return [found for found in check(members, TODAY, whole=whole) if found.policy == policy]


def test_a_value_that_is_not_told_is_named_with_its_resource() -> None:
    cluster = one("a", "aws:eks/cluster:Cluster", {"version": "1.36", "upgradePolicy": UNKNOWN})
    assert told(cluster, policy="extended-support") == [
        Found("extended-support", "a", "upgradePolicy.supportType is not told", judged=False)
    ]


def test_what_is_found_is_of_its_resource_and_what_is_kept_on_purpose_is_not_to_be_emptied() -> None:
    for protected, urns in ((False, ["a"]), (True, [])):
        registry = one("a", "aws:ecr/repository:Repository", {"name": "shop"}, protected=protected)
        assert [found.urn for found in told(registry, policy="registry-not-empty")] == urns


def test_objects_that_are_not_told_are_named_with_what_holds_them() -> None:
    many = one("a", "kubernetes:apps/v1:DeploymentList", {"items": UNKNOWN})
    assert told(many, policy=WORKLOADS.slug) == [Found(WORKLOADS.slug, "a", "items is not told", judged=False)]


def test_what_is_not_told_between_resources_is_named_with_all_that_may_be_meant() -> None:
    group = one("group", "aws:ec2/securityGroup:SecurityGroup", {"ingress": UNKNOWN})
    template = one("lt", "aws:ec2/launchTemplate:LaunchTemplate", {}, sources={"vpcSecurityGroupIds": ("group",)})
    said = {"launchTemplate": {"id": UNKNOWN}}
    nodes = one("nodes", "aws:eks/nodeGroup:NodeGroup", said, sources={"launchTemplate": ("lt",)})
    assert told(group, template, nodes, policy="control-plane-ports-blocked") == [
        Found("control-plane-ports-blocked", "group", "ingress of 'group' is not told", judged=False)
    ]
    other = one("other", "aws:ec2/securityGroup:SecurityGroup", {"ingress": UNKNOWN})
    assert told(group, other, template, nodes, policy="control-plane-ports-blocked") == [
        Found("control-plane-ports-blocked", "", "ingress of 'group' or 'other' is not told", judged=False)
    ]


def test_exemptions_and_settings_count_where_no_engine_asks() -> None:
    roles = [one(f"urn:pulumi:dev::shop::{ROLE}::{name}", ROLE, {"name": "nodes"}) for name in ("a", "b")]
    exempt = {"resource": "b", "reason": "moves away", "until": "2026-11-21"}

    def said(day: date) -> list[str]:
        configs = {"duplicate-node-role": {"exemptions": [exempt]}}
        found = check(roles, day, whole=True, configs=configs)
        return [one.message for one in found if one.policy == "duplicate-node-role"]

    assert said(TODAY) == []
    (past,) = said(date(2026, 11, 22))
    assert past.endswith("('moves away') has run out. See pokayoke-eks/docs/policies.md#duplicate-node-role")
    subnets = one("a", "aws:ec2/vpc:Vpc", {"tags": {"owner": "me"}})
    tagged = check([subnets], TODAY, whole=False, configs={"resources-tagged": {"tags": {"team": "shop"}}})
    assert "resources-tagged" in {found.policy for found in tagged}
    assert "resources-tagged" not in {found.policy for found in check([subnets], TODAY, whole=False)}


def test_what_shows_between_resources_is_asked_of_a_whole_stack_alone() -> None:
    roles = [one(urn, ROLE, {"name": "nodes"}) for urn in ("a", "b")]
    (found,) = told(*roles, policy="duplicate-node-role")
    assert (found.urn, found.advice) == ("b", False)
    assert "[duplicate-node-role]" in found.message
    (found,) = told(one("c", "aws:ecr/repository:Repository", {}), policy="registry-scans-images")
    assert found.advice
    assert told(*roles, policy="duplicate-node-role", whole=False) == []
