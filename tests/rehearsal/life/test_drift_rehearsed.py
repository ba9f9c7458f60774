"""What somebody changes past the program is found by a refresh and repaired by the next up; nothing else is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pokayoke_rehearsal.engine import Act
from pokayoke_rehearsal.engine.urns import name_of
from rehearsed import Inside, Played, Stage

PROGRAM = """
import json
import pulumi, pulumi_aws as aws, pulumi_kubernetes as k8s, raw
network = raw.Network()
cluster = raw.Cluster(network)
group = aws.ec2.SecurityGroup("web", vpc_id=network.vpc.id, tags={"team": "a"}, opts=raw.here)
aws.vpc.SecurityGroupIngressRule(
    "https", security_group_id=group.id, ip_protocol="tcp", from_port=443, to_port=443, cidr_ipv4="203.0.113.0/24",
    opts=raw.here)
said = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
role, _ = raw.role("reader", "ec2.amazonaws.com")
aws.iam.RolePolicy("reads", role=role.name, policy=json.dumps({"Version": "2012-10-17", "Statement": [said]}),
    opts=raw.here)
inside = pulumi.ResourceOptions(provider=cluster.provider)
k8s.core.v1.ConfigMap("settings", metadata={"name": "settings"}, data={"colour": "blue"}, opts=inside)
k8s.core.v1.ServiceAccount("worker", metadata={"name": "worker"}, opts=inside)
"""


def _group(inside: Inside) -> Any:
    found = inside.client("ec2").describe_security_groups(Filters=[{"Name": "tag-key", "Values": ["team"]}])
    return found["SecurityGroups"][0]


def retag(inside: Inside) -> None:
    tags = [{"Key": "team", "Value": "b"}, {"Key": "by-hand", "Value": "yes"}]
    inside.client("ec2").create_tags(Resources=[_group(inside)["GroupId"]], Tags=tags)


def close(inside: Inside) -> None:
    ec2, group = inside.client("ec2"), _group(inside)
    ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=group["IpPermissions"])


def allow_everything(inside: Inside) -> None:
    iam = inside.client("iam")
    (name,) = iam.list_role_policies(RoleName="reader")["PolicyNames"]
    document = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
    iam.put_role_policy(RoleName="reader", PolicyName=name, PolicyDocument=document)


def repaint(inside: Inside) -> None:
    (found,) = [one for one in inside.objects("ConfigMap") if one["metadata"]["name"] == "settings"]
    inside.cluster.edit(found, lambda live: live["data"].update(colour="red"))


def remove_account(inside: Inside) -> None:
    kind = inside.cluster.discovery.any_version("", "ServiceAccount")
    assert kind is not None
    inside.cluster.delete(kind.kind, "worker", "default")


BY_HAND: dict[str, tuple[Callable[[Inside], None], set[tuple[str, str, str]]]] = {
    "tags": (retag, {("web", "update", "tags.team"), ("web", "update", "tags.by-hand")}),
    "a rule": (close, {("https", "delete", "")}),
    "a policy": (allow_everything, {("reads", "update", "policy")}),
    "an object": (repaint, {("settings", "update", "data.colour")}),
    "an object that is gone": (remove_account, {("worker", "delete", "")}),
}


@pytest.fixture(scope="module")
def played(stage: Stage) -> Played:
    """Up, a refresh, changes by hand, a refresh, an up that repairs them, and a refresh."""
    acts = 0

    def look(inside: Inside) -> None:
        nonlocal acts
        acts += 1
        if acts == 2:
            for change, _ in BY_HAND.values():
                change(inside)

    return stage.play(PROGRAM, [Act.UP, Act.REFRESH, Act.REFRESH, Act.UP, Act.REFRESH], look=look)


def test_a_refresh_after_an_up_finds_nothing(played: Played) -> None:
    up, refresh = played.results[:2]
    assert up.ok, played.told
    assert refresh.ok
    assert set(refresh.changes) == {"same"}
    assert refresh.drift == ()


@pytest.mark.parametrize("by_hand", BY_HAND)
def test_a_change_by_hand_is_found(played: Played, by_hand: str) -> None:
    found = {(name_of(one.urn), one.kind, one.path) for one in played.results[2].drift}
    assert BY_HAND[by_hand][1] <= found


def test_nothing_else_is_found_and_each_change_says_what_was_and_what_is(played: Played) -> None:
    found = played.results[2].drift
    assert {(name_of(one.urn), one.kind, one.path) for one in found} == set().union(
        *(expected for _, expected in BY_HAND.values())
    )
    (colour,) = [one for one in found if one.path == "data.colour"]
    assert (colour.was, colour.now) == ("blue", "red")


def test_the_next_up_repairs_it_and_nothing_else(played: Played) -> None:
    repair, refresh = played.results[3:]
    touched = {name_of(step.urn) for step in repair.steps if step.operation != "same"}
    assert repair.ok, played.told
    assert touched == {"web", "https", "reads", "settings", "worker"}
    assert refresh.drift == ()
