"""A destroy leaves nothing and waits for nobody: its order is in the graph that the program registers."""

from collections.abc import Callable

import pytest
from configs import Build
from registrations import Registered, Registration

Pick = Callable[[Registered], list[Registration]]


def of(type_: str, **inputs: str) -> Pick:
    return lambda made: made.of_type(type_, **inputs)


def addon(*names: str) -> Pick:
    return lambda made: [one for one in made.of_type("aws:eks/addon:Addon") if one.inputs["addonName"] in names]


def role(purpose: str, *kinds: str) -> Pick:
    """What hangs on a role."""
    types = kinds or ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:iam/rolePolicy:RolePolicy")
    return lambda made: [one for one in made if one.type in types and f"-{purpose}" in one.name]


def together(*picks: Pick) -> Pick:
    return lambda made: [one for pick in picks for one in pick(made)]


OBJECTS = of("kubernetes:storage.k8s.io/v1:StorageClass")
POD_ADDONS = addon("coredns", "metrics-server", "aws-ebs-csi-driver")
NODE_GROUP = of("aws:eks/nodeGroup:NodeGroup")
NODE_ADDONS = addon("vpc-cni", "kube-proxy", "eks-pod-identity-agent")
ACCESS = together(of("aws:eks/accessEntry:AccessEntry"), of("aws:eks/accessPolicyAssociation:AccessPolicyAssociation"))
NODES_GONE = of("pulumi-python:dynamic/pokayoke:Waiting")
ROLE_ATTACHMENTS = together(role("system-nodes"), role("ebs-csi"))
CLUSTER = together(of("aws:eks/cluster:Cluster"), of("eks:index:Cluster"))
CLUSTER_ATTACHMENTS = role("cluster")
EGRESS = together(
    of("aws:ec2/natGateway:NatGateway"),
    of("aws:ec2/eip:Eip"),
    of("aws:ec2/internetGateway:InternetGateway"),
    of("aws:ec2/route:Route"),
    of("aws:ec2/routeTableAssociation:RouteTableAssociation"),
    of("aws:ec2/vpcEndpoint:VpcEndpoint"),
)
VPC = of("aws:ec2/vpc:Vpc")


def private_subnets(made: Registered) -> list[Registration]:
    return [one for one in made.of_type("aws:ec2/subnet:Subnet") if "-private-" in one.name]


@pytest.mark.parametrize("lifecycle", ["disposable", "retained"])
@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        pytest.param(OBJECTS, addon("aws-ebs-csi-driver"), id="objects before the add-on that serves them"),
        pytest.param(OBJECTS, of("pulumi:providers:kubernetes"), id="objects before the way in"),
        pytest.param(of("pulumi:providers:kubernetes"), ACCESS, id="the way in before the right to enter"),
        pytest.param(POD_ADDONS, NODE_GROUP, id="pods before nodes"),
        pytest.param(addon("aws-ebs-csi-driver"), role("ebs-csi"), id="the driver before what its role may do"),
        pytest.param(NODE_GROUP, NODE_ADDONS, id="nodes before their network and identities"),
        pytest.param(NODE_GROUP, ACCESS, id="nodes before the administrators' access"),
        pytest.param(NODE_GROUP, NODES_GONE, id="nodes before the wait for what they left"),
        pytest.param(NODE_GROUP, EGRESS, id="nodes before their way out"),
        pytest.param(POD_ADDONS, EGRESS, id="pods before their way out"),
        pytest.param(NODE_ADDONS, role("system-nodes"), id="node add-ons before what the nodes may do"),
        pytest.param(NODE_GROUP, role("system-nodes"), id="nodes before what they may do"),
        pytest.param(NODES_GONE, CLUSTER, id="the control plane stays until nothing of the nodes is left"),
        pytest.param(NODE_ADDONS, CLUSTER, id="node add-ons before the cluster"),
        pytest.param(ACCESS, CLUSTER, id="access before the cluster"),
        pytest.param(ROLE_ATTACHMENTS, CLUSTER, id="other roles' policies before the cluster"),
        pytest.param(CLUSTER, CLUSTER_ATTACHMENTS, id="the cluster before what its role may do"),
        pytest.param(CLUSTER, of("aws:cloudwatch/logGroup:LogGroup", name="/aws/eks/demo/cluster"), id="and its log"),
        pytest.param(CLUSTER, of("aws:kms/key:Key"), id="the cluster before its key"),
        pytest.param(CLUSTER, together(private_subnets, VPC), id="the cluster before its network"),
        pytest.param(EGRESS, VPC, id="the way out before the VPC"),
        pytest.param(of("aws:ec2/tag:Tag"), of("aws:eks/cluster:Cluster"), id="the tag before its security group"),
    ],
)
def test_on_destroy(cluster: Build, lifecycle: str, earlier: Pick, later: Pick) -> None:
    made = cluster(lifecycle)
    first, then = earlier(made), later(made)
    assert first
    assert then
    wrong = [(a.name, b.name) for a in first for b in then if not made.goes_before(a, b)]
    assert not wrong


def test_nothing_waits_for_the_egress_path_but_what_needs_egress(disposable: Registered) -> None:
    """The control plane takes ten minutes and NAT two: they are made, and removed, side by side."""
    control_plane = disposable.one("eks:index:Cluster")
    assert not [one.name for one in EGRESS(disposable) if disposable.goes_before(control_plane, one)]


def test_nothing_needs_a_hook_to_be_deleted(disposable: Registered) -> None:
    """A delete hook in the state makes a plain `pulumi destroy` refuse."""
    assert not [one.urn for one in disposable if one.hooks]
