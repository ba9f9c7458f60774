"""Naive mistakes in the account, made with raw resources, and the logged errors seen."""

from __future__ import annotations

import json

import pytest

from pokayoke_rehearsal.engine import Act
from rehearsed import NAME, Inside, Stage

TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


AGAIN = 'raw.aws.iam.Role("again", name="nodes", assume_role_policy=raw.trust("ec2.amazonaws.com"), opts=raw.here)'
COLLISIONS = {
    "EntityAlreadyExists: Role with name nodes already exists": AGAIN,
    "ResourceInUseException": "raw.admit(cluster, cluster.node_role, cluster.nodes)",
}


@pytest.mark.parametrize("told", COLLISIONS)
def test_two_owners_of_one_node_role_collide(stage: Stage, told: str) -> None:
    """`duplicate-node-role`: the role, and the access entry that EKS has made already for a node group's role."""
    played = stage.play(f"import raw\ncluster = raw.Cluster(raw.Network())\n{COLLISIONS[told]}", [Act.UP])
    assert not played.last.ok
    assert told in played.told


def test_a_role_that_an_earlier_cluster_left_is_in_the_way(stage: Stage) -> None:
    """`leftover-node-role`"""
    name = f"KarpenterNodeRole-{NAME}"

    def earlier(inside: Inside) -> None:
        inside.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [TRUST]}))

    program = f'import raw\nraw.role("{name}", "ec2.amazonaws.com")'
    played = stage.play(program, [Act.UP], before=earlier)
    assert f"EntityAlreadyExists: Role with name {name} already exists." in played.told


def test_arm_machines_do_not_boot_an_image_for_x86(stage: Stage) -> None:
    """`ami-architecture-mismatch`"""
    mistake = 'instance_type="t4g.medium", ami_type="BOTTLEROCKET_x86_64"'
    played = stage.play(f"import raw\nraw.Cluster(raw.Network(), {mistake})", [Act.UP])
    told = "[t4g.medium] is not a valid instance type for requested amiType BOTTLEROCKET_x86_64"
    assert f"InvalidParameterException: {told}" in played.told


def test_a_custom_resource_before_its_definition_has_no_kind(stage: Stage) -> None:
    """`crd-not-installed`"""
    program = """
import raw
cluster = raw.Cluster(raw.Network())
raw.k8s.apiextensions.CustomResource(
    "metrics", api_version="monitoring.coreos.com/v1", kind="ServiceMonitor", metadata={"namespace": "default"},
    spec={"selector": {}, "endpoints": []}, opts=cluster.after(),
)
"""
    played = stage.play(program, [Act.UP])
    assert 'no matches for kind "ServiceMonitor" in version "monitoring.coreos.com/v1"' in played.told


def test_a_cluster_that_says_nothing_is_in_extended_support(stage: Stage) -> None:
    """`extended-support`: the policy pack refuses it in preview (tests/policies); AWS does not."""
    program = """
import raw
network = raw.Network()
own, policies = raw.role("cluster", "eks.amazonaws.com", "AmazonEKSClusterPolicy")
vpc = {"subnet_ids": [one.id for one in network.subnets]}
raw.aws.eks.Cluster("cluster", name=raw.NAME, role_arn=own.arn, vpc_config=vpc, opts=raw.after(*policies))
"""

    def support(inside: Inside) -> str:
        return inside.client("eks").describe_cluster(name=NAME)["cluster"]["upgradePolicy"]["supportType"]

    played = stage.play(program, [Act.UP], look=support)
    assert played.seen == ["EXTENDED"]


def test_a_private_subnet_without_a_way_out_brings_no_node(stage: Stage) -> None:
    """`no-egress`"""
    played = stage.play("import raw\nraw.Cluster(raw.Network(nat=False))", [Act.UP])
    assert "Instances failed to join the kubernetes cluster" in played.told
