"""A VPC and a cluster that another team made, planted in a world with the calls that they would make."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

REGION, NAME = "ap-northeast-2", "theirs"
VPC_NAME = "company"
Clients = Callable[[str], Any]
"""Gives a boto3 client of the world."""
PULLS = ("AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly")


class Theirs:
    """Two zones with a public and a private subnet each, one NAT gateway, a cluster with two nodes that are tainted."""

    def __init__(self, clients: Clients) -> None:
        self.ec2, self.eks, self.iam = clients("ec2"), clients("eks"), clients("iam")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.64.0.0/16")["Vpc"]["VpcId"]
        self.tag(self.vpc, Name=VPC_NAME)
        self.switch("EnableDnsHostnames", on=True)
        zones = [f"{REGION}{letter}" for letter in "ac"]
        self.public = [self._subnet(f"10.64.{index}.0/24", zone, "elb") for index, zone in enumerate(zones)]
        self.private = [
            self._subnet(f"10.64.{index}.0/22", zone, "internal-elb") for index, zone in ((8, zones[0]), (16, zones[1]))
        ]
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        self.outside = self._table(self.public, GatewayId=gateway)
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        self.nat = self.ec2.create_nat_gateway(AllocationId=address, SubnetId=self.public[0])["NatGateway"][
            "NatGatewayId"
        ]
        self.inside = self._table(self.private, NatGatewayId=self.nat)

    def cluster(
        self, mode: str = "API_AND_CONFIG_MAP", agent: bool = True, private: bool = True, nodes: int = 2
    ) -> None:
        """Makes the cluster; whoever makes one may enter it."""
        self.eks.create_cluster(
            name=NAME,
            version="1.36",
            roleArn=self._role("theirs-cluster", "eks.amazonaws.com", ("AmazonEKSClusterPolicy",)),
            accessConfig={"authenticationMode": mode},
            resourcesVpcConfig={
                "subnetIds": self.private,
                "endpointPrivateAccess": private,
                "publicAccessCidrs": ["203.0.113.0/24"],
            },
        )
        if agent:
            self.eks.create_addon(clusterName=NAME, addonName="eks-pod-identity-agent")
        self.eks.create_nodegroup(
            clusterName=NAME,
            nodegroupName="base",
            subnets=self.private,
            nodeRole=self._role("theirs-nodes", "ec2.amazonaws.com", PULLS),
            amiType="BOTTLEROCKET_ARM_64",
            instanceTypes=["m7g.large"],
            scalingConfig={"minSize": nodes, "maxSize": 4, "desiredSize": nodes},
            taints=[{"key": "CriticalAddonsOnly", "value": "true", "effect": "NO_SCHEDULE"}],
        )

    def switch(self, attribute: str, *, on: bool) -> None:
        self.ec2.modify_vpc_attribute(VpcId=self.vpc, **{attribute: {"Value": on}})

    def tag(self, thing: str, **said: str) -> None:
        self.ec2.create_tags(Resources=[thing], Tags=[{"Key": key, "Value": value} for key, value in said.items()])

    def _subnet(self, cidr: str, zone: str, role: str) -> str:
        made = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        self.tag(made, **{f"kubernetes.io/role/{role}": "1"})
        return made

    def _table(self, subnets: list[str], **way: str) -> str:
        table = self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **way)
        for subnet in subnets:
            self.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        return table

    def _role(self, name: str, service: str, policies: tuple[str, ...]) -> str:
        said = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [said]})
        arn = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        for policy in policies:
            self.iam.attach_role_policy(RoleName=name, PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
        return arn
