"""What is asked of the roles of workloads."""

from __future__ import annotations

import json
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource, told

SEPARATE, PASSED = "iam-role-per-workload", "iam-pass-role-scoped"
ROLE, NODES = "arn:aws:iam::123456789012:role/app", "arn:aws:iam::123456789012:role/nodes"


def association(name: str, account: Any, role: Any = ROLE, namespace: Any = "shop", **more: Any) -> Resource:
    said = {"clusterName": "demo", "namespace": namespace, "serviceAccount": account, "roleArn": role}
    return Resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", name, said, **more)


def role(name: str = "app", **said: Any) -> Resource:
    return Resource("aws:iam/role:Role", name, {"name": name, "arn": f"arn:aws:iam::123456789012:role/{name}", **said})


SHARED = "roleArn: 'a' gives it to 'web' in namespace 'shop' too"
UNTOLD = {"role": UNKNOWN, "sources": {"roleArn": "app"}}


@pytest.mark.parametrize(
    ("resources", "messages"),
    [
        pytest.param([association("a", "web"), association("b", "api")], [("b", SHARED)], id="two-accounts"),
        pytest.param(
            [association("a", "web"), association("b", "web", namespace="blog")], [("b", SHARED)], id="two-namespaces"
        ),
        pytest.param([association("a", "web"), association("b", "api", NODES)], [], id="a-role-each"),
        pytest.param([association("a", "web"), association("b", "web")], [], id="one-account"),
        pytest.param(
            [association("a", "web", **UNTOLD), association("b", "api", **UNTOLD), role()],
            [("b", SHARED)],
            id="a-role-to-come",
        ),
        pytest.param(
            [association("a", "web", UNKNOWN), association("b", "api", UNKNOWN)], [], id="roles-that-are-not-told"
        ),
        pytest.param(
            [association("a", "default")],
            [("a", "serviceAccount: it is default, as which every pod runs")],
            id="default",
        ),
    ],
)
def test_each_workload_has_its_own_role(pack: Pack, resources: list[Resource], messages: list[tuple[str, str]]) -> None:
    assert told(pack, SEPARATE, *resources) == messages


def test_the_same_role_in_another_cluster_and_those_of_addons_are_no_matter(pack: Pack) -> None:
    clusters = [Resource("aws:eks/cluster:Cluster", one, {"name": one}) for one in ("demo", "other")]
    there = association("b", "api")
    there = Resource(there.type, "b", {**there.properties, "clusterName": "other"})
    assert told(pack, SEPARATE, *clusters, association("a", "web"), there) == []
    given = [{"serviceAccount": "ebs-csi-controller-sa", "roleArn": ROLE}]
    said = {"clusterName": "demo", "addonName": "aws-ebs-csi-driver", "podIdentityAssociations": given}
    assert told(pack, SEPARATE, association("a", "web"), Resource("aws:eks/addon:Addon", "disks", said)) == []


def test_an_account_that_is_not_known_is_said(pack: Pack) -> None:
    found = pack.advice_on(association("a", UNKNOWN), association("b", "api"))
    assert SEPARATE not in found
    assert found["unknown"]


def passing(
    action: Any = "iam:PassRole", resource: Any = NODES, service: str = "pods.eks.amazonaws.com", **more: Any
) -> list[Resource]:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    rights = {"Statement": [{"Effect": "Allow", "Action": action, "Resource": resource, **more}]}
    policy = Resource("aws:iam/rolePolicy:RolePolicy", "rights", {"role": "app", "policy": json.dumps(rights)})
    return [role(assumeRolePolicy=trust if service else UNKNOWN), policy]


TO_EC2 = {"Condition": {"StringEquals": {"iam:PassedToService": ["ec2.amazonaws.com"]}}}


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        pytest.param(passing(), "to every service", id="to-every-service"),
        pytest.param(passing(resource="*", **TO_EC2), "of every role", id="every-role"),
        pytest.param(
            passing(resource=["arn:aws:iam::123456789012:role/*"], **TO_EC2), "of every role", id="of-one-account"
        ),
        pytest.param(
            passing("iam:Pass*", Condition={"StringEquals": {"x": "y"}}), "to every service", id="by-a-pattern"
        ),
        pytest.param(
            passing(Condition={"StringNotEquals": {"iam:PassedToService": "x"}}),
            "to every service",
            id="to-all-but-one",
        ),
        pytest.param(passing(**TO_EC2), "", id="one-role-to-one-service"),
        pytest.param(passing("iam:GetRole", "*"), "", id="looking"),
        pytest.param(passing("*", "*"), "", id="everything-is-another-practice-s"),
        pytest.param(passing(Effect="Deny"), "", id="denied"),
        pytest.param(passing(service="codebuild.amazonaws.com"), "", id="of-a-pipeline"),
        pytest.param(passing(service="ec2.amazonaws.com"), "to every service", id="of-nodes"),
    ],
)
def test_a_role_is_passed_by_name_and_to_whom_it_is_for(pack: Pack, resources: list[Resource], why: str) -> None:
    """Of actions that know no resource nothing is asked, nor of what Karpenter's own policy says."""
    problem = [("app", f"policies: a statement allows iam:PassRole {why}")]
    assert told(pack, PASSED, *resources) == (problem if why else [])


def test_whose_role_it_is_is_said_to_be_unknown(pack: Pack) -> None:
    found = pack.advice_on(*passing(service=""))
    assert PASSED not in found
    assert len(found["unknown"]) > len(pack.advice_on(*passing(service="", **TO_EC2))["unknown"])
