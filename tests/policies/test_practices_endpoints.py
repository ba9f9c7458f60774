"""What is asked of networks without a way out."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource, told
from clusters import IN_CLUSTER, TWO_CLUSTERS, identity, obj, release, within
from networks import VPC, association, node_group, route, subnet, table

SLUG = "endpoints-complete"
JOINING = ("ec2", "ecr.api", "ecr.dkr", "s3")
LBC = "aws-load-balancer-controller"
ROLE = {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/app"}


def endpoint(service: Any, vpc: str = "vpc") -> Resource:
    name = f"com.amazonaws.eu-west-1.{service}" if isinstance(service, str) else service
    said = {"vpcId": UNKNOWN, "serviceName": UNKNOWN if service == UNKNOWN else name}
    return Resource("aws:ec2/vpcEndpoint:VpcEndpoint", f"{vpc}-{service}", said, sources={"vpcId": vpc})


def addon(name: str, **said: Any) -> Resource:
    given = {"clusterName": "demo", "addonName": name, **said}
    return Resource("aws:eks/addon:Addon", name, given, sources={"clusterName": "cluster"})


def node_class(**spec: Any) -> Resource:
    return obj("class", "EC2NodeClass", api="karpenter.k8s.aws/v1", spec=spec)


def of(cluster: str) -> dict[str, str]:
    return {"clusterName": cluster}


def karpenter(**settings: Any) -> Resource:
    return release("karpenter", "oci://public.ecr.aws/karpenter/karpenter", values={"settings": settings})


NETWORK = [VPC, subnet(), table(), association()]
ISOLATED = [*IN_CLUSTER, *NETWORK, node_group("private"), *map(endpoint, JOINING)]


def lacks(service: str, by: str) -> tuple[str, str]:
    return "vpc", f"no VpcEndpoint of it is for {service}, and '{by}' needs one"


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param([], [], id="nothing-called"),
        pytest.param([identity("app")], [lacks("eks-auth", "identity")], id="identity"),
        pytest.param([identity("a"), identity("b", "more")], [lacks("eks-auth", "identity")], id="once"),
        pytest.param([identity("app"), endpoint("eks-auth")], [], id="identity-with-its-own"),
        pytest.param([identity("app"), endpoint("eks-auth-fips")], [], id="of-fips"),
        pytest.param([identity("app"), endpoint("eks")], [lacks("eks-auth", "identity")], id="of-another-service"),
        pytest.param(
            [identity("app"), endpoint("eks-auth", "other")], [lacks("eks-auth", "identity")], id="of-another"
        ),
        pytest.param(
            [obj("app", "ServiceAccount", metadata={"namespace": "shop", "annotations": ROLE})],
            [lacks("sts", "app")],
            id="role-of-an-account",
        ),
        pytest.param(
            [addon("vpc-cni", serviceAccountRoleArn=UNKNOWN)], [lacks("sts", "vpc-cni")], id="role-of-an-addon"
        ),
        pytest.param(
            [addon("amazon-cloudwatch-observability")], [lacks("logs", "amazon-cloudwatch-observability")], id="logs"
        ),
        pytest.param([release("lbc", LBC)], [lacks("elasticloadbalancing", "lbc")], id="balancers"),
        pytest.param([release("scaler", "cluster-autoscaler")], [lacks("autoscaling", "scaler")], id="scaler"),
        pytest.param([karpenter(clusterName="demo")], [lacks("eks", "karpenter")], id="karpenter"),
        pytest.param([karpenter(clusterEndpoint="https://demo")], [], id="karpenter-that-is-told-all"),
        pytest.param(
            [karpenter(clusterEndpoint=UNKNOWN, interruptionQueue="demo"), endpoint("eks")],
            [lacks("sqs", "karpenter")],
            id="karpenter-with-a-queue",
        ),
        pytest.param(
            [node_class(amiSelectorTerms=[{"alias": "al2023@v20260101"}])], [lacks("ssm", "class")], id="image-by-alias"
        ),
        pytest.param([node_class(amiSelectorTerms=[{"id": "ami-1"}], instanceProfile="nodes")], [], id="image-by-id"),
        pytest.param(
            [node_class(role="nodes")],
            [("class", "spec.role: of it Karpenter makes an instance profile, and no endpoint leads to IAM")],
            id="role-of-nodes",
        ),
    ],
)
def test_each_service_that_is_called_has_an_endpoint(
    pack: Pack, resources: list[Resource], problems: list[tuple[str, str]]
) -> None:
    other = Resource(VPC.type, "other", {"cidrBlock": "10.1.0.0/16"}, {"id": UNKNOWN})
    assert told(pack, SLUG, *ISOLATED, other, *resources) == problems


def test_a_role_of_nodes_is_mended_by_a_profile(pack: Pack) -> None:
    ((_, message),) = pack.advice_on(*ISOLATED, node_class(role="nodes"))[SLUG]
    remedy = "Make an InstanceProfile of the role, and set spec.instanceProfile to its name instead."
    assert f"]. {remedy} See" in message


def test_a_network_with_a_way_out_needs_none(pack: Pack) -> None:
    assert told(pack, SLUG, *ISOLATED, identity("app"), route()) == []
    assert told(pack, SLUG, *IN_CLUSTER, *NETWORK, node_group("private"), identity("app")) == []


def test_one_subnet_with_a_way_out_is_enough(pack: Pack) -> None:
    others = [subnet("open"), table("out"), association("open", "out"), route("out"), identity("app")]
    around = [one for one in ISOLATED if one.name != "nodes"]
    assert told(pack, SLUG, *around, *others, node_group("private", "open")) == []
    assert told(pack, SLUG, *around, *others, node_group("private")) == [lacks("eks-auth", "identity")]


def test_what_another_cluster_calls_is_not_called_here(pack: Pack) -> None:
    around = [*NETWORK, *map(endpoint, JOINING)]
    nodes = node_group("private", clusterName="one", sources={"clusterName": "one"})
    role = Resource(addon("logs").type, "logs", {"addonName": "logs", "serviceAccountRoleArn": "x"}, sources=of("two"))
    associated = Resource(identity("app").type, "identity", identity("app").properties, sources=of("two"))
    calling = [
        release("lbc", LBC),
        karpenter(),
        node_class(role="nodes", amiSelectorTerms=[{"alias": "al2023@latest"}]),
    ]
    made = [*within("two", *calling), role, associated]
    assert told(pack, SLUG, *TWO_CLUSTERS, *around, nodes, *made) == []
    assert len(told(pack, SLUG, *TWO_CLUSTERS, *around, nodes, *within("one", *calling))) == 4


def test_an_endpoint_that_is_not_known_is_said(pack: Pack) -> None:
    found = pack.advice_on(*ISOLATED, endpoint(UNKNOWN), identity("app"), node_class(role="nodes"))
    assert [name for name, _ in found[SLUG]] == ["class"]
    assert SLUG in [policy for _, policy in found["unknown"]]
    assert "unknown" not in pack.advice_on(*ISOLATED, endpoint(UNKNOWN))
