"""What a node group's launch template brings with it: security groups and user data that keep its machines out."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from aws_cloud import Cloud, node_group

from pokayoke_rehearsal.doubles.base import PartialError

TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OUT = {"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}
KUBELET = {"protocol": "tcp", "fromPort": "10250", "toPort": "10250", "cidrBlocks": ["10.0.0.0/16"]}
API = {"ipProtocol": "tcp", "fromPort": "443", "toPort": "443"}
AL2023 = {"amiType": "AL2023_ARM_64_STANDARD", "instanceTypes": ["t4g.large"]}
MULTIPART = (
    'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nx\n--b--\n'
)


def of_template(clean: Cloud, **data: Any) -> dict[str, Any]:
    made = clean.create(TEMPLATE, "template", **data)
    return {"launchTemplate": {"id": made.id, "version": "1"}}


@pytest.mark.parametrize(
    ("ingress", "egress", "admitted"),
    [([], [OUT], True), ([KUBELET], [], True), ([KUBELET], [OUT], False)],
    ids=["the kubelet's port is closed", "nothing goes out", "the control plane takes nothing from it"],
)
def test_nodes_whose_own_group_keeps_them_from_the_control_plane_never_join(
    clean: Cloud, demo: str, worker: str, subnets: list[str], ingress: list[Any], egress: list[Any], admitted: bool
) -> None:
    vpc, shared = clean.resources["net-vpc"].id, clean.resources["demo"].outputs["vpcConfig"]["clusterSecurityGroupId"]
    own = clean.create("aws:ec2/securityGroup:SecurityGroup", "own", vpcId=vpc, ingress=ingress, egress=egress).id
    if admitted:
        clean.create(RULE, "admitted", securityGroupId=shared, referencedSecurityGroupId=own, **API)
    template = of_template(clean, vpcSecurityGroupIds=[own])
    with pytest.raises(PartialError, match="NodeCreationFailure: Instances failed to join the kubernetes cluster"):
        node_group(clean, "nodes", demo, worker, subnets, **template)


def test_nodes_join_with_a_group_of_their_own_that_lets_the_two_meet(
    clean: Cloud, demo: str, worker: str, subnets: list[str]
) -> None:
    vpc, shared = clean.resources["net-vpc"].id, clean.resources["demo"].outputs["vpcConfig"]["clusterSecurityGroupId"]
    own = clean.create("aws:ec2/securityGroup:SecurityGroup", "own", vpcId=vpc, ingress=[KUBELET], egress=[OUT]).id
    clean.create(RULE, "admitted", securityGroupId=shared, referencedSecurityGroupId=own, **API)
    node_group(clean, "nodes", demo, worker, subnets, **of_template(clean, vpcSecurityGroupIds=[own]))
    machines = [one for held in clean.client("ec2").describe_instances()["Reservations"] for one in held["Instances"]]
    assert {group["GroupId"] for one in machines for group in one["SecurityGroups"]} == {own}


@pytest.mark.parametrize(
    ("data", "kind", "told"),
    [
        (
            "#!/bin/sh\necho tuned",
            AL2023,
            "Ec2LaunchTemplateInvalidConfiguration: User data was not in the MIME multipart format.",
        ),
        ("[settings.kubernetes", {}, "NodeCreationFailure: Instances failed to join the kubernetes cluster"),
    ],
    ids=["al2023", "bottlerocket"],
)
def test_nodes_whose_user_data_is_broken_never_join(
    clean: Cloud, demo: str, worker: str, subnets: list[str], data: str, kind: dict[str, Any], told: str
) -> None:
    template = of_template(clean, userData=base64.b64encode(data.encode()).decode())
    with pytest.raises(PartialError, match=told):
        node_group(clean, "nodes", demo, worker, subnets, **template, **kind)


def test_nodes_join_with_user_data_in_parts(clean: Cloud, demo: str, worker: str, subnets: list[str]) -> None:
    template = of_template(clean, userData=base64.b64encode(MULTIPART.encode()).decode())
    node_group(clean, "nodes", demo, worker, subnets, **template, **AL2023)
