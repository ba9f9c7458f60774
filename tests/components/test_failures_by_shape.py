"""The documented failures that a network and a cluster hold by their shape: whatever a config legally says, the mistake
is not in what gets registered."""

import itertools
import json
import subprocess
import sys
from typing import Any

import pytest
from configs import Build
from invariants import by_slug
from registrations import CONTROL_PLANE, Registered

from pokayoke_eks import ClusterConfig, NetworkConfig
from pokayoke_eks.catalogue import FAILURES, Level
from pokayoke_eks.instances import ARM64, instance_type

ADDON = "aws:eks/addon:Addon"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
SUBNET = "aws:ec2/subnet:Subnet"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"

SAID: list[dict[str, Any]] = [
    {},
    {"api_access": "private"},
    {"kubernetes": "1.35", "addons": {"kube-proxy": "v1.35.3-eksbuild.29"}},
    {"system_instance": "m7g.large", "tags": {"team": "platform"}},
    {
        "service_cidr": "172.30.0.0/16",
        "admins": ["arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/b"],
    },
]
"""What users say, and between them every field that a cluster's config has beyond the required ones."""


@pytest.fixture(scope="session")
def legal(cluster: Build) -> list[Registered]:
    """What comes of it, for either lifecycle."""
    return [cluster(lifecycle, **said) for lifecycle, said in itertools.product(("disposable", "retained"), SAID)]


def extended_support(made: Registered) -> None:
    assert made.one(CONTROL_PLANE).inputs["upgradePolicy"] == {"supportType": "STANDARD"}


def no_egress(made: Registered) -> None:
    nats = {f"{one.name}-id" for one in made.of_type("aws:ec2/natGateway:NatGateway")}
    for subnet in made.one(NODE_GROUP).inputs["subnetIds"]:
        table = made.one("aws:ec2/routeTableAssociation:RouteTableAssociation", subnetId=subnet).inputs["routeTableId"]
        route = made.one("aws:ec2/route:Route", routeTableId=table, destinationCidrBlock="0.0.0.0/0")
        assert route.inputs["natGatewayId"] in nats


def duplicate_node_role(made: Registered) -> None:
    names = [one.inputs["name"] for one in made.of_type("aws:iam/role:Role")]
    assert len(names) == len(set(names))
    principals = [one.inputs["principalArn"] for one in made.of_type("aws:eks/accessEntry:AccessEntry")]
    of_eks = [one.inputs["nodeRoleArn"] for one in made.of_type(NODE_GROUP)]
    assert len([*principals, *of_eks]) == len({*principals, *of_eks})


def node_role_policies_missing(made: Registered) -> None:
    policies = {
        one.inputs["policyArn"].rpartition("/")[2]
        for one in made.of_type(ATTACHMENT)
        if one.inputs["role"].endswith("-system-nodes") and one.urn in made.one(NODE_GROUP).depends_on
    }
    assert policies == {"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"}
    plugin = made.one("aws:eks/addon:Addon", addonName="vpc-cni")
    (given,) = plugin.inputs["podIdentityAssociations"]
    (role,) = [one for one in made.of_type("aws:iam/role:Role") if given["roleArn"].endswith(f"/{one.name}")]
    own = [one for one in made.of_type(ATTACHMENT) if one.inputs["role"] == role.inputs["name"]]
    assert [one.inputs["policyArn"].rpartition("/")[2] for one in own] == ["AmazonEKS_CNI_Policy"]
    assert made.goes_before(made.one(NODE_GROUP), plugin)
    assert made.goes_before(plugin, own[0])


def control_plane_ports_blocked(made: Registered) -> None:
    """EKS gives its own security group to whatever names no other."""
    assert not {"vpcSecurityGroupIds", "securityGroupNames", "networkInterfaces"} & made.one(TEMPLATE).inputs.keys()
    assert made.one("eks:index:Cluster").inputs["skipDefaultSecurityGroups"] is True
    rules = ("SecurityGroupRule", "SecurityGroupIngressRule", "SecurityGroupEgressRule", "NetworkAclRule")
    assert not [one for one in made if one.type.rpartition(":")[2] in rules]


def ami_architecture_mismatch(made: Registered) -> None:
    kind = instance_type(made.one(TEMPLATE).inputs["instanceType"])
    assert kind is not None
    assert (kind.architecture, made.one(NODE_GROUP).inputs["amiType"]) == (ARM64, "BOTTLEROCKET_ARM_64")


def ami_version_skew(made: Registered) -> None:
    group = made.one(NODE_GROUP).inputs
    assert group["version"] == made.one(CONTROL_PLANE).inputs["version"]
    assert group["releaseVersion"]


def pod_identity_namespace_mismatch(made: Registered) -> None:
    """Role, service account and add-on name one another; the agent is there before."""
    agent = made.one(ADDON, addonName="eks-pod-identity-agent")
    users = [one for one in made.of_type(ADDON) if "podIdentityAssociations" in one.inputs]
    assert users
    for user in users:
        assert made.goes_before(user, agent)
        for association in user.inputs["podIdentityAssociations"]:
            (role,) = [
                one for one in made.of_type("aws:iam/role:Role") if association["roleArn"].endswith(f"/{one.name}")
            ]
            trusted = json.loads(role.inputs["assumeRolePolicy"])["Statement"][0]["Condition"]["StringEquals"]
            assert trusted["aws:RequestTag/kubernetes-service-account"] == association["serviceAccount"]
            assert trusted["aws:RequestTag/kubernetes-namespace"] == "kube-system"
            assert made.goes_before(user, role)


def missing_resource_limits(made: Registered) -> None:
    for name in ("coredns", "metrics-server", "aws-ebs-csi-driver"):
        values = json.loads(made.one(ADDON, addonName=name).inputs["configurationValues"])
        resources = values.get("controller", values)["resources"]
        assert resources["limits"] == resources["requests"]
        assert resources["limits"].keys() == {"cpu", "memory"}


def subnet_tags_missing(made: Registered) -> None:
    name = made.one(CONTROL_PLANE).inputs["name"]
    for subnet in made.of_type(SUBNET):
        tags = subnet.inputs["tags"]
        if f"{subnet.name}-id" in made.one(NODE_GROUP).inputs["subnetIds"]:
            assert (tags["karpenter.sh/discovery"], tags["kubernetes.io/role/internal-elb"]) == (name, "1")
        else:
            assert tags["kubernetes.io/role/elb"] == "1"


def security_group_selector(made: Registered) -> None:
    tag = made.one("aws:ec2/tag:Tag", key="karpenter.sh/discovery")
    assert tag.inputs["value"] == made.one(CONTROL_PLANE).inputs["name"]
    assert tag.inputs["resourceId"] == "sg-made-by-eks"


def stale_vpc_id(made: Registered) -> None:
    """The id is the VPC's own output wherever one stands."""
    vpc = made.one("aws:ec2/vpc:Vpc")
    holders = [one for one in made if "vpcId" in one.inputs]
    assert holders
    for one in holders:
        assert vpc.urn in one.by_property["vpcId"], one.name


def vpc_delete_blocked(made: Registered) -> None:
    """Interfaces that nodes left behind are gone before subnets and VPC are asked to go."""
    wait = made.one("pulumi-python:dynamic/pokayoke:Waiting")
    assert {one["of"] for one in wait.inputs["beforeGone"]} == {"instance", "network-interface"}
    assert made.goes_before(made.one(NODE_GROUP), wait)
    for one in (*made.of_type("aws:ec2/vpc:Vpc"), made.one(CONTROL_PLANE)):
        assert made.goes_before(wait, one)


INVARIANTS = by_slug(
    extended_support,
    no_egress,
    duplicate_node_role,
    node_role_policies_missing,
    control_plane_ports_blocked,
    ami_architecture_mismatch,
    ami_version_skew,
    pod_identity_namespace_mismatch,
    missing_resource_limits,
    subnet_tags_missing,
    security_group_selector,
    stale_vpc_id,
    vpc_delete_blocked,
)


@pytest.mark.parametrize("slug", INVARIANTS)
def test_no_legal_config_can_write_it(legal: list[Registered], slug: str) -> None:
    for made in legal:
        INVARIANTS[slug](made)


@pytest.mark.parametrize("slug", INVARIANTS)
def test_it_is_documented_under_that_name(slug: str) -> None:
    assert {Level.SHAPE, Level.VALUE, Level.TEARDOWN} & set(FAILURES[slug].held)


def test_what_users_say_here_covers_every_field_that_they_need_not_say() -> None:
    optional = {name for name, field in ClusterConfig.model_fields.items() if not field.is_required()}
    assert optional <= {"api_access", *itertools.chain(*SAID), "allow_destroy"}


def test_no_field_of_the_network_takes_its_egress_away() -> None:
    assert NetworkConfig.model_fields.keys() == {
        "name",
        "region",
        "cidr",
        "zones",
        "lifecycle",
        "allow_destroy",
        "service_cidr",
        "interface_endpoints",
        "tags",
    }


def test_the_layers_lead_one_way() -> None:
    """`dependency-cycle`: the network knows no cluster, and the cluster nothing that runs in it."""
    source = "import sys, pokayoke_eks.network; print([one for one in sys.modules if 'pokayoke_eks.cluster' in one])"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
