"""What the pages of the components show as their examples runs."""

import runpy
from pathlib import Path
from typing import Any

import pulumi
import pytest
from registrations import Answers, record
from zones import COMPUTED, LOOKUPS

import pokayoke_eks
from pokayoke_eks import Cluster, ExistingCluster, ExistingNetwork, Network
from pokayoke_eks.catalogue import FAILURES, Level
from pokayoke_eks.handles import ClusterHandle, NetworkHandle

LISTED = Path(__file__).parents[2] / "docs" / "generator"
COMPONENTS = runpy.run_path(str(LISTED / "listed.py"))["COMPONENTS"]
SNIPPETS = runpy.run_path(str(LISTED / "snippets.py"))["SNIPPETS"]
STARTS = tuple(one.name for one in COMPONENTS if not one.after)
"""The components whose examples stand alone, and on which the others build."""

VPC, SUBNETS = "vpc-0123456789abcdef0", {"subnet-a": "ap-northeast-2a", "subnet-c": "ap-northeast-2c"}
ROLES = {"kubernetes.io/role/elb": "1", "kubernetes.io/role/internal-elb": "1"}


def subnets(asked: dict[str, Any]) -> dict[str, Any]:
    role = next(one["values"][0] for one in asked["filters"] if one["name"] == "tag-key")
    return {"ids": [f"{name}-{role.rpartition('/')[2]}" for name in SUBNETS]}


def subnet(asked: dict[str, Any]) -> dict[str, Any]:
    zone = SUBNETS[asked["id"][: len("subnet-a")]]
    return {"availabilityZone": zone, "availableIpAddressCount": 250, "cidrBlock": "10.64.0.0/24", "tags": ROLES}


def route_table(asked: dict[str, Any]) -> dict[str, Any]:
    public = asked["routeTableId"] == "rtb-public"
    way = {"gatewayId": "igw-1"} if public else {"natGatewayId": "nat-1"}
    kind = "elb" if public else "internal-elb"
    return {
        "routes": [{"cidrBlock": "0.0.0.0/0", **way}],
        "associations": [{"main": False, "subnetId": f"{name}-{kind}"} for name in SUBNETS],
    }


ACCOUNT: Answers = {"aws:index/getCallerIdentity:getCallerIdentity": lambda _: {"accountId": "123456789012"}}
THEIRS: Answers = {
    "aws:ec2/getVpcs:getVpcs": lambda _: {"ids": [VPC]},
    "aws:ec2/getVpc:getVpc": lambda _: {"enableDnsHostnames": True, "enableDnsSupport": True},
    "aws:ec2/getSubnets:getSubnets": subnets,
    "aws:ec2/getSubnet:getSubnet": subnet,
    "aws:ec2/getRouteTables:getRouteTables": lambda _: {"ids": ["rtb-public", "rtb-private"]},
    "aws:ec2/getRouteTable:getRouteTable": route_table,
    "aws:ec2/getNatGateways:getNatGateways": lambda _: {"ids": ["nat-1"]},
    "aws:ec2/getSecurityGroup:getSecurityGroup": lambda _: {
        "id": "sg-1",
        "tags": {"kubernetes.io/cluster/theirs": "owned"},
    },
    "aws:eks/getClusters:getClusters": lambda _: {"names": ["theirs"]},
    "aws:eks/getNodeGroups:getNodeGroups": lambda _: {"names": ["base"]},
    "aws:eks/getNodeGroup:getNodeGroup": lambda _: {
        "status": "ACTIVE",
        "scalingConfigs": [{"desiredSize": 2, "maxSize": 3, "minSize": 2}],
        "taints": [],
    },
    "aws:eks/getAddon:getAddon": lambda _: {"configurationValues": '{"enableNetworkPolicy": "true"}'},
    "aws:eks/getCluster:getCluster": lambda _: {
        "arn": "arn:aws:eks:ap-northeast-2:123456789012:cluster/theirs",
        "endpoint": "https://example.eks.amazonaws.com",
        "certificateAuthorities": [{"data": "Y2VydGlmaWNhdGU="}],
        "status": "ACTIVE",
        "version": "1.36",
        "accessConfigs": [{"authenticationMode": "API"}],
        "upgradePolicies": [{"supportType": "STANDARD"}],
        "kubernetesNetworkConfigs": [{"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"}],
        "vpcConfig": {
            "vpcId": VPC,
            "clusterSecurityGroupId": "sg-1",
            "endpointPrivateAccess": True,
            "endpointPublicAccess": False,
            "publicAccessCidrs": [],
            "subnetIds": ["subnet-a-internal-elb"],
        },
    },
}


@pytest.mark.parametrize("start", STARTS)
def test_the_examples_of_the_pages_run_one_after_the_other(start: str, tmp_path: Path) -> None:
    chain = [one.name for one in COMPONENTS if one.name == start or _stands_on(one, start)]
    namespace: dict[str, Any] = {}

    def program() -> None:
        for name in chain:
            (tmp_path / f"{name}.py").write_text(SNIPPETS[name])
            namespace.update(runpy.run_path(str(tmp_path / f"{name}.py"), init_globals=namespace))

    made = {one.type for one in record(program, lookups={**LOOKUPS, **ACCOUNT, **THEIRS}, computed=COMPUTED)}
    assert {f"pokayoke-eks:index:{name}" for name in chain} <= made


def test_a_cluster_of_ours_stands_on_a_network_of_theirs(tmp_path: Path) -> None:
    namespace: dict[str, Any] = {"shared": {"name": "demo", "region": "ap-northeast-2", "lifecycle": "disposable"}}

    def program() -> None:
        for name in ("ExistingNetwork", "Cluster", "Karpenter", "NodePools"):
            (tmp_path / f"{name}.py").write_text(SNIPPETS[name])
            namespace.update(runpy.run_path(str(tmp_path / f"{name}.py"), init_globals=namespace))

    made = record(program, lookups=THEIRS)
    private = [f"{name}-internal-elb" for name in SUBNETS]
    assert made.one("eks:index:Cluster").inputs["privateSubnetIds"] == private
    assert made.one("eks:index:Cluster").inputs["vpcId"] == VPC
    assert made.one("aws:eks/nodeGroup:NodeGroup").inputs["subnetIds"] == private
    (nodes,) = made.of_type("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass")
    assert nodes.inputs["spec"]["subnetSelectorTerms"] == [{"id": subnet} for subnet in private]


def test_what_somebody_else_made_has_the_same_handles() -> None:
    for handle, ours, theirs in (
        (NetworkHandle, Network, ExistingNetwork),
        (ClusterHandle, Cluster, ExistingCluster),
    ):
        asked = {name for name in vars(handle) if not name.startswith("_")}
        assert asked
        for cls in (ours, theirs):
            assert asked <= {*cls.__annotations__, *vars(cls)}, cls


def test_every_component_has_a_page_with_an_example_of_ten_lines() -> None:
    components = {
        name
        for name in pokayoke_eks.__all__
        if isinstance(cls := getattr(pokayoke_eks, name), type) and issubclass(cls, pulumi.ComponentResource)
    }
    # A certificate is made by the zone that validates it.
    assert {one.name for one in COMPONENTS} == components - {"Certificate"}
    assert SNIPPETS.keys() == {one.name for one in COMPONENTS}
    assert {
        name: len(text.strip().splitlines()) for name, text in SNIPPETS.items() if text.strip().count("\n") >= 10
    } == {}


def test_a_failure_that_a_page_names_is_documented_and_held_by_components() -> None:
    for one in COMPONENTS:
        for slug in one.holds:
            assert set(FAILURES[slug].held) & {Level.SHAPE, Level.VALUE, Level.TEARDOWN, Level.DESIGN}, (one.name, slug)


def _stands_on(one: Any, start: str) -> bool:
    by_name = {other.name: other for other in COMPONENTS}
    return any(name == start or _stands_on(by_name[name], start) for name in one.after)
