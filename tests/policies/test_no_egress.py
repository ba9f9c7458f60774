"""The policy `no-egress`."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import CLUSTER, IN_CLUSTER, obj, release
from networks import VPC, association, node_group, route, subnet, table

SLUG = "no-egress"
BASE = (CLUSTER, VPC)
ISOLATED = ("ec2", "ecr.api", "ecr.dkr", "s3")


def endpoint(service: str, vpc: str = "vpc", **said: Any) -> Resource:
    content = {"serviceName": f"com.amazonaws.ap-northeast-2.{service}", "vpcId": UNKNOWN, **said}
    return Resource(
        "aws:ec2/vpcEndpoint:VpcEndpoint", service, content, sources={} if "vpcId" in said else {"vpcId": vpc}
    )


def test_a_subnet_whose_table_leads_to_a_nat_gateway_passes(pack: Pack) -> None:
    assert pack.of_stack(*BASE, subnet(), table(), association(), route(), node_group("private")) == {}


def test_a_subnet_without_a_table_of_its_own_is_refused(pack: Pack) -> None:
    found = pack.of_stack(*BASE, subnet(), node_group("private"))
    ((name, message),) = found.pop(SLUG)
    assert name == "nodes"
    assert message.startswith("subnetIds: the subnet 'private' has no way out")
    assert "destinationCidrBlock: 0.0.0.0/0 and natGatewayId: NAT.id" in message
    assert found == {}


@pytest.mark.parametrize(
    ("out", "closed"),
    [
        ({"destinationCidrBlock": "10.1.0.0/16"}, True),
        ({"destinationCidrBlock": None, "destinationIpv6CidrBlock": "::/0"}, False),
        ({"destinationCidrBlock": UNKNOWN}, False),
        ({"destinationCidrBlock": None, "destinationPrefixListId": "pl-1"}, False),
        ({"natGatewayId": None, "transitGatewayId": "tgw-1"}, False),
    ],
    ids=str,
)
def test_a_table_leads_out_by_its_default_route(out: dict[str, Any], closed: bool, pack: Pack) -> None:
    found = pack.of_stack(*BASE, subnet(), table(), association(), route(**out), node_group("private"))
    assert set(found) == ({SLUG} if closed else set())


@pytest.mark.parametrize(
    ("routes", "closed"),
    [
        ([{"cidrBlock": "0.0.0.0/0", "natGatewayId": UNKNOWN}], False),
        ([{"cidrBlock": "10.1.0.0/16", "vpcPeeringConnectionId": "pcx-1"}], True),
        (UNKNOWN, False),
        ([], True),
    ],
    ids=str,
)
def test_routes_in_the_table_itself_count(routes: Any, closed: bool, pack: Pack) -> None:
    found = pack.of_stack(*BASE, subnet(), table(routes=routes), association(), node_group("private"))
    assert set(found) == ({SLUG} if closed else set())


def test_the_vpcs_main_table_counts_where_a_subnet_has_none_of_its_own(pack: Pack) -> None:
    default = "aws:ec2/defaultRouteTable:DefaultRouteTable"
    said = {"defaultRouteTableId": UNKNOWN, "routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}]}
    main = Resource(default, "main", said, sources={"defaultRouteTableId": "vpc"})
    assert pack.of_stack(*BASE, subnet(), main, node_group("private")) == {}
    closed = replace(main, properties={"defaultRouteTableId": UNKNOWN})
    own = association("private", "main")
    assert pack.of_stack(*BASE, subnet(), main, own, node_group("private")) == {}
    assert set(pack.of_stack(*BASE, subnet(), closed, own, node_group("private"))) == {SLUG}
    assert pack.of_stack(*BASE, subnet(), route("vpc"), node_group("private")) == {}
    kind = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
    made = Resource(kind, "made", {}, sources={"vpcId": "vpc", "routeTableId": "table"})
    assert pack.of_stack(*BASE, subnet(), table(), route(), made, node_group("private")) == {}
    # Once another is made the main one, nobody goes by that with which the VPC began.
    assert set(pack.of_stack(*BASE, subnet(), main, route("vpc"), table(), made, node_group("private"))) == {SLUG}
    foreign = Resource(kind, "made", {"routeTableId": "rtb-1"}, sources={"vpcId": "vpc"})
    assert pack.of_stack(*BASE, subnet(), foreign, node_group("private")) == {}


def test_ids_that_are_known_after_up_are_followed(pack: Pack) -> None:
    vpc = Resource(VPC.type, "vpc", VPC.properties, {"id": "vpc-1"})
    private = subnet(id="subnet-1", vpcId="vpc-1")
    nodes = Resource(node_group().type, "nodes", {**node_group().properties, "subnetIds": ["subnet-1"]})
    assert SLUG in pack.of_stack(CLUSTER, vpc, private, nodes)
    assert pack.of_stack(CLUSTER, vpc, nodes) == {}  # A subnet that somebody else made.


def test_a_cluster_with_the_endpoints_of_an_isolated_one_has_no_way_out_on_purpose(pack: Pack) -> None:
    around = (*BASE, subnet(), node_group("private"))
    assert pack.of_stack(*around, *(endpoint(one) for one in ISOLATED)) == {}
    assert SLUG in pack.of_stack(*around, *(endpoint(one) for one in ISOLATED[1:]))
    assert pack.of_stack(*around, endpoint("any", serviceName=UNKNOWN)) == {}
    other = Resource(VPC.type, "other", {**VPC.properties, "cidrBlock": "10.1.0.0/16"})
    assert SLUG in pack.of_stack(*around, other, *(endpoint(one, "other") for one in ISOLATED))


def test_endpoints_in_a_vpc_of_somebody_else_are_those_of_its_subnets(pack: Pack) -> None:
    private = Resource(subnet().type, "private", {"vpcId": "vpc-9", "cidrBlock": "10.0.1.0/24"})
    around = (CLUSTER, private, replace(table(), sources={}), association(), node_group("private"))
    assert SLUG in pack.of_stack(*around)
    assert pack.of_stack(*around, *(endpoint(one, vpcId="vpc-9") for one in ISOLATED)) == {}


def test_a_table_that_the_stack_did_not_make_is_not_judged(pack: Pack) -> None:
    said = {"subnetId": UNKNOWN, "routeTableId": "rtb-1"}
    foreign = Resource(association().type, "foreign", said, sources={"subnetId": "private"})
    assert pack.of_stack(*BASE, subnet(), foreign, node_group("private")) == {}


@pytest.mark.parametrize(
    ("terms", "tags", "closed"),
    [
        ([{"tags": {"karpenter.sh/discovery": "demo"}}], {"karpenter.sh/discovery": "demo"}, True),
        ([{"tags": {"karpenter.sh/discovery": "*"}}], {"karpenter.sh/discovery": "demo"}, True),
        ([{"tags": {"karpenter.sh/discovery": "other"}}], {"karpenter.sh/discovery": "demo"}, False),
        ([{"id": "subnet-1"}], {}, True),
        ([{"id": "subnet-2"}], {}, False),
        ([UNKNOWN, {"id": "subnet-1"}], {}, True),
        (["x", {"id": "subnet-1"}], {}, True),
        (UNKNOWN, {}, False),
    ],
    ids=str,
)
def test_subnets_that_a_pool_selects_are_judged(terms: Any, tags: dict[str, str], closed: bool, pack: Pack) -> None:
    said = {"subnetSelectorTerms": terms, "amiSelectorTerms": [{"alias": "bottlerocket@v1.65.0"}]}
    kinds = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")
    pool = obj("pool", "EC2NodeClass", "kinds", api="karpenter.k8s.aws/v1", spec=said)
    found = pack.of_stack(*IN_CLUSTER, VPC, kinds, subnet(id="subnet-1", tags=tags), pool)
    assert [message.partition(": ")[0] for _, message in found.get(SLUG, [])] == ["spec.subnetSelectorTerms"] * closed
    later = replace(pool, sources={"spec": "private"})
    assert SLUG in pack.of_stack(*IN_CLUSTER, VPC, kinds, subnet(id="subnet-1", tags=tags), later)


def test_pods_on_fargate_need_a_way_out_too(pack: Pack) -> None:
    said = {"clusterName": "demo", "podExecutionRoleArn": "x", "subnetIds": [UNKNOWN]}
    kind = "aws:eks/fargateProfile:FargateProfile"
    profile = Resource(kind, "profile", said, sources={"clusterName": "cluster", "subnetIds": "private"})
    assert SLUG in pack.of_stack(*BASE, subnet(), profile)
