"""A network in a stack, for the tests of policies between resources."""

from typing import Any

from analyzing import UNKNOWN, Resource

VPC = Resource("aws:ec2/vpc:Vpc", "vpc", {"cidrBlock": "10.0.0.0/16"}, {"id": UNKNOWN})


def subnet(name: str = "private", **said: Any) -> Resource:
    """A subnet of the VPC."""
    outputs = {"id": said.pop("id", UNKNOWN)}
    content = {"vpcId": UNKNOWN, "cidrBlock": "10.0.1.0/24", **said}
    return Resource("aws:ec2/subnet:Subnet", name, content, outputs, sources={"vpcId": "vpc"})


def table(name: str = "table", **said: Any) -> Resource:
    """A route table of the VPC."""
    return Resource("aws:ec2/routeTable:RouteTable", name, {"vpcId": UNKNOWN, **said}, sources={"vpcId": "vpc"})


def association(of: str = "private", to: str = "table") -> Resource:
    """The association of a subnet and a table."""
    said = {"subnetId": UNKNOWN, "routeTableId": UNKNOWN}
    sources = {"subnetId": of, "routeTableId": to}
    return Resource("aws:ec2/routeTableAssociation:RouteTableAssociation", f"{of}-{to}", said, sources=sources)


def route(of: str = "table", **said: Any) -> Resource:
    """A route to everywhere, through a NAT gateway unless said otherwise."""
    content = {"routeTableId": UNKNOWN, "destinationCidrBlock": "0.0.0.0/0", "natGatewayId": UNKNOWN, **said}
    return Resource("aws:ec2/route:Route", f"{of}-out", content, sources={"routeTableId": of})


def node_group(*subnets: str, **said: Any) -> Resource:
    """A managed node group in subnets."""
    sources = {"clusterName": "cluster", "subnetIds": subnets, **said.pop("sources", {})}
    content = {"clusterName": "demo", "amiType": "CUSTOM", "subnetIds": [UNKNOWN] * len(subnets), **said}
    return Resource("aws:eks/nodeGroup:NodeGroup", "nodes", content, sources=sources)
