"""What is asked of who gets into a cluster by AWS."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource

ASSOCIATION, ENTRY = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "aws:eks/accessEntry:AccessEntry"
NARROW, VALID = "access-admin-narrow", "access-entry-valid"
PEOPLE = "arn:aws:iam::123456789012:role/platform"
ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"


def association(who: Any, policy: Any = ADMIN, scope: Any = "cluster", **more: Any) -> Resource:
    said = {"principalArn": who, "policyArn": policy, "accessScope": {"type": scope}}
    return Resource(ASSOCIATION, "admin", said, **more)


def role(service: str) -> Resource:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    trust = UNKNOWN if not service else {"Statement": [statement]}
    return Resource("aws:iam/role:Role", "app", {"name": "app", "arn": f"{PEOPLE}/app", "assumeRolePolicy": trust})


@pytest.mark.parametrize(
    ("resources", "problem"),
    [
        pytest.param(
            [association("arn:aws:iam::123456789012:user/me")], "it is a user, whose keys do not end", id="a-user"
        ),
        pytest.param([association("arn:aws:iam::123456789012:root")], "it is the account's root", id="root"),
        pytest.param(
            [association(f"{PEOPLE}/app"), role("pods.eks.amazonaws.com")],
            "pods or nodes take the role 'app'",
            id="pods",
        ),
        pytest.param(
            [association(UNKNOWN, sources={"principalArn": "app"}), role("ec2.amazonaws.com")],
            "pods or nodes take the role 'app'",
            id="nodes-to-come",
        ),
        pytest.param(
            [association("arn:aws:iam::123456789012:user/me", ADMIN.replace("ClusterAdmin", "Admin"))],
            "it is a user, whose keys do not end",
            id="of-everything-but-the-cluster",
        ),
        pytest.param([association(PEOPLE)], "", id="people"),
        pytest.param([association(f"{PEOPLE}/app"), role("codebuild.amazonaws.com")], "", id="a-pipeline"),
        pytest.param([association("arn:aws:iam::123456789012:user/me", scope="namespace")], "", id="of-a-namespace"),
        pytest.param(
            [association("arn:aws:iam::123456789012:user/me", ADMIN.replace("ClusterAdmin", "View"))], "", id="a-reader"
        ),
    ],
)
def test_an_administrator_is_neither_a_user_nor_a_pod(pack: Pack, resources: list[Resource], problem: str) -> None:
    found = [(name, message.partition(";")[0]) for name, message in pack.advice_on(*resources).get(NARROW, [])]
    assert found == ([("admin", f"principalArn: {problem}")] if problem else [])


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([association(UNKNOWN)], id="who"),
        pytest.param([association("x", UNKNOWN)], id="what"),
        pytest.param([association("x", scope=UNKNOWN)], id="where"),
        pytest.param([association(f"{PEOPLE}/app"), role("")], id="whose"),
    ],
)
def test_what_is_not_known_is_said(pack: Pack, resources: list[Resource]) -> None:
    found = pack.advice_on(*resources)
    assert NARROW not in found
    assert found["unknown"]


@pytest.mark.parametrize(
    ("said", "messages"),
    [
        ({}, []),
        ({"userName": "me", "kubernetesGroups": ["viewers"], "type": "STANDARD", "principalArn": PEOPLE}, []),
        ({"kubernetesGroups": ["viewers"]}, []),
        ({"type": "EC2_LINUX", "kubernetesGroups": []}, []),
        ({"userName": "system:admin"}, ["userName: no name of a user begins with system:"]),
        ({"userName": "iam:me", "type": "STANDARD"}, ["userName: no name of a user begins with iam:"]),
        (
            {
                "type": "EC2_LINUX",
                "userName": "system:node:{{EC2PrivateDNSName}}",
                "kubernetesGroups": ["system:nodes"],
            },
            [],
        ),
        (
            {"userName": UNKNOWN, "type": "EC2_LINUX", "kubernetesGroups": ["viewers"]},
            ["kubernetesGroups: entries of nodes take no groups but those that EKS gives them"],
        ),
        (
            {"principalArn": "arn:aws:iam::123456789012:role/aws-service-role/eks.amazonaws.com/x"},
            ["principalArn: roles of services have no entries"],
        ),
    ],
)
def test_an_entry_is_one_that_eks_takes(pack: Pack, said: dict[str, Any], messages: list[str]) -> None:
    assert [one.partition(";")[0] for one in pack.advice(ENTRY, said).get(VALID, [])] == messages


@pytest.mark.parametrize(
    "said",
    [
        {"userName": UNKNOWN},
        {"userName": "iam:me", "type": UNKNOWN},
        {"kubernetesGroups": UNKNOWN},
        {"kubernetesGroups": ["x"], "type": UNKNOWN},
        {"principalArn": UNKNOWN},
    ],
)
def test_an_entry_that_is_not_known_is_said_to_be(pack: Pack, said: dict[str, Any]) -> None:
    assert pack.advice(ENTRY, said) == {"unknown": [VALID]}


def test_a_service_s_role_is_not_mended_by_leaving_names_out(pack: Pack) -> None:
    said = {"principalArn": "arn:aws:iam::123456789012:role/aws-service-role/eks.amazonaws.com/x"}
    (message,) = pack.advice(ENTRY, said)[VALID]
    assert f"[{VALID}]. Name a role that is yours. " in message
