"""Works the `aws` double as an engine would, one resource at a time, and remembers the state."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import pytest

from pokayoke_rehearsal.doubles.aws import AwsDouble
from pokayoke_rehearsal.doubles.base import INSTANCE, Call, Difference, PartialError, ProviderError
from pokayoke_rehearsal.world import World
from pokayoke_rehearsal.world.moto_aws import MotoAws, listen

REGION = "ap-northeast-2"
WORKER_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly")


@dataclass
class Resource:
    urn: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]


class Cloud:
    """A world with one AWS provider in Seoul. `config` is the provider's configuration beside the region."""

    def __init__(self, **config: Any) -> None:
        self.world = World()
        self.world.waits.patience = 0.05
        listener = listen()
        self.world.aws_endpoint = "http://{}:{}".format(*listener.getsockname())
        self.world.start(lambda world: MotoAws(world, listener))
        self.double = AwsDouble(self.world)
        self.resources: dict[str, Resource] = {}
        self.configure(**config)

    def stop(self) -> None:
        self.world.stop()

    def configure(self, **config: Any) -> None:
        self.provider = self.run(self.double.configure_instance({"region": REGION, **config}))

    def client(self, service: str, region: str = REGION) -> Any:
        return self.world.client(service, region)

    def check(self, kind: str, name: str, /, **inputs: Any) -> dict[str, Any]:
        old = self.resources.get(name)
        call = Call(urn(kind, name), seed=name.encode())
        return self.run(self.double.check_resource(call, old.inputs if old else None, inputs))

    def preview(self, kind: str, name: str, /, **inputs: Any) -> dict[str, Any]:
        checked = self.check(kind, name, **inputs)
        return self.run(self.double.create_resource(Call(urn(kind, name), preview=True), checked)).outputs

    def create(self, kind: str, name: str, /, **inputs: Any) -> Resource:
        checked = self.check(kind, name, **inputs)
        address = urn(kind, name)
        try:
            made = self.run(self.double.create_resource(Call(address), checked))
        except PartialError as failure:
            self.resources[name] = Resource(address, failure.resource_id, checked, failure.outputs)
            raise
        self.resources[name] = Resource(address, made.resource_id, checked, made.outputs)
        return self.resources[name]

    def diff(self, name: str, /, **inputs: Any) -> Difference:
        old = self.resources[name]
        news = self.check(Call(old.urn).type, name, **inputs)
        return self.run(self.double.diff_resource(Call(old.urn, old.id), old.inputs, old.outputs, news))

    def update(self, name: str, /, **inputs: Any) -> Resource:
        old = self.resources[name]
        news = self.check(Call(old.urn).type, name, **inputs)
        outputs = self.run(self.double.update_resource(Call(old.urn, old.id), old.inputs, old.outputs, news))
        self.resources[name] = Resource(old.urn, old.id, news, outputs)
        return self.resources[name]

    def read(self, name: str) -> dict[str, Any] | None:
        old = self.resources[name]
        found = self.run(self.double.read_resource(Call(old.urn, old.id), old.inputs, old.outputs))
        return found and found[1]

    def delete(self, name: str) -> None:
        old = self.resources[name]
        self.run(self.double.delete_resource(Call(old.urn, old.id), old.inputs, old.outputs))
        del self.resources[name]

    def invoke(self, function: str, **args: Any) -> dict[str, Any]:
        return self.run(self.double.invoke_function(function, args, False))

    def run(self, step: Coroutine[Any, Any, Any]) -> Any:
        async def configured() -> Any:
            if hasattr(self, "provider"):
                INSTANCE.set(self.provider)
            return await step

        return asyncio.run(configured())


def urn(kind: str, name: str) -> str:
    return f"urn:pulumi:dev::project::{kind}::{name}"


def trust(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def network(cloud: Cloud, name: str = "net") -> list[str]:
    """A VPC with a public subnet, a NAT gateway and private subnets in three zones; answers the private ones' ids."""
    vpc = cloud.create("aws:ec2/vpc:Vpc", f"{name}-vpc", cidrBlock="10.0.0.0/16").id
    gateway = cloud.create("aws:ec2/internetGateway:InternetGateway", f"{name}-igw", vpcId=vpc).id
    public = cloud.create("aws:ec2/routeTable:RouteTable", f"{name}-public", vpcId=vpc).id
    route = {"routeTableId": public, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway}
    cloud.create("aws:ec2/route:Route", f"{name}-out", **route)
    place = {"vpcId": vpc, "availabilityZone": f"{REGION}a", "cidrBlock": "10.0.100.0/24", "mapPublicIpOnLaunch": True}
    outside = cloud.create("aws:ec2/subnet:Subnet", f"{name}-outside", **place).id
    associate(cloud, f"{name}-outside-table", public, outside)
    address = cloud.create("aws:ec2/eip:Eip", f"{name}-eip", domain="vpc").id
    nat = cloud.create("aws:ec2/natGateway:NatGateway", f"{name}-nat", allocationId=address, subnetId=outside).id
    private = cloud.create("aws:ec2/routeTable:RouteTable", f"{name}-private", vpcId=vpc).id
    route = {"routeTableId": private, "destinationCidrBlock": "0.0.0.0/0", "natGatewayId": nat}
    cloud.create("aws:ec2/route:Route", f"{name}-nat-out", **route)
    subnets: list[str] = []
    for index, zone in enumerate("abc"):
        place = {"vpcId": vpc, "availabilityZone": f"{REGION}{zone}", "cidrBlock": f"10.0.{index}.0/24"}
        subnets.append(cloud.create("aws:ec2/subnet:Subnet", f"{name}-{zone}", **place).id)
        associate(cloud, f"{name}-{zone}-table", private, subnets[-1])
    return subnets


def associate(cloud: Cloud, name: str, table: str, subnet: str) -> None:
    kind = "aws:ec2/routeTableAssociation:RouteTableAssociation"
    cloud.create(kind, name, routeTableId=table, subnetId=subnet)


def role(cloud: Cloud, name: str, service: str, *policies: str) -> str:
    """A role that the service may assume, with AWS's own policies; answers its ARN."""
    made = cloud.create("aws:iam/role:Role", name, assumeRolePolicy=trust(service), name=name)
    for policy in policies:
        arn = f"arn:aws:iam::aws:policy/{policy}"
        kind = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
        cloud.create(kind, f"{name}-{policy}", role=made.id, policyArn=arn)
    return made.outputs["arn"]


def cluster(cloud: Cloud, name: str, subnets: list[str], **inputs: Any) -> str:
    """A cluster with a role of its own; answers its name."""
    arn = role(cloud, f"{name}-role", "eks.amazonaws.com", "AmazonEKSClusterPolicy")
    settings = {"version": "1.36", "accessConfig": {"authenticationMode": "API"}} | inputs
    network = {"subnetIds": subnets, "endpointPrivateAccess": True} | settings.pop("vpcConfig", {})
    return cloud.create("aws:eks/cluster:Cluster", name, name=name, roleArn=arn, vpcConfig=network, **settings).id


def node_group(
    cloud: Cloud, name: str, cluster_name: str, role_arn: str, subnets: list[str], **inputs: Any
) -> Resource:
    settings: dict[str, Any] = {
        "amiType": "BOTTLEROCKET_ARM_64",
        "instanceTypes": ["t4g.medium"],
        "scalingConfig": {"minSize": 2, "maxSize": 3, "desiredSize": 2},
    }
    here = {"clusterName": cluster_name, "nodeRoleArn": role_arn, "subnetIds": subnets, "nodeGroupName": name}
    return cloud.create("aws:eks/nodeGroup:NodeGroup", name, **(here | settings | inputs))


def refused(text: str) -> pytest.RaisesExc[ProviderError]:
    """Expects the double's refusal with this text in it."""
    return pytest.raises(ProviderError, match=re.escape(text))
