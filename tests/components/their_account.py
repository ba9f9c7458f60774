"""What an account in which another team has a VPC and a cluster answers to a program that is recorded."""

from typing import Any

from registrations import Answers

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


LOOKUPS: Answers = {
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
