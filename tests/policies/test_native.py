"""Resources of `aws-native` are judged as those of `aws` that they are, and spoken of in their own words."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from analyzing import UNKNOWN as LATER
from analyzing import Pack, Resource
from clusters import IN_CLUSTER, KUBERNETES, LBC, obj, release
from failing import KINDS, TRUST, node_class
from judging import refused

import pokayoke_policies
from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.checking import check
from pokayoke_policies.native import SHAPES, Shape
from pokayoke_policies.raw import UNKNOWN, NotKnownError
from pokayoke_policies.stack import Member, Stack

EKS_NODES = "arn:aws:iam::aws:policy/"


def native(kind: str, label: str, /, *, sources: Any = None, after: tuple[str, ...] = (), **said: Any) -> Resource:
    return Resource(f"aws-native:{kind}", label, said, sources=sources or {}, after=after)


def cluster(**said: Any) -> Resource:
    vpc = {"resourcesVpcConfig": {"subnetIds": [LATER]}}
    found = {"name": "demo", "version": "1.36", "upgradePolicy": {"supportType": "STANDARD"}, **vpc, **said}
    return native("eks:Cluster", "cluster", sources={"resourcesVpcConfig": "private"}, **found)


def nodes(sources: Any = None, **said: Any) -> Resource:
    found = {"clusterName": "demo", "amiType": "CUSTOM", "subnets": [LATER], **said}
    return native(
        "eks:Nodegroup", "nodes", sources={"clusterName": "cluster", "subnets": "private", **(sources or {})}, **found
    )


def role(name: str, **said: Any) -> Resource:
    return native("iam:Role", name, **{"roleName": name, "assumeRolePolicyDocument": TRUST, **said})


def template(sources: Any = None, **data: Any) -> Resource:
    found = {"launchTemplateData": sources} if sources else {}
    return native("ec2:LaunchTemplate", "template", sources=found, launchTemplateData=data)


VPC = native("ec2:Vpc", "vpc", cidrBlock="10.0.0.0/16")
NETWORK = (
    VPC,
    native("ec2:Subnet", "private", sources={"vpcId": "vpc"}, vpcId=LATER, cidrBlock="10.0.1.0/24"),
    native("ec2:RouteTable", "table", sources={"vpcId": "vpc"}, vpcId=LATER),
    native(
        "ec2:SubnetRouteTableAssociation",
        "own",
        sources={"subnetId": "private", "routeTableId": "table"},
        subnetId=LATER,
        routeTableId=LATER,
    ),
)
ROUTE = native(
    "ec2:Route",
    "out",
    sources={"routeTableId": "table"},
    routeTableId=LATER,
    destinationCidrBlock="0.0.0.0/0",
    natGatewayId=LATER,
)
AGENT = native("eks:Addon", "agent", clusterName="demo", addonName="eks-pod-identity-agent")
HERE = (*NETWORK, ROUTE, cluster(), KUBERNETES, AGENT)
BY_TEMPLATE = {"launchTemplate": {"id": LATER}, "sources": {"launchTemplate": "template"}}
GROUP = native("ec2:SecurityGroup", "group", sources={"vpcId": "vpc"}, vpcId=LATER)
STORE = native("elasticache:ReplicationGroup", "cache", sources={"securityGroupIds": "group"}, securityGroupIds=[LATER])
CONTROLLER = native(
    "eks:PodIdentityAssociation",
    "identity",
    sources={"roleArn": "controller"},
    clusterName="demo",
    namespace="kube-system",
    serviceAccount=LBC,
    roleArn=LATER,
)


def tagged(*, subnet: str, group: str) -> tuple[Resource, ...]:
    """A subnet and a group with tags of these keys, and a node class that selects by `demo`."""
    tags = {"private": [{"key": subnet, "value": "1"}], "group": [{"key": group, "value": "1"}]}
    made = [
        Resource(one.type, one.name, {**one.properties, "tags": tags.get(one.name, [])}, sources=one.sources)
        for one in (*NETWORK, GROUP)
    ]
    made.append(native("ec2:SecurityGroupIngress", "all", sources={"groupId": "group"}, groupId=LATER, ipProtocol="-1"))
    terms = [{"tags": {"demo": "1"}}]
    selecting = node_class(subnetSelectorTerms=terms, securityGroupSelectorTerms=terms)
    return (*made, ROUTE, cluster(), KUBERNETES, KINDS, selecting)


MISTAKES: dict[str, tuple[str, tuple[Resource, ...]]] = {
    "extended-support": ("cluster", (*NETWORK, cluster(upgradePolicy={}))),
    "ami-architecture-mismatch": (
        "nodes",
        (nodes(amiType="AL2023_ARM_64_STANDARD", instanceTypes=["m5.large"]), *HERE),
    ),
    "duplicate-node-role": ("other", (role("nodes"), role("other", roleName="Nodes"))),
    "lbc-iam-incomplete": (
        "controller",
        (role("controller", policies=[{"policyName": "a", "policyDocument": TRUST}]), CONTROLLER, *HERE),
    ),
    "dsql-delete-deadlock": (
        "seoul",
        (
            native("dsql:Cluster", "tokyo"),
            native(
                "dsql:Cluster",
                "seoul",
                sources={"multiRegionProperties": "tokyo"},
                multiRegionProperties={"clusters": [LATER]},
            ),
        ),
    ),
    "stale-vpc-id": ("map", (VPC, obj("map", "ConfigMap", data={"vpc": "vpc-0123456789abcdef0"}))),
    "control-plane-ports-blocked": (
        "nodes",
        (*HERE, GROUP, template("group", securityGroupIds=[LATER]), nodes(**BY_TEMPLATE)),
    ),
    "no-egress": ("nodes", (*NETWORK, cluster(), nodes())),
    "subnet-tags-missing": ("class", tagged(subnet="other", group="demo")),
    "security-group-selector": ("class", tagged(subnet="demo", group="other")),
    "node-role-policies-missing": (
        "nodes-role",
        (*HERE, role("nodes-role"), nodes({"nodeRole": "nodes-role"}, nodeRole=LATER)),
    ),
    "ami-version-skew": ("nodes", (*HERE, nodes(version="1.32"))),
    "user-data-invalid": (
        "template",
        (*HERE, template(userData="eA", instanceType="m7g.large"), nodes(**BY_TEMPLATE)),
    ),
    "db-instance-class-prefix": ("database", (native("rds:DbInstance", "database", dbInstanceClass="t3.large"),)),
    "datastore-security-group-mismatch": ("cache", (*HERE, GROUP, STORE)),
    "empty-secret": ("secret", (native("secretsmanager:Secret", "secret", secretString='{"password": ""}'),)),
    "pod-identity-namespace-mismatch": (
        "karpenter",
        (
            *IN_CLUSTER,
            native(
                "eks:PodIdentityAssociation",
                "identity",
                clusterName="demo",
                namespace="karpenter",
                serviceAccount="karpenter",
            ),
            release("karpenter", "oci://public.ecr.aws/karpenter/karpenter", "identity"),
        ),
    ),
}


@pytest.mark.parametrize("slug", MISTAKES)
def test_a_mistake_in_native_resources_is_refused_by_its_policy_alone(slug: str) -> None:
    name, stack = MISTAKES[slug]
    assert refused(*stack) == {slug: {name}}


SOUND = (
    *HERE,
    role(
        "nodes-role",
        managedPolicyArns=[
            f"{EKS_NODES}{one}" for one in ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")
        ],
    ),
    native(
        "iam:ManagedPolicy",
        "addresses",
        sources={"roles": "nodes-role"},
        roles=[LATER],
        policyDocument={"Statement": [{"Effect": "Allow", "Action": ["ec2:*"], "Resource": "*"}]},
    ),
    Resource(
        "aws-native:ec2:SecurityGroup",
        "group",
        {
            "vpcId": LATER,
            "securityGroupIngress": [{"ipProtocol": "tcp", "fromPort": 0, "toPort": 65535, "cidrIp": "10.0.1.0/24"}],
        },
        sources={"vpcId": "vpc"},
    ),
    template("group", securityGroupIds=[LATER]),
    nodes({"launchTemplate": "template", "nodeRole": "nodes-role"}, launchTemplate={"id": LATER}, nodeRole=LATER),
    STORE,
)


def test_a_careful_stack_of_native_resources_is_refused_nothing() -> None:
    assert refused(*SOUND) == {}


def test_a_group_that_says_nothing_of_egress_lets_everything_out_and_one_that_says_something_does_not() -> None:
    group = next(one for one in SOUND if one.name == "group")
    others = [one for one in SOUND if one.name != "group"]
    closed = {**group.properties, "securityGroupEgress": [{"ipProtocol": "udp", "fromPort": 53, "toPort": 53}]}
    said = refused(*others, Resource(group.type, "group", closed, sources=group.sources))
    assert said == {"control-plane-ports-blocked": {"nodes"}}


def advised(*resources: Resource) -> list[str]:
    members = [Member(f"urn::{one.type}::{one.name}", one.type, lambda one=one: one.properties) for one in resources]
    return [one.message for one in check(members, date(2026, 11, 21), whole=True) if one.judged]


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (native("eks:Cluster", "c", resourcesVpcConfig={}), "resourcesVpcConfig.publicAccessCidrs: it is left out"),
        (native("eks:Cluster", "c"), "Set resourcesVpcConfig.endpointPrivateAccess: true."),
        (native("eks:Cluster", "c"), "logging.clusterLogging.enabledTypes: it does not hold audit"),
        (template(), "launchTemplateData.metadataOptions.httpTokens: it is left out"),
        (
            template(blockDeviceMappings=[{"ebs": {"encrypted": False}}]),
            "launchTemplateData.blockDeviceMappings[0].ebs.encrypted: it is off",
        ),
        (nodes(remoteAccess={"ec2SshKey": "k"}), "or set remoteAccess.sourceSecurityGroups."),
        (native("ec2:Volume", "v"), "encrypted: it is left out"),
        (native("rds:DbInstance", "d", dbInstanceClass="t3.large"), "dbInstanceClass: "),
        (role("a", assumeRolePolicyDocument=json.dumps(TRUST)), ""),
    ],
    ids=lambda value: value.type if isinstance(value, Resource) else "",
)
def test_a_message_names_properties_as_the_program_does(made: Resource, told: str) -> None:
    messages = advised(made)
    assert any(told in message for message in messages) or (not told and not messages)


@pytest.mark.parametrize(
    "made",
    [
        native("eks:Cluster", "c", logging={"clusterLogging": {"enabledTypes": [{"type": "audit"}]}}),
        nodes(remoteAccess={"ec2SshKey": "k", "sourceSecurityGroups": [LATER]}),
    ],
    ids=["log types", "ssh"],
)
def test_what_is_said_in_native_words_is_heard(made: Resource) -> None:
    assert not [one for one in advised(made) if "does not hold" in one or "SSH" in one or "remoteAccess" in one]


def test_the_engine_s_policies_speak_the_same_words(pack: Pack) -> None:
    said = pack.refusals("aws-native:rds:DbInstance", {"dbInstanceClass": "t3.large"})
    (message,) = said["db-instance-class-prefix"]
    assert message.startswith("dbInstanceClass: ")
    advice = pack.advice("aws-native:eks:Cluster", {"resourcesVpcConfig": {"publicAccessCidrs": LATER}})
    assert "eks-endpoint-not-open" in advice["unknown"]
    name, stack = MISTAKES["stale-vpc-id"]
    assert [one for one, _ in pack.of_stack(*stack)["stale-vpc-id"]] == [name]
    told = pack.advice_on(*HERE, nodes(capacityType="SPOT", instanceTypes=["m5.large"]))
    assert "spot-types-diverse" in told


def test_what_is_judged_by_its_own_type_is_judged_once(pack: Pack) -> None:
    said = pack.refusals("aws-native:ec2:Subnet", {"tags": [{"key": "a", "value": "${CLUSTER}"}]})
    (message,) = said["unresolved-placeholder"]
    assert message.startswith("tags[0].value: ")


SHAPE = Shape(
    "aws:a/b:B",
    {"data.imageId": "image", "data.list": "vpcThings", "subnets": "subnetIds", "name": "nodeName"},
    nested={"groups": "securityGroups"},
    values={"vpcThings": lambda value: [*value, "x"]},
    left_out={"egress": ["all"]},
)


def test_a_shape_reads_what_is_there_and_leaves_the_rest() -> None:
    said = {
        "data": {"imageId": "i", "list": [1], "other": 1},
        "subnets": [{"groups": [{"groups": 1}]}],
        "same": {"groups": 2},
    }
    assert SHAPE.read(said) == {
        "image": "i",
        "vpcThings": [1, "x"],
        "subnetIds": [{"securityGroups": [{"securityGroups": 1}]}],
        "same": {"securityGroups": 2},
        "egress": ["all"],
    }


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({"data": UNKNOWN}, {"image": UNKNOWN, "vpcThings": UNKNOWN}),
        ({"data": {"imageId": UNKNOWN}}, {"image": UNKNOWN}),
        ({"data": {"imageId": None}}, {}),
        ({"data": "text", "egress": ["one"]}, {"egress": ["one"]}),
        ({"egress": UNKNOWN}, {"egress": UNKNOWN}),
        ({"egress": []}, {}),
        ({"tags": [{"key": "a", "value": "b"}, {"key": "c"}]}, {"tags": {"a": "b", "c": None}}),
        ({"tags": [{"key": "a", "value": UNKNOWN}]}, {"tags": {"a": UNKNOWN}}),
        ({"tags": [UNKNOWN]}, {"tags": [UNKNOWN]}),
        ({"tags": [{"key": UNKNOWN}]}, {"tags": [{"key": UNKNOWN}]}),
        ({"tags": UNKNOWN}, {"tags": UNKNOWN}),
        ({"tags": {"a": "b"}}, {"tags": {"a": "b"}}),
        ({"tags": []}, {"tags": []}),
    ],
)
def test_what_is_not_known_stays_so(said: dict[str, Any], read: dict[str, Any]) -> None:
    assert SHAPE.read(said) == {"egress": ["all"], **read}


def test_where_values_come_from_is_told_by_the_part_that_is_there() -> None:
    sources = {"data": ("a",), "subnets": ("b",), "same": ("c",), "name": ("d",)}
    said = {"data": {"imageId": UNKNOWN}, "subnets": UNKNOWN, "name": None}
    assert SHAPE.sources(sources, said) == {"image": ("a",), "subnetIds": ("b",), "same": ("c",)}


def test_words_of_english_are_left_alone_and_whole_names_alone_are_exchanged() -> None:
    found = SHAPE.in_own_words(
        Finding("subnetIds, image of vpcThings[0].securityGroups, subnetIdsOf", "Set nodeName.", "s")
    )
    assert found == Finding("subnets, image of data.list[0].groups, subnetIdsOf", "Set name.", "s")
    assert Shape("aws:a/b:B").in_own_words(Finding("subnetIds", "", "s")).problem == "subnetIds"


def test_what_a_judge_lacks_is_named_as_the_program_does() -> None:
    def judge(_: Any) -> Any:
        yield Finding("subnetIds", "", "s")
        raise NotKnownError(("vpcThings", "a"))

    asked = SHAPE.judged(judge, {})
    assert next(asked).problem == "subnets"
    with pytest.raises(NotKnownError) as caught:
        next(asked)
    assert caught.value.path == ("data.list", "a")


def test_a_cluster_s_lists_are_read_as_those_of_aws() -> None:
    read = SHAPES["aws-native:eks:Cluster"].read
    types = {"clusterLogging": {"enabledTypes": [{"type": "audit"}, UNKNOWN, {}]}}
    key = {"provider": {"keyArn": "k"}}
    assert read({"logging": types, "encryptionConfig": [key]}) == {
        "enabledClusterLogTypes": ["audit", UNKNOWN, None],
        "encryptionConfig": key,
    }
    assert read({"encryptionConfig": []}) == {"encryptionConfig": None}


def test_flow_logs_of_a_native_network_are_seen(pack: Pack) -> None:
    logs = native("ec2:FlowLog", "log", sources={"resourceId": "vpc"}, resourceId=LATER, resourceType="VPC")
    assert "vpc-flow-logs" in pack.advice_on(VPC)
    assert "vpc-flow-logs" not in pack.advice_on(VPC, logs)


def test_a_stack_knows_what_the_program_wrote() -> None:
    member = Member("urn::a::x", "aws-native:rds:DbInstance", lambda: {"dbInstanceClass": "t3.large"})
    stack = Stack([member, Member("urn::b::y", "aws:rds/instance:Instance", dict)])
    assert [one.properties for one in stack.of_type("aws:rds/instance:Instance")] == [{"instanceClass": "t3.large"}, {}]
    assert stack.written["urn::a::x"] is member
    finding = Finding("instanceClass", "", "s")
    assert [stack.in_own_words(urn, finding).problem for urn in ("urn::a::x", "urn::b::y", "urn::c::z")] == [
        "dbInstanceClass",
        "instanceClass",
        "instanceClass",
    ]


def test_every_shape_is_of_a_type_that_some_policy_judges() -> None:
    """A row at which nothing looks is a row too many."""
    folder = Path(pokayoke_policies.__file__).parent
    source = "".join(file.read_text() for file in folder.rglob("*.py") if file.name != "native.py")
    assert [kind for kind, shape in SHAPES.items() if shape.type not in source] == []
