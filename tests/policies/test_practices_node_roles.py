"""What is asked of the roles of nodes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import AGENT, CLUSTER

SLUG = "iam-node-role-minimal"
OF_AWS = "arn:aws:iam::aws:policy/"
WORKER, PULL, READ, SESSIONS, NETWORK = (
    f"{OF_AWS}Amazon{name}"
    for name in (
        *("EKSWorkerNodePolicy", "EC2ContainerRegistryPullOnly", "EC2ContainerRegistryReadOnly"),
        *("SSMManagedInstanceCore", "EKS_CNI_Policy"),
    )
)
GROUP = Resource(
    "aws:eks/nodeGroup:NodeGroup",
    "group",
    {"clusterName": "demo", "nodeRoleArn": UNKNOWN},
    sources={"nodeRoleArn": "nodes", "clusterName": "cluster"},
)
PLUGIN = Resource(
    "aws:eks/addon:Addon",
    "cni",
    {"clusterName": "demo", "addonName": "vpc-cni", "serviceAccountRoleArn": UNKNOWN},
    sources={"clusterName": "cluster"},
)


def role(*arns: Any, name: str = "nodes", **said: Any) -> Resource:
    return Resource("aws:iam/role:Role", name, {"name": name, "managedPolicyArns": list(arns), **said})


def inline(actions: Any, **more: Any) -> Resource:
    statement = {"Effect": "Allow", "Action": actions, "Resource": "arn:aws:s3:::shop-images/*", **more}
    document = json.dumps({"Statement": [{key: value for key, value in statement.items() if value is not None}]})
    return role(WORKER, PULL, inlinePolicies=[{"name": "own", "policy": document}])


def told(pack: Pack, *resources: Resource) -> list[tuple[str, str]]:
    found = pack.advice_on(CLUSTER, GROUP, *resources).get(SLUG, [])
    assert all(message.startswith("policies: ") for _, message in found)
    return [(name, message.partition(";")[0].removeprefix("policies: ")) for name, message in found]


def not_judged(pack: Pack, *resources: Resource) -> list[str]:
    return [policy for _, policy in pack.advice_on(CLUSTER, GROUP, *resources).get("unknown", [])]


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param([role(WORKER, PULL, NETWORK, SESSIONS)], [], id="what-nodes-need"),
        pytest.param([role(WORKER.replace("Policy", "MinimalPolicy"), READ), PLUGIN], [], id="less"),
        pytest.param(
            [role(WORKER, PULL, NETWORK), PLUGIN],
            ["AmazonEKS_CNI_Policy is attached, and the network plugin has a role of its own"],
            id="addresses-for-nobody",
        ),
        pytest.param(
            [role(WORKER, PULL, f"{OF_AWS}CloudWatchAgentServerPolicy", f"{OF_AWS}AmazonS3FullAccess")],
            ["AmazonS3FullAccess is attached", "CloudWatchAgentServerPolicy is attached"],
            id="more-of-aws",
        ),
        pytest.param(
            [role(WORKER, READ.replace("ReadOnly", "PowerUser"))],
            ["AmazonEC2ContainerRegistryPowerUser is attached"],
            id="pushing",
        ),
        pytest.param(
            [inline(["s3:PutObject", "s3:GetObject"])], ["a statement allows s3:GetObject, s3:PutObject"], id="data"
        ),
        pytest.param([inline("ec2:*")], ["a statement allows ec2:*"], id="a-pattern"),
        pytest.param([inline(None, NotAction="iam:*")], ["a statement allows all but some actions"], id="all-but"),
        pytest.param([inline("s3:GetObject", Effect="Deny")], [], id="denied"),
        pytest.param([inline(["EC2:describeinstances", "ecr:BatchGetImage"])], [], id="by-hand"),
        pytest.param([inline("ec2:AssignIpv6Addresses")], [], id="addresses"),
        pytest.param(
            [inline("ec2:AssignIpv6Addresses"), PLUGIN],
            ["a statement allows ec2:AssignIpv6Addresses"],
            id="addresses-by-hand-for-nobody",
        ),
    ],
)
def test_nodes_have_what_nodes_need(anew: Pack, resources: list[Resource], problems: list[str]) -> None:
    assert told(anew, *resources) == [("nodes", one) for one in problems]


def test_roles_of_others_are_not_judged(pack: Pack) -> None:
    assert told(pack, role(WORKER), role(f"{OF_AWS}AmazonS3FullAccess", name="pods")) == []


def test_what_is_found_is_said_once_and_what_is_not_known_besides(pack: Pack) -> None:
    """Also where two groups share a role."""
    other = Resource(GROUP.type, "other", GROUP.properties, sources=GROUP.sources)
    later = Resource(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "later", {"policyArn": UNKNOWN}, sources={"role": "nodes"}
    )
    wide = role(WORKER, f"{OF_AWS}AmazonS3FullAccess")
    assert len(told(pack, other, AGENT, wide, later)) == 1
    assert SLUG in not_judged(pack, wide, later)
    assert SLUG not in not_judged(pack, wide)


def test_more_of_aws_policies_may_be_allowed() -> None:
    pack = Pack()
    pack.configure(SLUG, "ADVISORY", {"policies": ["CloudWatchAgentServerPolicy"]})
    wide = role(WORKER, f"{OF_AWS}CloudWatchAgentServerPolicy", f"{OF_AWS}AmazonS3FullAccess")
    assert told(pack, wide) == [("nodes", "AmazonS3FullAccess is attached")]
