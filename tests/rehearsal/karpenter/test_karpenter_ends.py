"""What holds Karpenter's objects when they are deleted, and what is left when nobody waits for them."""

from __future__ import annotations

import pytest

from pokayoke_rehearsal.doubles.kubernetes.store.objects import finalizers_of, name_of
from pokayoke_rehearsal.engine import Act
from rehearsed import Inside, Played, Stage

CLUSTER = """
import raw
network = raw.Network()
cluster = raw.Cluster(network)
nodes = raw.PoolNodes(cluster)
"""
RUNNING = CLUSTER + "karpenter = raw.Karpenter(cluster, nodes)\n"
# The definitions stay, the controller goes.
WITHOUT_CONTROLLER = CLUSTER + "karpenter = raw.Karpenter(cluster, nodes, controller=False)\n"
CLASS = "made_from = raw.node_class(cluster, nodes, *karpenter.crds)\n"
POOL = CLASS + "pool = raw.node_pool(cluster, made_from, wait=False)\n"
WEB = POOL + "raw.deployment(cluster, pool)\n"
CLASS_HELD = "finalizers might be preventing deletion (karpenter.k8s.aws/termination)"


def test_a_class_outlives_its_controller_and_is_never_gone(stage: Stage) -> None:
    played = stage.play(RUNNING + CLASS, [Act.UP, WITHOUT_CONTROLLER + CLASS, Act.UP, WITHOUT_CONTROLLER, Act.UP])
    assert [result.ok for result in played.results] == [True, True, False], played.told
    assert CLASS_HELD in played.told


def test_a_pool_whose_controller_is_gone_is_held_by_its_claims(stage: Stage) -> None:
    steps = [Act.UP, WITHOUT_CONTROLLER + WEB, Act.UP, Act.DESTROY]
    played = stage.play(RUNNING + WEB, steps, look=_instances)
    assert [result.ok for result in played.results] == [True, True, False], played.told
    assert "finalizers might be preventing deletion (foregroundDeletion); held by NodeClaim general-" in played.told
    assert "(karpenter.sh/termination)" in played.told
    assert played.seen == [1, 1, 1]
    assert "instance" in {found.kind for found in played.left}
    assert "launch template" in {found.kind for found in played.left}


def test_definitions_that_go_before_their_objects_wait_for_finalizers(stage: Stage) -> None:
    # The classes are not deleted by the program: they go with the release of their definitions, or would.
    kept = RUNNING + CLASS.replace("*karpenter.crds", "*karpenter.crds, keep=True")
    played = stage.play(kept, [Act.UP, WITHOUT_CONTROLLER, Act.UP, CLUSTER, Act.UP], look=_finalizers)
    assert [result.ok for result in played.results] == [True, True, False], played.told
    assert "customresourcecleanup.apiextensions.k8s.io" in played.told
    assert played.seen[-1] == [("general", ["karpenter.k8s.aws/termination"])]


@pytest.mark.parametrize(
    "missing",
    [
        "the role's policy",
        "the association",
        "the agent",
        "the way out",
    ],
)
def test_a_controller_that_cannot_act_takes_no_finalizer_off(stage: Stage, missing: str) -> None:
    def break_it(inside: Inside) -> None:
        _BREAK[missing](inside)

    played: Played = stage.play(RUNNING + CLASS, [Act.UP, RUNNING, Act.UP], look=break_it)
    assert [result.ok for result in played.results] == [True, False], played.told
    assert CLASS_HELD in played.told


def _without_policy(inside: Inside) -> None:
    iam = inside.client("iam")
    for name in iam.list_role_policies(RoleName="karpenter")["PolicyNames"]:
        iam.delete_role_policy(RoleName="karpenter", PolicyName=name)


def _without_association(inside: Inside) -> None:
    eks = inside.client("eks")
    for found in eks.list_pod_identity_associations(clusterName="demo")["associations"]:
        eks.delete_pod_identity_association(clusterName="demo", associationId=found["associationId"])


def _without_agent(inside: Inside) -> None:
    eks = inside.client("eks")
    if "eks-pod-identity-agent" in eks.list_addons(clusterName="demo")["addons"]:
        eks.delete_addon(clusterName="demo", addonName="eks-pod-identity-agent")


def _without_way_out(inside: Inside) -> None:
    ec2 = inside.client("ec2")
    for table in ec2.describe_route_tables()["RouteTables"]:
        if any(route.get("NatGatewayId") for route in table["Routes"]):
            ec2.delete_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0")


_BREAK = {
    "the role's policy": _without_policy,
    "the association": _without_association,
    "the agent": _without_agent,
    "the way out": _without_way_out,
}


def _instances(inside: Inside) -> int:
    return len(inside.instances())


def _finalizers(inside: Inside) -> list[tuple[str, list[str]]]:
    found = inside.objects("EC2NodeClass", "karpenter.k8s.aws")
    return [(name_of(one), finalizers_of(one)) for one in found]


def test_a_profile_that_karpenter_made_for_a_role_goes_with_its_class(stage: Stage) -> None:
    program = RUNNING + CLASS.replace(
        "*karpenter.crds", "karpenter.release, instanceProfile=None, role=nodes.role.name"
    )

    def profiles(inside: Inside) -> list[str]:
        found = inside.client("iam").list_instance_profiles()["InstanceProfiles"]
        return [one["Roles"][0]["RoleName"] for one in found if one["Path"].startswith("/karpenter/")]

    played = stage.play(program, look=profiles)
    assert [result.ok for result in played.results] == [True, True], played.told
    assert played.seen == [["pool-nodes"], []]
    assert played.left == []
