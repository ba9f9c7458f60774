"""What a network promises to whatever stands on it."""

import json
from typing import Any

import pytest
from configs import Build
from registrations import Registered, Registration

ROUTE = "aws:ec2/route:Route"
NAT = "aws:ec2/natGateway:NatGateway"
SUBNET = "aws:ec2/subnet:Subnet"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"


def subnets(made: Registered, kind: str) -> list[Registration]:
    return [one for one in made.of_type(SUBNET) if f"-{kind}-" in one.name]


def way_out(made: Registered, subnet: Registration) -> Registration:
    """The default route of the table that the subnet is associated with."""
    table = made.one(ASSOCIATION, subnetId=f"{subnet.name}-id").inputs["routeTableId"]
    return made.one(ROUTE, routeTableId=table, destinationCidrBlock="0.0.0.0/0")


@pytest.mark.parametrize("lifecycle", ["disposable", "retained"])
@pytest.mark.parametrize("zones", [["a", "b"], ["b", "c", "d"], ["a", "b", "c", "d"]])
def test_no_private_subnet_is_without_nat(network: Build, lifecycle: str, zones: list[str]) -> None:
    made = network(lifecycle, zones=zones)
    gateways = {f"{one.name}-id": one for one in made.of_type(NAT)}
    public = {f"{one.name}-id" for one in subnets(made, "public")}
    assert len(subnets(made, "private")) == len(zones)
    for subnet in subnets(made, "private"):
        nat = gateways[way_out(made, subnet).inputs["natGatewayId"]]
        assert nat.inputs["subnetId"] in public


def test_a_lost_zone_takes_no_other_zone_s_egress_with_it_where_the_environment_is_retained(network: Build) -> None:
    made = network("retained")
    for subnet in subnets(made, "private"):
        zone = subnet.name[-1]
        assert way_out(made, subnet).inputs["natGatewayId"] == f"demo-{zone}-id"
        assert made.one(NAT, subnetId=f"demo-public-{zone}-id")


def test_a_disposable_environment_pays_for_one_nat(network: Build) -> None:
    made = network("disposable")
    assert len(made.of_type(NAT)) == len(made.of_type("aws:ec2/eip:Eip")) == 1


def test_public_subnets_reach_the_internet_directly_and_give_nobody_an_address(network: Build) -> None:
    made = network()
    for subnet in made.of_type(SUBNET):
        assert subnet.inputs["mapPublicIpOnLaunch"] is False
    for subnet in subnets(made, "public"):
        assert way_out(made, subnet).inputs["gatewayId"] == "demo-internet-id"


@pytest.mark.parametrize("lifecycle", ["disposable", "retained"])
def test_ready_covers_everything_that_a_packet_from_a_node_passes(cluster: Build, lifecycle: str) -> None:
    made = cluster(lifecycle)
    nodes = made.one("aws:eks/nodeGroup:NodeGroup")
    passed = [ROUTE, NAT, ASSOCIATION, "aws:ec2/internetGateway:InternetGateway", "aws:ec2/vpcEndpoint:VpcEndpoint"]
    for type_ in passed:
        for one in made.of_type(type_):
            assert one.urn in nodes.depends_on, f"nodes race {one.name}"


def test_a_nat_gateway_waits_until_its_own_subnet_reaches_the_internet(network: Build) -> None:
    made = network("retained")
    gateway = made.one("aws:ec2/internetGateway:InternetGateway")
    route = made.one(ROUTE, gatewayId="demo-internet-id")
    for nat in made.of_type(NAT):
        association = made.one(ASSOCIATION, subnetId=nat.inputs["subnetId"])
        assert {gateway.urn, route.urn, association.urn} <= nat.depends_on


def test_load_balancers_and_karpenter_find_their_subnets(network: Build) -> None:
    made = network()
    for subnet in subnets(made, "public"):
        assert subnet.inputs["tags"]["kubernetes.io/role/elb"] == "1"
        assert "kubernetes.io/role/internal-elb" not in subnet.inputs["tags"]
        assert "karpenter.sh/discovery" not in subnet.inputs["tags"]
    for subnet in subnets(made, "private"):
        assert subnet.inputs["tags"]["kubernetes.io/role/internal-elb"] == "1"
        assert subnet.inputs["tags"]["karpenter.sh/discovery"] == "demo"


def test_discovery_tags_name_the_cluster_that_stands_there(disposable: Registered) -> None:
    name = disposable.one("aws:eks/cluster:Cluster").inputs["name"]
    tagged = {one.inputs["tags"]["karpenter.sh/discovery"] for one in subnets(disposable, "private")}
    group = disposable.one("aws:ec2/tag:Tag", key="karpenter.sh/discovery")
    assert tagged == {name}
    assert group.inputs["value"] == name
    assert group.inputs["resourceId"] == "sg-made-by-eks"


def test_nodes_can_register_by_name(network: Build) -> None:
    vpc = network().one("aws:ec2/vpc:Vpc").inputs
    assert vpc["enableDnsHostnames"] is True
    assert vpc["enableDnsSupport"] is True


def test_the_default_security_group_lets_nothing_through(network: Build) -> None:
    group = network().one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs
    assert group["ingress"] == []
    assert group["egress"] == []


def test_image_layers_do_not_pass_nat(network: Build) -> None:
    made = network("retained")
    endpoint = made.one("aws:ec2/vpcEndpoint:VpcEndpoint", vpcEndpointType="Gateway").inputs
    assert endpoint["serviceName"] == "com.amazonaws.ap-northeast-2.s3"
    assert endpoint["routeTableIds"] == [f"demo-private-{zone}-id" for zone in "abc"]


def test_interface_endpoints_answer_the_vpc_under_the_service_s_own_name(network: Build) -> None:
    made = network(interface_endpoints=["ecr.api", "sts"])
    group = made.one("aws:ec2/securityGroup:SecurityGroup")
    assert [(rule["fromPort"], rule["toPort"], rule["cidrBlocks"]) for rule in group.inputs["ingress"]] == [
        (443, 443, ["10.0.0.0/16"])
    ]
    for service in ("ecr.api", "sts"):
        endpoint = made.one("aws:ec2/vpcEndpoint:VpcEndpoint", serviceName=f"com.amazonaws.ap-northeast-2.{service}")
        assert endpoint.inputs["privateDnsEnabled"] is True
        assert endpoint.inputs["securityGroupIds"] == [f"{group.name}-id"]
        assert endpoint.inputs["subnetIds"] == [f"demo-private-{zone}-id" for zone in "abc"]


def test_interface_endpoints_stand_beside_nat_never_in_its_place(network: Build) -> None:
    assert len(network(interface_endpoints=["ecr.api"]).of_type(NAT)) == 1


def test_flow_logs_cannot_come_back_after_the_stack_is_gone(network: Build) -> None:
    made = network()
    log = made.one("aws:ec2/flowLog:FlowLog")
    group = made.one("aws:cloudwatch/logGroup:LogGroup")
    assert group.inputs["retentionInDays"] > 0
    assert made.goes_before(log, group)
    allowed = actions(made.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"], "Allow")
    assert "logs:PutLogEvents" in allowed
    assert not {"logs:CreateLogGroup", "logs:*", "*"} & allowed


def test_flow_logs_are_written_until_the_vpc_goes_and_by_this_account_only(network: Build) -> None:
    made = network()
    log = made.one("aws:ec2/flowLog:FlowLog")
    assert log.inputs["trafficType"] == "ALL"
    assert made.goes_before(log, made.one("aws:iam/rolePolicy:RolePolicy"))
    trust = json.loads(made.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"][0]
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}


@pytest.mark.parametrize(
    ("lifecycle", "allow_destroy", "protected"),
    [("disposable", False, False), ("retained", False, True), ("retained", True, False)],
)
def test_what_is_retained_is_protected_by_itself(
    network: Build, lifecycle: str, allow_destroy: bool, protected: bool
) -> None:
    made = network(lifecycle, **({"allow_destroy": True} if allow_destroy else {}))
    inside = [one for one in made if one.custom and one.type.startswith("aws:")]
    assert {one.protect for one in inside} == {protected}


def test_whoever_pays_sees_whose_it_is(retained: Registered) -> None:
    takes_no_tags = {
        ROUTE,
        ASSOCIATION,
        "aws:ec2/tag:Tag",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:kms/alias:Alias",
    }
    for one in retained:
        if one.custom and one.type.startswith("aws:") and one.type not in takes_no_tags:
            assert one.inputs["tags"]["pokayoke-eks/cluster"] == "demo", one.urn


def test_a_user_s_tags_are_everywhere_and_never_win_over_ours(network: Build) -> None:
    made = network(tags={"team": "platform", "pokayoke-eks/cluster": "other"})
    assert made.one("aws:ec2/vpc:Vpc").inputs["tags"] == {
        "team": "platform",
        "pokayoke-eks/cluster": "demo",
        "pokayoke-eks/managed-by": "pulumi",
        "Name": "demo",
    }


def actions(policy: str, effect: str) -> set[str]:
    statements: list[dict[str, Any]] = json.loads(policy)["Statement"]
    return {action for one in statements if one["Effect"] == effect for action in one["Action"]}
