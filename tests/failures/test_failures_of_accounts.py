"""Naive mistakes in the account, made with raw resources, and the logged errors seen."""

from __future__ import annotations

import json

from pokayoke_rehearsal.engine import Act
from rehearsed import NAME, Inside, Stage

TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def test_a_role_that_an_earlier_cluster_left_is_in_the_way(stage: Stage) -> None:
    """`leftover-node-role`"""
    name = f"KarpenterNodeRole-{NAME}"

    def earlier(inside: Inside) -> None:
        inside.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [TRUST]}))

    program = f'import raw\nraw.role("{name}", "ec2.amazonaws.com")'
    played = stage.play(program, [Act.UP], before=earlier)
    assert f"EntityAlreadyExists: Role with name {name} already exists." in played.told


def test_a_private_subnet_without_a_way_out_brings_no_node(stage: Stage) -> None:
    """`no-egress`"""
    played = stage.play("import raw\nraw.Cluster(raw.Network(nat=False))", [Act.UP])
    assert "Instances failed to join the kubernetes cluster" in played.told
